import { AsyncLocalStorage } from 'node:async_hooks';
import { failed, pending } from '../sample/reading.ts';
import { type ReadingOf, type Readings, type Sample, type SourceName, wireVersion } from '../sample/sample.ts';
import { ownCpuMs } from './own-cpu.ts';
import { reasonOf } from './reason.ts';
import type { Watchdog } from './watchdog.ts';
import type { World } from './world.ts';

/** One source. */
export interface Source<N extends SourceName = SourceName> {
  readonly name: N;
  /** From one poll to the next, in milliseconds; 0 for every tick. */
  readonly periodMs: number;
  /** Polls once. A source that waits does so alone: the sampler polls it again only when this has settled. */
  readonly collect: () => ReadingOf<N> | Promise<ReadingOf<N>>;
}

interface SamplerOptions {
  readonly intervalMs: number;
  /** Milliseconds since 1970 on the node's clock. */
  readonly now: () => number;
  readonly write: (sample: Sample) => void;
  /** Decides when polling costs too much; without one it never does. */
  readonly watchdog?: Watchdog;
  /** Whether much of what was written is still unread: then nothing is polled, or the lines would fill the memory. */
  readonly isBehind?: () => boolean;
}

type Arrived = { [N in SourceName]?: ReadingOf<N> };

/** Answers that arrive together go out together, while others are still to come. */
const gatherMs = 15;
/** However long the interval, a line a second says that the sampler lives. */
const heartbeatMs = 1000;
const memoryPeriodMs = 5000;

/**
 * Polls every source in its own period and writes what arrived, as Samples. No source waits for another. Before each poll it
 * writes what it has and which source comes next: if that is the last line, the poll hangs in the kernel.
 */
export class Sampler {
  readonly #sources: readonly Source[];
  readonly #options: SamplerOptions;
  readonly #open = new Map<SourceName, number>();
  readonly #polledAt = new Map<SourceName, number>();
  #arrived: Arrived = {};
  #seq = 0;
  /** The source whose poll the running code belongs to, also after an await. */
  readonly #polling = new AsyncLocalStorage<SourceName>();
  readonly #avoided: readonly string[];
  #stopped = false;
  /** All periods are this many times longer. */
  #factor = 1;
  /** Of this process, as of the last poll: the kernel sums up a process's threads for it. */
  #cpuMs = ownCpuMs();
  readonly #memory = new OwnMemory();
  #gathering: NodeJS.Timeout | undefined;
  #finishing: NodeJS.Immediate | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(sources: readonly Source[], world: World, options: SamplerOptions) {
    this.#sources = sources;
    this.#options = options;
    this.#avoided = world.avoided;
    world.onRiskyRead = (path) => this.#write({ source: this.#current, path });
    world.onResume = () => this.#write({ source: this.#current });
  }

  start(): void {
    this.#tick(performance.now());
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#ticking);
    this.#holdBack();
    clearInterval(this.#heartbeat);
  }

  get #current(): SourceName {
    return this.#polling.getStore() ?? 'host';
  }

  get #intervalMs(): number {
    return this.#options.intervalMs * this.#factor;
  }

  #tick(plannedAt: number): void {
    this.#cpuMs = ownCpuMs();
    if (!this.#isBehind) for (const source of this.#sources) this.#poll(source);
    this.#gather();
    // After the polls: those of this tick are due by the period that it was planned with.
    this.#factor = this.#options.watchdog?.measure() ?? 1;
    this.#beat();
    // Planned ahead, so that the ticks do not drift; a tick that comes late (SIGSTOP, a hung read) is not made up for.
    const next = Math.max(plannedAt + this.#intervalMs, performance.now());
    this.#ticking = setTimeout(() => this.#tick(next), Math.max(0, next - performance.now()));
  }

  /** A screen that was suspended, a terminal that is scrolled back, an ssh that stalls. */
  get #isBehind(): boolean {
    return this.#options.isBehind?.() === true;
  }

  /** The parent kills a silent sampler, however rarely it polls. */
  #beat(): void {
    if (this.#intervalMs > heartbeatMs)
      this.#heartbeat ??= setInterval(() => this.#isBehind || this.#write(), heartbeatMs);
    else {
      clearInterval(this.#heartbeat);
      this.#heartbeat = undefined;
    }
  }

  #poll(source: Source): void {
    const now = performance.now();
    const openSince = this.#open.get(source.name);
    if (openSince !== undefined) {
      this.#keep(source.name, pending(now - openSince, 'no answer yet'));
      return;
    }
    // Half an interval of slack: a timer that fires a millisecond early must not cost a period.
    const periodMs = Math.max(source.periodMs * this.#factor, this.#intervalMs);
    const polledAt = this.#polledAt.get(source.name);
    if (polledAt !== undefined && now < polledAt + periodMs - this.#intervalMs / 2) return;
    this.#polledAt.set(source.name, now);
    this.#write({ source: source.name });
    let answer: ReturnType<Source['collect']>;
    try {
      answer = this.#polling.run(source.name, source.collect);
    } catch (error) {
      answer = failed(reasonOf(error));
    }
    if (!(answer instanceof Promise)) {
      this.#keep(source.name, answer);
      return;
    }
    this.#open.set(source.name, now);
    void answer
      .catch((error: unknown) => failed(reasonOf(error)))
      .then((reading) => {
        this.#open.delete(source.name);
        this.#keep(source.name, reading);
        this.#gather();
      });
  }

  #keep<N extends SourceName>(name: N, reading: ReadingOf<N>): void {
    this.#arrived[name] = reading as Arrived[N];
  }

  /** Sees to it that what arrived goes out: when nothing else is waited for, at once, which saves waking up for it. */
  #gather(): void {
    if (Object.keys(this.#arrived).length === 0) return;
    if (this.#open.size === 0) this.#finishing ??= setImmediate(() => this.#write());
    else this.#gathering ??= setTimeout(() => this.#write(), gatherMs);
  }

  #holdBack(): void {
    clearTimeout(this.#gathering);
    clearImmediate(this.#finishing);
    this.#gathering = undefined;
    this.#finishing = undefined;
  }

  #write(begin?: Sample['begin']): void {
    if (this.#stopped) return;
    this.#holdBack();
    const readings: Readings = this.#arrived;
    this.#arrived = {};
    const { watchdog } = this.#options;
    this.#options.write({
      v: wireVersion,
      seq: this.#seq++,
      at: this.#options.now(),
      monoMs: Number(process.hrtime.bigint() / 1000n) / 1000,
      readings,
      ...(begin === undefined ? {} : { begin }),
      sampler: {
        pid: process.pid,
        cpuMs: this.#cpuMs,
        rssBytes: this.#memory.rssBytes(),
        ...(this.#avoided.length === 0 ? {} : { avoided: this.#avoided }),
        ...(this.#factor === 1 || watchdog === undefined
          ? {}
          : { slowed: { factor: this.#factor, intervalMs: this.#intervalMs, budgetPercent: watchdog.budgetPercent } }),
      },
    });
  }
}

/** A file of /proc that the kernel makes from the pages of the process: not for every line. */
class OwnMemory {
  #rssBytes = 0;
  #readAt = Number.NEGATIVE_INFINITY;

  rssBytes(): number {
    const now = performance.now();
    if (now - this.#readAt >= memoryPeriodMs) {
      this.#readAt = now;
      this.#rssBytes = process.memoryUsage.rss();
    }
    return this.#rssBytes;
  }
}
