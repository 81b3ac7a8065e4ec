import { setImmediate, setTimeout } from 'node:timers/promises';

/** A key is not to wait for longer than this behind work of ours. */
const sliceMs = 10;

/** Lets long work give way to keys and drawing, and be given up. */
export class TimeSlice {
  readonly #isWanted: () => boolean;
  readonly #restMs: number;
  #begunAt = performance.now();

  /** @param restMs how long to rest after each slice of ten milliseconds: what nobody waits for leaves the processor to others */
  constructor(isWanted: () => boolean = () => true, restMs = 0) {
    this.#isWanted = isWanted;
    this.#restMs = restMs;
  }

  /** Gives way when it is time; false when the work is not wanted any more. */
  async go(): Promise<boolean> {
    if (performance.now() - this.#begunAt >= sliceMs) {
      await (this.#restMs === 0 ? setImmediate() : setTimeout(this.#restMs));
      this.#begunAt = performance.now();
    }
    return this.#isWanted();
  }
}
