const slots = 60;

/** How many there were in each of the last sixty slots of time, a second or a minute each. */
export class RecentCounts {
  readonly #slotSeconds: number;
  /** By the slot since 1970. Most patterns match now and then: arrays of sixty would be sixty times as large. */
  readonly #counts = new Map<number, number>();

  constructor(slotSeconds: number) {
    this.#slotSeconds = slotSeconds;
  }

  /** @param seconds since 1970; times may come out of order */
  add(seconds: number, count = 1): void {
    const time = Math.floor(seconds / this.#slotSeconds);
    this.#counts.set(time, (this.#counts.get(time) ?? 0) + count);
    // A line that comes late must not wipe out a newer slot.
    if (this.#counts.size > slots) this.#counts.delete(Math.min(...this.#counts.keys()));
  }

  /** How many in the sixty slots that end with this moment. */
  until(seconds: number): number {
    const end = Math.floor(seconds / this.#slotSeconds);
    let sum = 0;
    for (const [time, count] of this.#counts) if (time > end - slots && time <= end) sum += count;
    return sum;
  }
}
