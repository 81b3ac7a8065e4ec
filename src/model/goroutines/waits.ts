/** The shortest, the median and the longest wait in minutes; lower bounds, as the runtime reports them. */
export interface WaitMinutes {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * How long many goroutines have waited, counted by minute. Exact up to 10,000 minutes (a week); a longer wait is counted
 * under its first four digits, so that years of waiting do not grow without end here.
 */
export class Waits {
  readonly #counts = new Map<number, number>();
  #total = 0;
  #known = 0;
  #max = 0;
  #min = Number.POSITIVE_INFINITY;

  /** Null is less than a minute, or unknown. */
  add(minutes: number | null, count: number): void {
    const value = minutes ?? 0;
    this.#total += count;
    if (minutes !== null) this.#known += count;
    this.#max = Math.max(this.#max, value);
    this.#min = Math.min(this.#min, value);
    const bin = firstFourDigits(value);
    this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + count);
  }

  /** Those that were counted elsewhere, too. */
  addAll(other: Waits): void {
    this.#total += other.#total;
    this.#known += other.#known;
    this.#max = Math.max(this.#max, other.#max);
    this.#min = Math.min(this.#min, other.#min);
    for (const [bin, count] of other.#counts) this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + count);
  }

  /**
   * Null if none has a wait. Otherwise those without one have waited less than a minute and count as 0: ignoring them would
   * make a group of a thousand fresh goroutines and one old one look old.
   */
  finish(): WaitMinutes | null {
    if (this.#known === 0) return null;
    const bins = [...this.#counts].sort(([a], [b]) => a - b);
    const lower = valueAt(bins, Math.floor((this.#total - 1) / 2));
    const upper = valueAt(bins, Math.floor(this.#total / 2));
    return { min: this.#min, median: (lower + upper) / 2, max: this.#max };
  }
}

function firstFourDigits(minutes: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, minutes))) - 3);
  return Math.floor(minutes / unit) * unit;
}

function valueAt(bins: readonly (readonly [number, number])[], index: number): number {
  let before = 0;
  for (const [value, count] of bins) {
    before += count;
    if (index < before) return value;
  }
  return 0;
}
