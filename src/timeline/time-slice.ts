import { setImmediate, setTimeout } from 'node:timers/promises';

/** A key is not to wait for longer than this behind work of ours. */
const sliceMs = 10;

/** Lets long work yield to keys and drawing, and stop early. */
export class TimeSlice {
  readonly #isWanted: () => boolean;
  readonly #restMs: number;
  #begunAt = performance.now();

  /** @param restMs pause after each slice of ten milliseconds: work in the background leaves the processor to others */
  constructor(isWanted: () => boolean = () => true, restMs = 0) {
    this.#isWanted = isWanted;
    this.#restMs = restMs;
  }

  /** Yields when it is time; false if the work is no longer wanted. */
  async go(): Promise<boolean> {
    if (performance.now() - this.#begunAt >= sliceMs) {
      await (this.#restMs === 0 ? setImmediate() : setTimeout(this.#restMs));
      this.#begunAt = performance.now();
    }
    return this.#isWanted();
  }
}
