import type { Child } from '../child/child.ts';
import type { SourceName } from '../sample/sample.ts';
import type { Quarantine } from './quarantine.ts';
import { startSampler } from './sampler-process.ts';

interface RecoveryProbesOptions {
  readonly command: readonly string[];
  /** Options of `rtwatch sample`, as for the sampler itself. */
  readonly args: readonly string[];
  /** From a hang to the first probe of its source. Doubles with each probe, to at most an hour. */
  readonly firstMs: number;
  /** A probe that runs this long, and has read its source, succeeds. */
  readonly throughMs: number;
  /** A probe that is silent for this long hangs. */
  readonly silenceMs: number;
  /** As `silenceMs`, before the first line. */
  readonly startMs: number;
  /** Called when a source can be read again. */
  readonly onHealed: (source: SourceName) => void;
}

/** When to probe a source next, by performance.now(). */
interface Plan {
  dueAt: number;
  backOffMs: number;
}

interface Probe {
  readonly source: SourceName;
  readonly process: Child;
  startedAt: number;
  heardAt: number;
  hasAnswered: boolean;
}

const longestMs = 3_600_000;

/**
 * Finds out when a quarantined source can be read again, without risk for the running sampler: a second sampler reads only
 * that source. One at a time, and never while a sampler that hung on the source is still in the kernel: that one proves
 * that it still hangs, and another would add a process in D state.
 */
export class RecoveryProbes {
  readonly #options: RecoveryProbesOptions;
  readonly #quarantine: Quarantine;
  readonly #plans = new Map<SourceName, Plan>();
  #lost: { readonly source: SourceName; readonly process: Child }[] = [];
  #probe: Probe | null = null;

  constructor(quarantine: Quarantine, options: RecoveryProbesOptions) {
    this.#quarantine = quarantine;
    this.#options = options;
  }

  /** Records that a sampler was abandoned because it hung on a source. */
  hung(source: SourceName, process: Child): void {
    this.#lost.push({ source, process });
    const plan = this.#plans.get(source);
    if (plan !== undefined) plan.dueAt = Math.max(plan.dueAt, performance.now() + this.#options.firstMs);
  }

  /** Nothing is quarantined, and no sampler that hung is left. */
  get isIdle(): boolean {
    return this.#probe === null && this.#lost.length === 0 && this.#quarantine.sources.length === 0;
  }

  /**
   * Starts and judges probes. Call it periodically while it is not idle.
   *
   * @param stoodStill this process itself was stopped since the last call
   */
  check(now: number, stoodStill: boolean): void {
    this.#lost = this.#lost.filter(({ process }) => process.isLeft);
    if (this.#probe === null) this.#startDue(now);
    else this.#judge(this.#probe, now, stoodStill);
  }

  close(): void {
    this.#probe?.process.abandon();
    this.#probe = null;
  }

  #startDue(now: number): void {
    const { sources } = this.#quarantine;
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
    const probe: Probe = {
      source,
      process: startSampler(command, [...args, ...this.#quarantine.probeArgs(source)], {
        onSample: ({ readings }) => {
          if (probe.heardAt === 0) probe.startedAt = performance.now();
          probe.heardAt = performance.now();
          probe.hasAnswered ||= readings[source] !== undefined && readings[source].status !== 'pending';
        },
        onEnd: () => this.#end(probe),
      }),
      startedAt: now,
      heardAt: 0,
      hasAnswered: false,
    };
    this.#probe = probe;
  }

  #judge(probe: Probe, now: number, stoodStill: boolean): void {
    const { silenceMs, startMs, throughMs, onHealed } = this.#options;
    const spoke = probe.heardAt !== 0;
    if (stoodStill && spoke) probe.heardAt = now;
    if (now - (spoke ? probe.heardAt : probe.startedAt) > (spoke ? silenceMs : startMs)) {
      this.#lost.push(probe);
      this.#end(probe);
    } else if (spoke && probe.hasAnswered && now - probe.startedAt >= throughMs) {
      this.#end(probe);
      onHealed(probe.source);
    }
  }

  #end(probe: Probe): void {
    probe.process.abandon();
    this.#probe = null;
    const { backOffMs } = this.#plans.get(probe.source) ?? { backOffMs: this.#options.firstMs };
    this.#plan(probe.source, performance.now(), Math.min(longestMs, backOffMs * 2));
  }

  #plan(source: SourceName, now: number, backOffMs: number): void {
    this.#plans.set(source, { dueAt: now + backOffMs, backOffMs });
  }
}
