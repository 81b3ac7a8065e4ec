import type { Child } from '../child/child.ts';
import type { SourceName } from '../sample/sample.ts';
import type { LeftOut } from './left-out.ts';
import { startSampler } from './sampler-process.ts';

interface TrialsOptions {
  readonly command: readonly string[];
  /** Options of `rtwatch sample`, as for the sampler itself. */
  readonly args: readonly string[];
  /** From a hang to the first try of its source; each further try comes after twice the time, an hour at most. */
  readonly firstMs: number;
  /** A try that goes on for so long, and told of its source, got through. */
  readonly throughMs: number;
  /** A try that is silent for so long hangs. */
  readonly silenceMs: number;
  /** As `silenceMs`, before its first line. */
  readonly startMs: number;
  /** Called when a source can be read whole again. */
  readonly onHealed: (source: SourceName) => void;
}

/** Plan of the tries of one source, by performance.now(). */
interface Plan {
  dueAt: number;
  backOffMs: number;
}

interface Trial {
  readonly source: SourceName;
  readonly process: Child;
  startedAt: number;
  heardAt: number;
  told: boolean;
}

const longestMs = 3_600_000;

/**
 * Finds out when what hung can be read again, at no risk for the sampler that runs: another one, beside it, reads only
 * the source in question. At most one at a time, and never while a sampler that hung on that source is still in the
 * kernel: then the wait goes on, and another process in D would only add to it.
 */
export class Trials {
  readonly #options: TrialsOptions;
  readonly #left: LeftOut;
  readonly #plans = new Map<SourceName, Plan>();
  #lost: { readonly source: SourceName; readonly process: Child }[] = [];
  #trial: Trial | null = null;

  constructor(left: LeftOut, options: TrialsOptions) {
    this.#left = left;
    this.#options = options;
  }

  /** A sampler was abandoned because it hung on a source. */
  hung(source: SourceName, process: Child): void {
    this.#lost.push({ source, process });
    const plan = this.#plans.get(source);
    if (plan !== undefined) plan.dueAt = Math.max(plan.dueAt, performance.now() + this.#options.firstMs);
  }

  /**
   * Goes on; to be called once in a while.
   *
   * @param stoodStill this process itself could not hear anyone since the last time
   */
  check(now: number, stoodStill: boolean): void {
    this.#lost = this.#lost.filter(({ process }) => process.isLeft);
    if (this.#trial === null) this.#startDue(now);
    else this.#judge(this.#trial, now, stoodStill);
  }

  close(): void {
    this.#trial?.process.abandon();
    this.#trial = null;
  }

  #startDue(now: number): void {
    const { sources } = this.#left;
    for (const source of sources) {
      if (!this.#plans.has(source)) this.#plan(source, now, this.#options.firstMs);
    }
    const next = sources.find((source) => {
      const stillHangs = this.#lost.some((lost) => lost.source === source);
      return !stillHangs && (this.#plans.get(source)?.dueAt ?? now) <= now;
    });
    if (next !== undefined) this.#start(next, now);
  }

  #start(source: SourceName, now: number): void {
    const { command, args } = this.#options;
    const trial: Trial = {
      source,
      process: startSampler(command, [...args, ...this.#left.trialArgs(source)], {
        onSample: ({ readings }) => {
          if (trial.heardAt === 0) trial.startedAt = performance.now();
          trial.heardAt = performance.now();
          trial.told ||= readings[source] !== undefined && readings[source].status !== 'pending';
        },
        onEnd: () => this.#end(trial),
      }),
      startedAt: now,
      heardAt: 0,
      told: false,
    };
    this.#trial = trial;
  }

  #judge(trial: Trial, now: number, stoodStill: boolean): void {
    const { silenceMs, startMs, throughMs, onHealed } = this.#options;
    const spoke = trial.heardAt !== 0;
    if (stoodStill && spoke) trial.heardAt = now;
    if (now - (spoke ? trial.heardAt : trial.startedAt) > (spoke ? silenceMs : startMs)) {
      this.#lost.push(trial);
      this.#end(trial);
    } else if (spoke && trial.told && now - trial.startedAt >= throughMs) {
      this.#end(trial);
      onHealed(trial.source);
    }
  }

  #end(trial: Trial): void {
    trial.process.abandon();
    this.#trial = null;
    const { backOffMs } = this.#plans.get(trial.source) ?? { backOffMs: this.#options.firstMs };
    this.#plan(trial.source, performance.now(), Math.min(longestMs, backOffMs * 2));
  }

  #plan(source: SourceName, now: number, backOffMs: number): void {
    this.#plans.set(source, { dueAt: now + backOffMs, backOffMs });
  }
}
