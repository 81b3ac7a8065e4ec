import type { PromSeries } from './answer.ts';
import { type Fleet, fleetOf } from './fleet.ts';
import { FleetRounds } from './fleet-rounds.ts';
import type { Prometheus } from './prometheus.ts';
import { type FleetQuestion, fleetQueries, questionNames, trendsQuery } from './queries.ts';
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

/** All nodes, from Prometheus. */
export class FleetSource extends FleetRounds {
  readonly #options: FleetSourceOptions;
  readonly #queries: Readonly<Record<FleetQuestion, string>>;
  readonly #answers: Partial<Record<FleetQuestion, readonly PromSeries[]>> = {};
  #trends: Fleet['trends'] = new Map();
  #shown: readonly string[] = [];

  constructor(options: FleetSourceOptions) {
    super({ system: 'Prometheus', questions: questionNames, ...options });
    this.#options = options;
    this.#queries = fleetQueries(options.selector);
  }

  /** Their trends are asked for first, then those of the worst. */
  override show(instances: readonly string[]): void {
    this.#shown = instances;
  }

  protected override async gather(): Promise<Fleet | null> {
    await Promise.all(
      Object.entries(this.#queries).map(async ([name, query]) => {
        const question = name as FleetQuestion;
        await this.answer(question, async () => {
          const { series, warning } = await this.#options.prometheus.query(query);
          this.#answers[question] = series;
          return warning;
        });
      }),
    );
    const fleet = fleetOf(this.#answers, this.#trends);
    await this.#askTrends(fleet.nodes);
    const isKnown = this.#answers.findings !== undefined || this.#answers['not seen'] !== undefined;
    return isKnown ? { ...fleet, trends: this.#trends } : null;
  }

  async #askTrends(nodes: Fleet['nodes']): Promise<void> {
    const sick = new Set(nodes.map(({ instance }) => instance));
    const asked = new Set([...this.#shown.filter((instance) => sick.has(instance)), ...sick].slice(0, mostTrends));
    if (asked.size === 0) return;
    const range = trendRange(this.now());
    await this.answer('trends', async () => {
      const query = trendsQuery(this.#options.selector, [...asked]);
      const { series, warning } = await this.#options.prometheus.queryRange(query, range);
      this.#trends = trendsOf(series, range);
      return warning;
    });
  }
}
