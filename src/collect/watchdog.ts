/** What the watchdog goes by. */
interface WatchdogOptions {
  /** What the sampler may use, percent of one core; 100 and more is no bound. */
  readonly budgetPercent?: number | undefined;
  /** A clock that never jumps, in milliseconds. */
  readonly now: () => number;
  /** CPU time that this process used so far, user and system, in milliseconds. */
  readonly cpuMs: () => number;
}

/** A node with two thousand processes takes 2% at a poll a second. */
const defaultBudgetPercent = 3;
/** Loading, compiling and the first poll of everything are paid once. */
const startMs = 10_000;
/** The budget is for so long. */
const windowMs = 60_000;
const maxFactor = 8;

/**
 * Keeps the sampler's own CPU within a budget: decides by how much polls must be less frequent. A monitor that is expensive
 * on a node with ten thousand processes, where it is needed most, would be part of the trouble.
 *
 * The budget of a minute is known in advance, so this acts when it is used up: slightly over the budget within a minute, far
 * over it within seconds. It goes back only after a whole minute below half the budget, so that the savings of one step do
 * not cause the next.
 */
export class Watchdog {
  /** Percent of one core. */
  readonly budgetPercent: number;
  readonly #options: WatchdogOptions;
  readonly #begunAt: number;
  #factor = 1;
  /** Null during the start. */
  #window: { readonly since: number; readonly cpuMs: number } | null = null;

  constructor(options: WatchdogOptions) {
    this.budgetPercent = options.budgetPercent ?? defaultBudgetPercent;
    this.#options = options;
    this.#begunAt = options.now();
  }

  /** The factor for the periods from now on: 1, 2, 4 or 8. Call it at every tick. */
  measure(): number {
    const at = this.#options.now();
    if (this.budgetPercent >= 100 || at - this.#begunAt < startMs) return 1;
    const cpuMs = this.#options.cpuMs();
    this.#window ??= { since: at, cpuMs };
    const usedMs = cpuMs - this.#window.cpuMs;
    const elapsedMs = at - this.#window.since;
    // Ticks can be further apart than the window is long.
    const budgetMs = (Math.max(windowMs, elapsedMs) * this.budgetPercent) / 100;
    const isOver = usedMs > budgetMs;
    if (!isOver && elapsedMs < windowMs) return this.#factor;
    if (isOver) this.#factor = Math.min(maxFactor, this.#factor * 2);
    else if (usedMs * 2 < budgetMs) this.#factor = Math.max(1, this.#factor / 2);
    // What was used before says nothing of the periods after.
    this.#window = { since: at, cpuMs };
    return this.#factor;
  }
}
