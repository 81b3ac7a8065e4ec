import type { Sample } from '../sample/sample.ts';

/** Of the samples without readings (heartbeats), keep one in this time. */
const heartbeatMs = 5000;
/** A sample that only announces a read is kept if nothing follows for this long: the read hung. */
const silenceMs = 1500;

/** All that a filter remembers; plain data. */
export interface SampleFilterState {
  readonly quiet: Sample | null;
  readonly keptMonoMs: number;
}

/**
 * Drops samples that only announce a read, as most do. Recordings and the live screen both use this filter, so they see
 * the same samples.
 */
export class SampleFilter {
  /** Possibly the last sample before a silence. */
  #quiet: Sample | null = null;
  #keptMonoMs = Number.NEGATIVE_INFINITY;

  /** Takes a sample and returns those to keep, in order. */
  take(sample: Sample): Sample[] {
    const kept = this.#takeQuiet(sample.monoMs);
    if (Object.keys(sample.readings).length === 0 && Math.abs(sample.monoMs - this.#keptMonoMs) < heartbeatMs) {
      this.#quiet = sample;
      return kept;
    }
    this.#keptMonoMs = sample.monoMs;
    return [...kept, sample];
  }

  /** The samples to keep at the end: the last one may have announced a read that hung. */
  end(): Sample[] {
    return this.#takeQuiet(Number.POSITIVE_INFINITY);
  }

  get state(): SampleFilterState {
    return { quiet: this.#quiet, keptMonoMs: this.#keptMonoMs };
  }

  /** One that continues from a state. */
  static from({ quiet, keptMonoMs }: SampleFilterState): SampleFilter {
    const filter = new SampleFilter();
    filter.#quiet = quiet;
    filter.#keptMonoMs = keptMonoMs;
    return filter;
  }

  #takeQuiet(monoMs: number): Sample[] {
    const quiet = this.#quiet;
    this.#quiet = null;
    if (quiet === null || monoMs - quiet.monoMs < silenceMs) return [];
    this.#keptMonoMs = quiet.monoMs;
    return [quiet];
  }
}
