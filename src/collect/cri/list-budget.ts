/** Lists that events may cause one after another: a pod that starts with some containers, and one that stops, each make a few. */
const burst = 12;

/**
 * How often events may cause a list: at once on a calm node, and on one where tasks come and go all the time no more often than
 * without events.
 */
export class ListBudget {
  readonly #periodMs: number;
  #left = burst;
  #filledAt = Number.NEGATIVE_INFINITY;

  /** @param periodMs in which one more list is allowed */
  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  /** Takes one, if there is one. */
  take(nowMs: number): boolean {
    const grown = Math.floor((nowMs - this.#filledAt) / this.#periodMs);
    if (grown >= burst - this.#left) {
      this.#left = burst;
      this.#filledAt = nowMs;
    } else if (grown > 0) {
      this.#left += grown;
      this.#filledAt += grown * this.#periodMs;
    }
    if (this.#left === 0) return false;
    this.#left--;
    return true;
  }
}
