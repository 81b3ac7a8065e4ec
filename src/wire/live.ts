import type { Child } from '../child/child.ts';
import type { BeginRead, Sample } from '../sample/sample.ts';
import { type Link, type LinkHandlers, type LinkState, startingState } from './link.ts';
import { Quarantine } from './quarantine.ts';
import { RecoveryProbes } from './recovery-probes.ts';
import { startSampler } from './sampler-process.ts';

export interface LiveOptions {
  /** How to run this program: node, its flags, the script. */
  readonly command: readonly string[];
  /** The user's options of `rtwatch sample`, without `--interval`. */
  readonly args: readonly string[];
  readonly intervalMs: number;
  /** A sampler that is silent for longer than this, after its heartbeat, hangs. Default: 5s. */
  readonly silenceMs?: number;
  /** Lines of a poll that come within this after one another are read together, in milliseconds. Default: 0. */
  readonly restMs?: number;
  /** How long loading the program from a busy disk can take. Default: 30s. */
  readonly startMs?: number;
  /** From a hang to the first recovery probe. Default: 3m. */
  readonly retryMs?: number;
  /** A careful sampler, or a probe, that runs this long has read everything once. Default: 15s. */
  readonly carefulMs?: number;
}

const defaultSilenceMs = 5000;
const defaultRetryMs = 180_000;
/** Longer than the period of any source whose files can hang. */
const defaultCarefulMs = 15_000;
const heartbeatMs = 1000;
const defaultStartMs = 30_000;
/** A sampler that exits is restarted after this; the delay doubles while it exits at once. */
const shortestBackOffMs = 250;
const longestBackOffMs = 10_000;
const watchMs = 500;
/** Before this a sampler does not count as silent. */
const earliestSilenceMs = heartbeatMs + watchMs;
/** Exit code of bad usage: a restart would not help. */
const badUsage = 64;

/**
 * Runs the sampler as a child and keeps one running.
 *
 * A read that hangs in the kernel cannot be cancelled, and a Node process blocked in one cannot exit. So a silent sampler
 * gets SIGKILL, is abandoned without waiting, and another one starts. That one announces every file, which shows the one
 * that hangs. The file is then quarantined, and probed now and then (`recovery-probes.ts`).
 */
export function openLive(options: LiveOptions, handlers: LinkHandlers): Link {
  return new LiveLink(options, handlers);
}

class LiveLink implements Link {
  readonly #options: LiveOptions;
  readonly #handlers: LinkHandlers;
  #watch: NodeJS.Timeout | undefined;
  /** When it is due, by performance.now(). */
  #checkAt = 0;
  #intervalMs: number;
  readonly #silenceMs: number;
  readonly #carefulMs: number;
  readonly #startMs: number;
  #sampler: Child | null = null;
  #state: LinkState = startingState;
  #heardAt = performance.now();
  #startedAt = performance.now();
  /** The current sampler has written a line. */
  #spoke = false;
  #begin: BeginRead | null = null;
  #failures = 0;
  #restarting: NodeJS.Timeout | undefined;
  /** The sampler announces every file it reads. */
  #careful = false;
  readonly #quarantine = new Quarantine();
  readonly #probes: RecoveryProbes;
  /** Time of a sampler's last line by the node's clock, milliseconds since 1970. */
  #lastAt = 0;
  /** `#lastAt` of the sampler whose hang the careful one must locate. */
  #hungAt: number | null = null;

  constructor(options: LiveOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#intervalMs = options.intervalMs;
    this.#silenceMs = options.silenceMs ?? defaultSilenceMs;
    this.#carefulMs = options.carefulMs ?? defaultCarefulMs;
    this.#startMs = options.startMs ?? defaultStartMs;
    this.#probes = new RecoveryProbes(this.#quarantine, {
      command: options.command,
      args: options.args,
      firstMs: options.retryMs ?? defaultRetryMs,
      throughMs: this.#carefulMs,
      silenceMs: heartbeatMs + this.#silenceMs,
      startMs: this.#startMs,
      onHealed: (source) => {
        this.#quarantine.forgive(source);
        this.#update({ quarantined: this.#quarantine.words });
        this.#restart(0);
      },
    });
    this.#start();
    this.#checkIn(watchMs);
  }

  readonly close = (): void => {
    clearTimeout(this.#watch);
    clearTimeout(this.#restarting);
    this.#probes.close();
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
      restMs: this.#options.restMs ?? 0,
      onSample: (sample) => this.#hear(sample),
      onEnd: (code, complaint) => this.#ended(code, complaint),
    });
  }

  #ownArgs(): string[] {
    return [
      ...['--interval', `${this.#intervalMs}ms`],
      ...(this.#careful ? ['--announce-all'] : []),
      ...this.#quarantine.args(),
    ];
  }

  #hear(sample: Sample): void {
    const now = performance.now();
    // While lines come there is nothing to check, and a calm node wakes this process for its lines alone.
    if (this.#isCalm && now - this.#heardAt > watchMs) this.#checkIn(earliestSilenceMs);
    this.#heardAt = now;
    this.#spoke = true;
    this.#begin = sample.begin ?? null;
    this.#lastAt = sample.at;
    const agedMs = performance.now() - this.#startedAt;
    if (agedMs > this.#silenceMs) this.#failures = 0;
    if (this.#careful && agedMs > this.#carefulMs) {
      // Nothing hangs now, and announcing every file is expensive.
      this.#careful = false;
      this.#hungAt = null;
      this.#restart(0);
      return;
    }
    if (this.#state.status !== 'live') this.#update({ status: 'live', hangsOn: null, detail: null });
    const { hung } = this.#quarantine;
    this.#handlers.onSample(hung.length === 0 ? sample : { ...sample, sampler: { ...sample.sampler, hung } });
  }

  /** The sampler is heard, and no probe is to be made or watched. */
  get #isCalm(): boolean {
    return this.#state.status === 'live' && this.#probes.isIdle;
  }

  #checkIn(ms: number): void {
    clearTimeout(this.#watch);
    this.#checkAt = performance.now() + ms;
    this.#watch = setTimeout(() => this.#check(), ms);
  }

  #check(): void {
    const now = performance.now();
    // This process itself was stopped (suspend, SIGSTOP): the sampler's lines are still unread.
    const stoodStill = now - this.#checkAt > watchMs * 3;
    if (stoodStill) this.#heardAt = now;
    const silentMs = now - this.#heardAt;
    this.#checkIn(this.#isCalm ? Math.max(watchMs, earliestSilenceMs - silentMs) : watchMs);
    this.#probes.check(now, stoodStill);
    if (this.#sampler === null || silentMs < earliestSilenceMs) return;
    if (this.#state.status === 'live') this.#update({ status: 'silent', hangsOn: this.#begin });
    if (silentMs < (this.#spoke ? heartbeatMs + this.#silenceMs : this.#startMs)) return;
    this.#learn(this.#sampler);
    this.#restart(0);
  }

  /**
   * Learns from a sampler that hangs. Only a careful one announces every file, so only its last line names the file that
   * hangs. One that hangs before its first line names none.
   */
  #learn(sampler: Child): void {
    if (this.#begin !== null) this.#probes.hung(this.#begin.source, sampler);
    if (!this.#careful) {
      this.#careful = true;
      this.#hungAt = this.#spoke ? this.#lastAt : null;
      return;
    }
    if (this.#begin === null) return;
    this.#quarantine.learn(this.#begin, this.#hungAt ?? this.#lastAt);
    this.#hungAt = null;
    this.#update({ quarantined: this.#quarantine.words });
  }

  #restart(afterMs: number): void {
    this.#abandon();
    clearTimeout(this.#restarting);
    this.#restarting = setTimeout(() => {
      this.#update({ restarts: this.#state.restarts + 1 });
      this.#start();
    }, afterMs);
  }

  #ended(code: number | null, complaint: string | null): void {
    this.#sampler = null;
    if (code === badUsage) {
      this.close();
      this.#update({ status: 'ended', detail: complaint ?? 'the sampler rejects its options' });
      return;
    }
    this.#failures++;
    this.#update({ status: 'silent', hangsOn: null, detail: complaint });
    this.#restart(Math.min(longestBackOffMs, shortestBackOffMs * 2 ** (this.#failures - 1)));
  }

  #abandon(): void {
    this.#sampler?.abandon();
    this.#sampler = null;
  }

  #update(change: Partial<LinkState>): void {
    this.#state = { ...this.#state, ...change };
    this.#handlers.onState(this.#state);
  }
}
