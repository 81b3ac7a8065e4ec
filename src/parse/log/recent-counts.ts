const slots = 60;

/** How many there were in each of the last sixty slots of time, a second or a minute each. */
export class RecentCounts {
  readonly #slotSeconds: number;
  readonly #counts = new Uint32Array(slots);
  /** Which slot since 1970 each count is of. */
  readonly #times = new Float64Array(slots);

  constructor(slotSeconds: number) {
    this.#slotSeconds = slotSeconds;
  }

  /** @param seconds since 1970; times may come out of order */
  add(seconds: number): void {
    const time = Math.floor(seconds / this.#slotSeconds);
    const slot = ((time % slots) + slots) % slots;
    if (this.#times[slot] !== time) {
      // A line that comes late must not wipe out a newer slot.
      if ((this.#times[slot] ?? 0) > time) return;
      this.#times[slot] = time;
      this.#counts[slot] = 0;
    }
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  /** How many in the sixty slots that end with this moment. */
  until(seconds: number): number {
    const end = Math.floor(seconds / this.#slotSeconds);
    return this.#counts.reduce((sum, count, slot) => {
      const time = this.#times[slot] ?? 0;
      return time > end - slots && time <= end ? sum + count : sum;
    }, 0);
  }
}
