import type { Fleet, FleetSnapshot, QuestionState } from './fleet.ts';
import type { QuestionName } from './queries.ts';

interface RoundsOptions {
  readonly system: FleetSnapshot['system'];
  readonly questions: readonly QuestionName[];
  readonly intervalMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Asks another system about all nodes, round by round. The next round begins when the last one has ended, so each question has at most
 * one request in flight.
 */
export abstract class FleetRounds {
  protected readonly now: () => number;
  readonly #listeners = new Set<() => void>();
  #snapshot: FleetSnapshot;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isAsking = false;

  constructor({ system, questions, intervalMs, now }: RoundsOptions) {
    this.now = now;
    const unasked = questions.map((name) => ({ name, answeredAt: null, trouble: null, warning: null }));
    this.#snapshot = { system, fleet: null, at: 0, questions: unasked, intervalMs, paused: false };
  }

  /** Asks every question once; null while too little is known. */
  protected abstract gather(): Promise<Fleet | null>;

  /** The nodes on the screen, by `instance`. */
  abstract show(instances: readonly string[]): void;

  readonly getSnapshot = (): FleetSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Asks now, and then once in each interval. */
  start(): void {
    void this.#round();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  /** Holds the last answers; nothing is asked until it goes on. */
  setPaused(paused: boolean): void {
    this.#change({ paused });
    clearTimeout(this.#timer);
    if (!paused && !this.#isAsking) void this.#round();
  }

  setInterval(intervalMs: number): void {
    this.#change({ intervalMs });
    if (!this.#isAsking) this.#plan();
  }

  /** One round. */
  async ask(): Promise<FleetSnapshot> {
    const fleet = await this.gather();
    this.#change({ at: this.now(), fleet });
    return this.#snapshot;
  }

  /**
   * A question that fails keeps its last answer: `ask` changes what is known only when all has come. It gives the warning of the
   * answer, or null.
   */
  protected async answer(name: QuestionName, ask: () => Promise<string | null>): Promise<void> {
    try {
      const warning = await ask();
      this.#question(name, { answeredAt: this.now(), trouble: null, warning });
    } catch (error) {
      this.#question(name, { trouble: reasonOf(error) });
    }
  }

  #question(name: QuestionName, change: Partial<QuestionState>): void {
    const questions = this.#snapshot.questions.map((one) => (one.name === name ? { ...one, ...change } : one));
    this.#snapshot = { ...this.#snapshot, questions };
  }

  async #round(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isAsking = true;
    await this.ask();
    this.#isAsking = false;
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    const { paused, intervalMs } = this.#snapshot;
    if (!this.#isClosed && !paused) this.#timer = setTimeout(() => void this.#round(), intervalMs);
  }

  #change(change: Partial<FleetSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    if (!this.#isClosed) for (const listener of this.#listeners) listener();
  }
}

/** A connection that fails on every address has its reasons inside. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
