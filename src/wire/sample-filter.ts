import type { Sample } from '../sample/sample.ts';

/** Of the Samples that say no more than that the sampler lives, one is kept in this time. */
const heartbeatMs = 5000;
/** A Sample that only says what is read next is kept when nothing followed for this long: the read hung. */
const silenceMs = 1500;

/**
 * Drops the Samples that only announce a read, as most do. A recording writes what this filter keeps, and the live screen
 * follows what it keeps: so both see the same Samples.
 */
export class SampleFilter {
  /** May turn out to be the last Sample before a silence. */
  #quiet: Sample | null = null;
  #keptMonoMs = Number.NEGATIVE_INFINITY;

  /** The Samples to keep, in their order, now that this one has come. */
  take(sample: Sample): Sample[] {
    const kept = this.#takeQuiet(sample.monoMs);
    if (Object.keys(sample.readings).length === 0 && Math.abs(sample.monoMs - this.#keptMonoMs) < heartbeatMs) {
      this.#quiet = sample;
      return kept;
    }
    this.#keptMonoMs = sample.monoMs;
    return [...kept, sample];
  }

  /** The Samples to keep at the end: the last one may have announced a read that hung. */
  end(): Sample[] {
    return this.#takeQuiet(Number.POSITIVE_INFINITY);
  }

  fork(): SampleFilter {
    const other = new SampleFilter();
    other.#quiet = this.#quiet;
    other.#keptMonoMs = this.#keptMonoMs;
    return other;
  }

  #takeQuiet(monoMs: number): Sample[] {
    const quiet = this.#quiet;
    this.#quiet = null;
    if (quiet === null || monoMs - quiet.monoMs < silenceMs) return [];
    this.#keptMonoMs = quiet.monoMs;
    return [quiet];
  }
}
