import { familiesOf } from '../../export/families.ts';
import type { DetailLabel, Known } from '../../export/known.ts';
import { noTallies, reduceTallies, samplerCpuSeconds } from '../../export/tallies.ts';
import type { Sample } from '../../sample/sample.ts';
import { NodeFollower } from '../../timeline/node-follower.ts';
import { type Link, type LinkState, type OpenLink, startingState } from '../../wire/link.ts';
import { version } from '../commands/version.ts';
import { Exposition, type Format } from './exposition.ts';

interface FeedOptions {
  readonly open: OpenLink;
  readonly disabled: readonly string[];
  readonly labels: readonly DetailLabel[];
  readonly onSample: (sample: Sample) => void;
  /** Gets each change. */
  readonly onState: (state: LinkState) => void;
  readonly recorder: () => Known['recorder'];
}

/** However many ask, the metrics are made this often at most, milliseconds. */
const freshMs = 1000;

/** Follows a link, and makes metrics of what is known. A request never waits for the node and never causes a poll. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #follower = new NodeFollower();
  readonly #exposition = new Exposition();
  readonly #made = new Map<Format, { readonly at: number; readonly text: Promise<string> }>();
  readonly #link: Link;
  #state = startingState;
  #tallies = noTallies;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#link = options.open({
      onSample: (sample) => this.#take(sample),
      onState: (state) => {
        this.#state = state;
        options.onState(state);
      },
    });
  }

  /** Whether there is something to say of the node. */
  get hasBegun(): boolean {
    return this.#follower.hasBegun;
  }

  text(format: Format): Promise<string> {
    const now = performance.now();
    const made = this.#made.get(format);
    if (made !== undefined && now - made.at < freshMs) return made.text;
    const text = this.#exposition.render(familiesOf(this.#known()), format);
    this.#made.set(format, { at: now, text });
    return text;
  }

  close(): void {
    this.#link.close();
  }

  #take(sample: Sample): void {
    this.#follower.take(sample);
    const { tallies, roundTrips } = reduceTallies(this.#tallies, sample);
    this.#tallies = tallies;
    for (const { daemon, ms } of roundTrips) this.#exposition.observe(daemon, ms);
    this.#options.onSample(sample);
  }

  #known(): Known {
    const { user, system } = process.cpuUsage();
    const { disabled, labels, recorder } = this.#options;
    return {
      version,
      ...this.#follower.judge(),
      sampler: {
        isUp: this.#state.status === 'live',
        restarts: this.#state.restarts,
        cpuSeconds: samplerCpuSeconds(this.#tallies),
      },
      exporter: { cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() },
      recorder: recorder(),
      disabled,
      labels,
    };
  }
}
