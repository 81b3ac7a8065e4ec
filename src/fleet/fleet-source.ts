import type { PromSeries } from './answer.ts';
import { type Fleet, type FleetSnapshot, fleetOf, type QuestionState } from './fleet.ts';
import type { Prometheus } from './prometheus.ts';
import { type FleetQuestion, fleetQueries, type QuestionName, questionNames, trendsQuery } from './queries.ts';
import type { Matcher } from './selector.ts';
import { trendRange, trendsOf } from './trends.ts';

interface FleetSourceOptions {
  readonly prometheus: Pick<Prometheus, 'query' | 'queryRange'>;
  readonly selector: readonly Matcher[];
  readonly intervalMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The most nodes whose trends are asked for. */
const mostTrends = 60;

/**
 * Asks Prometheus round by round. The next round begins when the last one has ended, so each question has at most one request in
 * flight. A question that fails keeps its last answer.
 */
export class FleetSource {
  readonly #options: FleetSourceOptions;
  readonly #queries: Readonly<Record<FleetQuestion, string>>;
  readonly #listeners = new Set<() => void>();
  readonly #answers: Partial<Record<FleetQuestion, readonly PromSeries[]>> = {};
  #trends: Fleet['trends'] = new Map();
  #shown: readonly string[] = [];
  #snapshot: FleetSnapshot;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  #isAsking = false;

  constructor(options: FleetSourceOptions) {
    this.#options = options;
    this.#queries = fleetQueries(options.selector);
    const questions = questionNames.map((name) => ({ name, answeredAt: null, trouble: null }));
    this.#snapshot = { fleet: null, at: 0, questions, intervalMs: options.intervalMs, paused: false };
  }

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

  /** The nodes on the screen, by `instance`: their trends are asked for first, then those of the worst. */
  show(instances: readonly string[]): void {
    this.#shown = instances;
  }

  /** One round: every question once. */
  async ask(): Promise<FleetSnapshot> {
    await Promise.all(
      Object.entries(this.#queries).map(async ([name, query]) => {
        const question = name as FleetQuestion;
        await this.#answer(question, async () => {
          this.#answers[question] = await this.#options.prometheus.query(query);
        });
      }),
    );
    await this.#askTrends();
    const isKnown = this.#answers.findings !== undefined || this.#answers['not seen'] !== undefined;
    this.#change({ at: this.#options.now(), fleet: isKnown ? fleetOf(this.#answers, this.#trends) : null });
    return this.#snapshot;
  }

  async #askTrends(): Promise<void> {
    const { nodes } = fleetOf(this.#answers, this.#trends);
    const sick = new Set(nodes.map(({ instance }) => instance));
    const asked = new Set([...this.#shown.filter((instance) => sick.has(instance)), ...sick].slice(0, mostTrends));
    if (asked.size === 0) return;
    const range = trendRange(this.#options.now());
    await this.#answer('trends', async () => {
      const query = trendsQuery(this.#options.selector, [...asked]);
      this.#trends = trendsOf(await this.#options.prometheus.queryRange(query, range), range);
    });
  }

  async #answer(name: QuestionName, ask: () => Promise<void>): Promise<void> {
    try {
      await ask();
      this.#question(name, { answeredAt: this.#options.now(), trouble: null });
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
