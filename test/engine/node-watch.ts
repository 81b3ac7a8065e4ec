import type { Model } from '../../src/model/model.ts';
import { run, type Verdicts } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import { waitFor } from '../support/wait-for.ts';
import type { SampleProcess } from './sample-process.ts';

/** Only a fault lasts longer: four times what the slowest state takes on a quiet machine. */
const patienceMs = 90_000;

/** The node at one moment, as the screen has it. */
export interface Moment {
  readonly model: Model;
  readonly verdicts: Verdicts;
}

/** What writes Samples until it is closed. */
export interface SampleSource {
  samples(...args: string[]): AsyncIterable<Sample> & Pick<SampleProcess, 'close'>;
}

/** No Sample comes any more. */
class Ended {
  readonly why: unknown;

  /** @param why the error; null when its output ended */
  constructor(why: unknown) {
    this.why = why;
  }
}

/** Watches a node for a while, by `rtwatch sample`, as the screen does: every Sample is taken in and judged. */
export class NodeWatch {
  readonly #samples: ReturnType<SampleSource['samples']>;
  readonly #follower = new NodeFollower();
  #moment: Moment | null = null;
  #taken = 0;
  #polls = 0;
  #ended: Ended | null = null;

  /** @param onMoment called for every Sample */
  constructor(rtwatch: SampleSource, args: readonly string[] = [], onMoment: (moment: Moment) => void = () => {}) {
    this.#samples = rtwatch.samples(...args);
    void this.#follow(onMoment).then(
      () => {
        this.#ended = new Ended(null);
      },
      (error: unknown) => {
        this.#ended = new Ended(error);
      },
    );
  }

  /** How many Samples were taken in. */
  get taken(): number {
    return this.#taken;
  }

  /** How often the processes were read. Between two polls a Sample brings what has arrived meanwhile. */
  get polls(): number {
    return this.#polls;
  }

  /**
   * Waits until there is something to see on the node.
   *
   * @throws when the time is over, or the sampler has ended
   */
  async until<T>(
    what: string,
    look: (model: Model, verdicts: Verdicts) => T,
    timeoutMs = patienceMs,
  ): Promise<Exclude<T, null | undefined | false>> {
    const seen = await waitFor(what, () => this.#ended ?? this.#look(look), {
      timeoutMs,
      everyMs: 20,
      detail: () => this.#newest(),
    });
    if (seen instanceof Ended) throw new Error(`the sampler ended before ${what}`, { cause: seen.why });
    return seen;
  }

  /**
   * Waits until what is found now will be told as resolved when it is over. Findings are remembered once in a second of the node's clock, as
   * they are at its end, and two polls may fall into one: a fault that ends within a second of its first sight was never one.
   */
  async remembered(): Promise<void> {
    const before = this.#polls;
    await this.until('two more polls', () => this.#polls >= before + 2);
  }

  /** Ends the sampler. */
  close(): Promise<void> {
    return this.#samples.close();
  }

  #look<T>(look: (model: Model, verdicts: Verdicts) => T): T | null {
    return this.#moment === null ? null : look(this.#moment.model, this.#moment.verdicts);
  }

  async #follow(onMoment: (moment: Moment) => void): Promise<void> {
    for await (const sample of this.#samples) {
      this.#follower.take(sample);
      const { model, verdicts } = this.#follower.judge();
      // Of this moment alone, beside what was resolved before.
      this.#moment = { model, verdicts: { ...run(rules, model), resolved: verdicts.resolved ?? [] } };
      this.#taken++;
      if (sample.readings.processes !== undefined) this.#polls++;
      onMoment(this.#moment);
    }
  }

  /** For the error of a wait in vain. */
  #newest(): string {
    if (this.#moment === null) return 'no sample';
    const { model, verdicts } = this.#moment;
    const containers = model.containers?.list.map(({ label, state, stuck, reason }) => ({
      label,
      state,
      stuck,
      reason,
    }));
    return JSON.stringify({ findings: verdicts.findings, containers, sources: model.sources }, null, 1);
  }
}
