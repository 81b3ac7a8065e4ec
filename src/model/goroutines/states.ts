export interface StateCount {
  readonly state: string;
  readonly count: number;
}

/** Go has some sixty states; what comes after so many is damage. */
const maxStates = 200;

/** How many goroutines are in which state. */
export class StateCounts {
  readonly #counts = new Map<string, number>();

  /** Null is unknown, and not counted. */
  add(state: string | null, count: number): void {
    if (state === null) return;
    const before = this.#counts.get(state);
    if (before === undefined && this.#counts.size >= maxStates) return;
    this.#counts.set(state, (before ?? 0) + count);
  }

  /** The most frequent first, equal ones by name. */
  finish(): StateCount[] {
    return [...this.#counts]
      .map(([state, count]) => ({ state, count }))
      .sort((a, b) => b.count - a.count || (a.state < b.state ? -1 : 1));
  }
}
