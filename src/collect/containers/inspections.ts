import { isDeepStrictEqual } from 'node:util';
import type { ContainerInspect, MadeWith } from '../../sample/containers.ts';
import { pending, type Reading } from '../../sample/reading.ts';
import { Probe } from '../probe.ts';

/** Inspects one container; must return soon after the signal aborts. */
type AskInspect = (containerId: string, signal: AbortSignal) => Promise<ContainerInspect>;

const periodMs = 10_000;
/**
 * An inspect waits for the container's lock in dockerd, and keeps waiting after the client is gone: each abandoned request
 * leaves a goroutine and a descriptor behind (moby daemon/inspect.go, `container.Lock()`). So one that hangs stays open for
 * minutes, and shows the moment when the lock is released.
 */
const deadlineMs = 300_000;
/** An answer takes milliseconds: after this a question is one that hangs, and leaves its place to others. */
const hangsAfterMs = 4000;
const maxOpen = 4;
const maxHanging = 16;
/** Each container that behaves has its turn after this, or one a second where there are more. */
const rotationMs = 30_000;
const shortestTurnMs = 1000;
const longestTurnMs = 10_000;

/** The inspects of containers that do not behave, and one after another of the others: an inspect that hangs is itself a sign. */
export class Inspections {
  /** Inspects that were answered. */
  answered = 0;
  readonly #ask: AskInspect;
  readonly #questions = new Map<string, Question>();
  readonly #settings = new Map<string, MadeWith>();
  #turnAt = Number.NEGATIVE_INFINITY;
  #turns = 0;
  /** Whose turn it was last, by group. */
  readonly #lastTurns = new Map<number, string>();

  constructor(ask: AskInspect) {
    this.#ask = ask;
  }

  /**
   * Starts the inspects that are due: one at a time for each container, a few at a time in all.
   *
   * @param needy those whose answer matters now
   * @param groups those that take turns; a turn goes to one group after another
   */
  ask(needy: ReadonlySet<string>, groups: readonly (readonly string[])[]): void {
    const wellKnown = new Set(groups.flat());
    for (const [id, question] of this.#questions) {
      if (needy.has(id) || (wellKnown.has(id) && (question.open || question.troubled))) continue;
      question.stop();
      this.#questions.delete(id);
    }
    for (const id of needy) if (!this.#questions.has(id)) this.#questions.set(id, this.#question(id));
    for (const question of this.#questions.values()) {
      if (!this.#mayAsk()) break;
      question.poll();
    }
    this.#takeTurn(groups);
    for (const id of this.#settings.keys()) if (!wellKnown.has(id) && !needy.has(id)) this.#settings.delete(id);
  }

  /** How a container was made, once its turn has come. */
  settingsOf(containerId: string): MadeWith | undefined {
    return this.#settings.get(containerId);
  }

  /** What is known of a container; null if it was not inspected, or behaves. */
  of(containerId: string, isNeedy: boolean): Reading<ContainerInspect> | null {
    const question = this.#questions.get(containerId);
    return question !== undefined && (isNeedy || question.troubled) ? question.reading : null;
  }

  stop(): void {
    for (const question of this.#questions.values()) question.stop();
  }

  #takeTurn(groups: readonly (readonly string[])[]): void {
    const now = performance.now();
    const waiting = groups.map((group) => group.filter((id) => !this.#questions.has(id)).sort());
    const count = waiting.reduce((sum, group) => sum + group.length, 0);
    const turnMs = Math.min(longestTurnMs, Math.max(shortestTurnMs, rotationMs / Math.max(1, count)));
    if (count === 0 || now - this.#turnAt < turnMs || this.#openCount() >= maxOpen) return;
    let group = this.#turns++ % waiting.length;
    while (waiting[group]?.length === 0) group = (group + 1) % waiting.length;
    const ids = waiting[group] ?? [];
    const id = ids.find((candidate) => candidate > (this.#lastTurns.get(group) ?? '')) ?? ids[0];
    if (id === undefined) return;
    this.#turnAt = now;
    this.#lastTurns.set(group, id);
    const question = this.#question(id);
    this.#questions.set(id, question);
    question.poll();
  }

  #question(id: string): Question {
    return new Question(id, async (signal) => {
      const inspect = await this.#ask(id, signal);
      this.answered++;
      const { init, logDriver, logRotated, restarts } = inspect;
      const settings = { init, logDriver, logRotated, ...(restarts === undefined ? {} : { restarts }) };
      if (!isDeepStrictEqual(this.#settings.get(id), settings)) this.#settings.set(id, settings);
      return inspect;
    });
  }

  #openCount(): number {
    return [...this.#questions.values()].filter(({ open }) => open).length;
  }

  #mayAsk(): boolean {
    const hanging = [...this.#questions.values()].filter((question) => question.hangs).length;
    return this.#openCount() - hanging < maxOpen && hanging < maxHanging;
  }
}

/** The question about one container. */
class Question {
  readonly #what: string;
  readonly #probe: Probe<ContainerInspect>;
  #openSince = 0;
  /** Since when no request was answered, however many followed. */
  #silentSince: number | null = null;

  constructor(id: string, ask: (signal: AbortSignal) => Promise<ContainerInspect>) {
    this.#what = `GET /containers/${id.slice(0, 12)}/json`;
    this.#probe = new Probe({
      what: this.#what,
      periodMs,
      deadlineMs,
      ask: async (signal) => {
        const asked = performance.now();
        this.#openSince = asked;
        signal.addEventListener('abort', () => (this.#silentSince ??= asked), { once: true });
        const inspect = await ask(signal);
        this.#silentSince = null;
        return inspect;
      },
    });
  }

  get open(): boolean {
    return this.#probe.open;
  }

  get hangs(): boolean {
    return this.#probe.open && performance.now() - this.#openSince > hangsAfterMs;
  }

  /** It failed, or has been open for longer than answers take. */
  get troubled(): boolean {
    const { reading } = this;
    return reading.status === 'failed' || (reading.status === 'pending' && reading.forMs >= 1000);
  }

  get reading(): Reading<ContainerInspect> {
    if (this.#silentSince === null) return this.#probe.reading;
    return pending(performance.now() - this.#silentSince, `no answer yet from ${this.#what}`);
  }

  poll(): void {
    if (!this.#probe.open && this.#probe.due) void this.#probe.poll();
  }

  stop(): void {
    this.#probe.stop();
  }
}
