/** What is known of a process that decides how often it is read. */
interface Known {
  readonly stat: { readonly pid: number };
  readonly isDaemon: boolean;
  /** It slept and used no CPU time since the reading before. */
  readonly quiet: boolean;
  /** In how many readings in a row it was quiet. */
  readonly quietReads: number;
}

/** What the quiet processes may cost a tick, in milliseconds; beyond it they take turns. */
const quietBudgetMs = 10;
/** A quiet process is read at every third tick at least; one that was quiet for long, at most, however cheap it is. */
const maxStride = 3;
const longQuietReads = 10;
/** After so many readings without CPU time, more than a minute at the usual interval, a process is read once in so long, while nothing is blocked. */
const restingReads = 30;
const restMs = 6000;
/** However short the interval is. */
const maxRestStride = 24;

/** It slept at each of its last ten readings and used no CPU time in between: for more than ten seconds at the usual interval. */
export const sleptForLong = ({ quietReads }: Pick<Known, 'quietReads'>): boolean => quietReads >= longQuietReads;

/**
 * Which processes are read at a tick. Those that ran are, always. Of those that sleep a part is, in turns.
 *
 * Troubles come in crowds: the first process that blocks is mostly one that works. So those that slept for long are read less often only
 * while no known task but the kernel’s own is in D, and none waits for I/O (procs_blocked of /proc/stat, which does not count a wait for a lock or for a server).
 */
export class Turns {
  readonly #ioWaiters: () => number | null;
  #tick = 0;
  #begunAt: number | null = null;
  /** Of quiet processes, on a crowded node. */
  #stride = 1;
  /** Of those that have rested for long. */
  #restStride = maxStride;
  #reads = 0;
  #quiet = 0;

  /** @param ioWaiters how many tasks of the node waited for I/O at the poll before; null if unknown */
  constructor(ioWaiters: () => number | null) {
    this.#ioWaiters = ioWaiters;
  }

  /** @param isBlocked a task that is not the kernel’s own was in D at the tick before */
  begin(now: number, isBlocked: boolean): void {
    this.#tick++;
    const apartMs = this.#begunAt === null ? restMs : now - this.#begunAt;
    this.#begunAt = now;
    const isCalm = !isBlocked && this.#ioWaiters() === 0;
    const stride = isCalm ? Math.min(maxRestStride, Math.round(restMs / Math.max(apartMs, 1))) : maxStride;
    this.#restStride = Math.max(maxStride, stride);
    this.#reads = 0;
    this.#quiet = 0;
  }

  /** Whether it is read at this tick; undefined is a new one. */
  includes(entry: Known | undefined): boolean {
    if (entry?.quiet === true) {
      this.#quiet++;
      if ((entry.stat.pid + this.#tick) % this.#strideOf(entry) !== 0) return false;
    }
    this.#reads++;
    return true;
  }

  /** It has rested so long that its threads are read half as often too. */
  rests(entry: Known): boolean {
    return this.#restStride > maxStride && entry.quietReads >= restingReads;
  }

  /** @param tookMs what the readings of this tick took */
  end(tookMs: number): void {
    const quietMs = (tookMs / Math.max(this.#reads, 1)) * this.#quiet;
    this.#stride = Math.min(maxStride, Math.max(1, Math.ceil(quietMs / quietBudgetMs)));
  }

  #strideOf(entry: Known): number {
    if (entry.isDaemon || !sleptForLong(entry)) return this.#stride;
    return entry.quietReads >= restingReads ? this.#restStride : maxStride;
  }
}
