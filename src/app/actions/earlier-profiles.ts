import type { DumpReport } from '../../model/goroutines/analysis.ts';
import { compareDumps, withDeltas } from '../../model/goroutines/growth.ts';
import type { HeapReport } from '../../model/goroutines/heap.ts';
import { compareHeaps } from '../../model/goroutines/heap-growth.ts';
import type { GoroutinesReport } from '../../view/report/goroutines.ts';
import type { NamedHeapReport } from '../../view/report/heap.ts';

interface Earlier<T> {
  readonly report: T;
  /** By performance.now. */
  readonly at: number;
}

/** The last profile of each daemon, for comparison with the next. */
export class EarlierProfiles {
  readonly #dumps = new Map<string, Earlier<DumpReport>>();
  readonly #heaps = new Map<string, Earlier<HeapReport>>();

  /** Adds the growth since the last profile to the report. */
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

  heap(daemon: string, given: NamedHeapReport): NamedHeapReport {
    const earlier = this.#heaps.get(daemon);
    this.#heaps.set(daemon, { report: given.report, at: performance.now() });
    if (earlier === undefined) return given;
    return { ...given, growth: compareHeaps(earlier.report, given.report, minutesSince(earlier.at)) };
  }
}

function minutesSince(at: number): number {
  return (performance.now() - at) / 60_000;
}
