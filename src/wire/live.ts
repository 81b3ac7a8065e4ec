import type { Child } from '../child/child.ts';
import type { BeginRead, Sample } from '../sample/sample.ts';
import { LeftOut } from './left-out.ts';
import { type Link, type LinkHandlers, type LinkState, startingState } from './link.ts';
import { startSampler } from './sampler-process.ts';
import { Trials } from './trials.ts';

export interface LiveOptions {
  /** How to run this program: node, its flags, the script. */
  readonly command: readonly string[];
  /** Options of `rtwatch sample` that the user gave, without `--interval`. */
  readonly args: readonly string[];
  readonly intervalMs: number;
  /** A sampler that is silent for longer than this, beyond its heartbeat of a second, hangs. Default: five seconds. */
  readonly silenceMs?: number;
  /** Loading the program from a disk that is busy can take this long. Default: thirty seconds. */
  readonly startMs?: number;
  /** From a hang to the first try of what is left out since. Default: three minutes. */
  readonly retryMs?: number;
  /** A careful sampler, or a try, that got this far has read everything once. Default: fifteen seconds. */
  readonly carefulMs?: number;
}

const defaultSilenceMs = 5000;
const defaultRetryMs = 180_000;
/** Longer than the period of any source whose files can hang. */
const defaultCarefulMs = 15_000;
const heartbeatMs = 1000;
const defaultStartMs = 30_000;
/** A sampler that ends is started again after this, and later each time it ends at once. */
const shortestBackOffMs = 250;
const longestBackOffMs = 10_000;
const watchMs = 500;
/** Exit code of bad usage: starting again would not help. */
const badUsage = 64;

/**
 * Runs the sampler as a child and keeps one running.
 *
 * A read that hangs in the kernel cannot be cancelled, and a Node process with one cannot even exit. So nobody waits: a
 * silent sampler gets SIGKILL (which a hung read may ignore for ever), is forgotten, and another one is started. The
 * first time, the next sampler announces every file, to learn which one hangs; from then on that file is left out, and
 * tried again now and then by a sampler beside (`trials.ts`).
 */
export function openLive(options: LiveOptions, handlers: LinkHandlers): Link {
  return new LiveLink(options, handlers);
}

class LiveLink implements Link {
  readonly #options: LiveOptions;
  readonly #handlers: LinkHandlers;
  readonly #watch: NodeJS.Timeout;
  #intervalMs: number;
  readonly #silenceMs: number;
  readonly #carefulMs: number;
  readonly #startMs: number;
  #sampler: Child | null = null;
  #state: LinkState = startingState;
  #heardAt = performance.now();
  #startedAt = performance.now();
  #checkedAt = performance.now();
  /** The present sampler has written a line. */
  #spoke = false;
  #begin: BeginRead | null = null;
  #failures = 0;
  #restarting: NodeJS.Timeout | undefined;
  /** The sampler announces every file it reads. */
  #careful = false;
  readonly #left = new LeftOut();
  readonly #trials: Trials;
  /** The node's clock at the last line of a sampler, milliseconds since 1970. */
  #lastAt = 0;
  /** That of the sampler whose hang the careful one is to name. */
  #hungAt: number | null = null;

  constructor(options: LiveOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#intervalMs = options.intervalMs;
    this.#silenceMs = options.silenceMs ?? defaultSilenceMs;
    this.#carefulMs = options.carefulMs ?? defaultCarefulMs;
    this.#startMs = options.startMs ?? defaultStartMs;
    this.#trials = new Trials(this.#left, {
      command: options.command,
      args: options.args,
      firstMs: options.retryMs ?? defaultRetryMs,
      throughMs: this.#carefulMs,
      silenceMs: heartbeatMs + this.#silenceMs,
      startMs: this.#startMs,
      onHealed: (source) => {
        this.#left.forgive(source);
        this.#tell({ leftOut: this.#left.words });
        this.#restart(0);
      },
    });
    this.#start();
    this.#watch = setInterval(() => this.#check(), watchMs);
  }

  readonly close = (): void => {
    clearInterval(this.#watch);
    clearTimeout(this.#restarting);
    this.#trials.close();
    this.#abandon();
  };

  readonly setInterval = (intervalMs: number): void => {
    this.#intervalMs = intervalMs;
    this.#restart(0);
  };

  #start(): void {
    this.#begin = null;
    this.#spoke = false;
    this.#heardAt = this.#startedAt = performance.now();
    this.#sampler = startSampler(this.#options.command, [...this.#options.args, ...this.#ownArgs()], {
      onSample: (sample) => this.#hear(sample),
      onEnd: (code, complaint) => this.#ended(code, complaint),
    });
  }

  #ownArgs(): string[] {
    return [
      ...['--interval', `${this.#intervalMs}ms`],
      ...(this.#careful ? ['--announce-all'] : []),
      ...this.#left.args(),
    ];
  }

  #hear(sample: Sample): void {
    this.#heardAt = performance.now();
    this.#spoke = true;
    this.#begin = sample.begin ?? null;
    this.#lastAt = sample.at;
    const agedMs = performance.now() - this.#startedAt;
    if (agedMs > this.#silenceMs) this.#failures = 0;
    if (this.#careful && agedMs > this.#carefulMs) {
      // Nothing hangs any more, and being careful is dear.
      this.#careful = false;
      this.#hungAt = null;
      this.#restart(0);
      return;
    }
    if (this.#state.status !== 'live') this.#tell({ status: 'live', hangsOn: null, detail: null });
    const { hung } = this.#left;
    this.#handlers.onSample(hung.length === 0 ? sample : { ...sample, sampler: { ...sample.sampler, hung } });
  }

  #check(): void {
    const now = performance.now();
    // This process itself stood still (suspend, SIGSTOP): what the sampler wrote meanwhile has not been read yet.
    const stoodStill = now - this.#checkedAt > watchMs * 4;
    if (stoodStill) this.#heardAt = now;
    this.#checkedAt = now;
    this.#trials.check(now, stoodStill);
    const silentMs = now - this.#heardAt;
    if (this.#sampler === null || silentMs < heartbeatMs + watchMs) return;
    if (this.#state.status === 'live') this.#tell({ status: 'silent', hangsOn: this.#begin });
    if (silentMs < (this.#spoke ? heartbeatMs + this.#silenceMs : this.#startMs)) return;
    this.#learn(this.#sampler);
    this.#restart(0);
  }

  /**
   * What the sampler that hangs was doing decides how the next one goes about it. Only a careful one announces every
   * file, so only its last word names the file that hangs. One that hangs before its first line, or after it waited for
   * an answer, has not said anything.
   */
  #learn(sampler: Child): void {
    if (this.#begin !== null) this.#trials.hung(this.#begin.source, sampler);
    if (!this.#careful) {
      this.#careful = true;
      this.#hungAt = this.#spoke ? this.#lastAt : null;
      return;
    }
    if (this.#begin === null) return;
    this.#left.learn(this.#begin, this.#hungAt ?? this.#lastAt);
    this.#hungAt = null;
    this.#tell({ leftOut: this.#left.words });
  }

  #restart(afterMs: number): void {
    this.#abandon();
    clearTimeout(this.#restarting);
    this.#restarting = setTimeout(() => {
      this.#tell({ restarts: this.#state.restarts + 1 });
      this.#start();
    }, afterMs);
  }

  #ended(code: number | null, complaint: string | null): void {
    this.#sampler = null;
    if (code === badUsage) {
      this.close();
      this.#tell({ status: 'ended', detail: complaint ?? 'the sampler does not know its options' });
      return;
    }
    this.#failures++;
    this.#tell({ status: 'silent', hangsOn: null, detail: complaint });
    this.#restart(Math.min(longestBackOffMs, shortestBackOffMs * 2 ** (this.#failures - 1)));
  }

  #abandon(): void {
    this.#sampler?.abandon();
    this.#sampler = null;
  }

  #tell(change: Partial<LinkState>): void {
    this.#state = { ...this.#state, ...change };
    this.#handlers.onState(this.#state);
  }
}
