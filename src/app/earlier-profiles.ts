import type { DumpReport } from '../model/goroutines/analysis.ts';
import { compareDumps, withDeltas } from '../model/goroutines/growth.ts';
import type { HeapReport } from '../model/goroutines/heap.ts';
import { compareHeaps } from '../model/goroutines/heap-growth.ts';
import type { GoroutinesReport } from '../view/report/goroutines.ts';
import type { HeapTold } from '../view/report/heap.ts';

interface Earlier<T> {
  readonly report: T;
  /** By performance.now. */
  readonly at: number;
}

/** The newest profile of each daemon, to compare the next one with. */
export class EarlierProfiles {
  readonly #dumps = new Map<string, Earlier<DumpReport>>();
  readonly #heaps = new Map<string, Earlier<HeapReport>>();

  /** The same report with what grew since the one before; that becomes the one before. */
  goroutines(daemon: string, given: GoroutinesReport): GoroutinesReport {
    const earlier = this.#dumps.get(daemon);
    this.#dumps.set(daemon, { report: given.report, at: performance.now() });
    if (earlier === undefined) return given;
    return {
      ...given,
      report: withDeltas(earlier.report, given.report),
      growth: compareDumps(earlier.report, given.report, minutesSince(earlier.at)),
    };
  }

  heap(daemon: string, told: HeapTold): HeapTold {
    const earlier = this.#heaps.get(daemon);
    this.#heaps.set(daemon, { report: told.report, at: performance.now() });
    if (earlier === undefined) return told;
    return { ...told, growth: compareHeaps(earlier.report, told.report, minutesSince(earlier.at)) };
  }
}

function minutesSince(at: number): number {
  return (performance.now() - at) / 60_000;
}
