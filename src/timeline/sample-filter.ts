import type { Sample } from './sample-store.ts';

/** Of the lines that say no more than that the sampler lives, one counts in this time. */
const heartbeatMs = 5000;
/** A line that says what is read next counts when nothing followed for this long: the look hung. */
const silenceMs = 1500;

/**
 * Leaves out Samples that only announce a look, as most do: those that a recording leaves out (`wire/recording-lines.ts`), no
 * others. What is followed live and what is followed from a recording are then the same Samples, and the live screen saves the
 * work.
 */
export class Sieve {
  /** May turn out to be the last word before a silence. */
  #quiet: Sample | null = null;
  #keptMonoMs = Number.NEGATIVE_INFINITY;

  /** Those that count, in their order, now that this one has come. */
  take(sample: Sample): Sample[] {
    const kept = this.#takeQuiet(sample.monoMs);
    if (Object.keys(sample.readings).length === 0 && Math.abs(sample.monoMs - this.#keptMonoMs) < heartbeatMs) {
      this.#quiet = sample;
      return kept;
    }
    this.#keptMonoMs = sample.monoMs;
    return [...kept, sample];
  }

  fork(): Sieve {
    const other = new Sieve();
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
