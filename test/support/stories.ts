import { ok } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import type { SampleStore } from '../../src/timeline/sample-store.ts';
import * as make from './samples.ts';
import { healthy } from './scenes.ts';

/** Longer than the scenes: something comes, goes, and comes again, with the lines that only announce a poll between. */
export interface Story {
  readonly seconds: number;
  /** Seconds in which a task is blocked: from the first to before the second. */
  readonly blocked: readonly (readonly [number, number])[];
  /** Seconds for which nothing is recorded. */
  readonly silent?: readonly [number, number];
}

export function* samplesOf({ seconds, blocked, silent = [0, 0] }: Story): Generator<Sample> {
  let seq = 0;
  for (let second = 0; second <= seconds; second++) {
    if (second >= silent[0] && second < silent[1]) continue;
    const quiet = { seq: seq++, begin: { source: 'processes' as const } };
    yield make.sampleAt(second + 0.001, {}, quiet);
    const since = blocked.find(([from, to]) => second >= from && second < to)?.[0];
    const processes = make.processes(
      since === undefined ? [] : [make.blocked(7, {}, { offCpuSeconds: 12 + second - since })],
    );
    yield make.sampleAt(second + 0.01, { processes: ok(processes, 1) }, { seq: seq++ });
    yield make.sampleAt(second + 0.011, {}, { ...quiet, seq: seq++ });
    const { processes: _, ...rest } = healthy[second % healthy.length]?.readings ?? {};
    yield make.sampleAt(second + 0.05, second % 5 === 0 ? rest : {}, { seq: seq++ });
  }
}

/** Samples that are simply there. */
export function storeOf(samples: readonly Sample[]): SampleStore & { readonly opened: number[] } {
  const opened: number[] = [];
  return {
    from: samples[0]?.at ?? 0,
    to: samples.at(-1)?.at ?? 0,
    opened,
    async *samplesFrom(at) {
      opened.push(at);
      yield* samples.slice(
        Math.max(
          0,
          samples.findLastIndex((sample) => sample.at <= at),
        ),
      );
    },
  };
}
