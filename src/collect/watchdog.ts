/** What the watchdog goes by. */
interface WatchdogOptions {
  /** What the sampler may use, percent of one core; 100 and more is no bound. */
  readonly budgetPercent?: number | undefined;
  /** A clock that never jumps, in milliseconds. */
  readonly now: () => number;
  /** CPU time that this process used so far, user and system, in milliseconds. */
  readonly cpuMs: () => number;
}

/** A node with two thousand processes takes 2 % at a look a second. */
const defaultBudgetPercent = 3;
/** Loading, compiling and the first look at everything are paid once. */
const startMs = 10_000;
/** The budget is for so long. */
const windowMs = 60_000;
const maxFactor = 8;

/**
 * Keeps the sampler's own CPU within a budget: says by how much its looks must come less often. A monitor that is dear
 * where it is needed most, on a node with ten thousand processes, would be part of the trouble.
 *
 * What may be used in a minute is known beforehand, so it acts the moment it is used up: a little over the budget within
 * a minute, far over it within seconds. It goes back only after a whole minute below half the budget, so that what one step
 * saves does not cause the next.
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

  /** How many times longer the periods are to be, from now on: 1, 2, 4 or 8. To be asked at every tick. */
  look(): number {
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

/** CPU time of this process since it started, in milliseconds: getrusage(2), all threads. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
