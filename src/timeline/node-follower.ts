import { emptyHistory, type History, reduce } from '../model/history.ts';
import { derive, type Model } from '../model/model.ts';
import { withStuckSince } from '../rules/engine/container-outcomes.ts';
import { type FindingHistory, noFindings, reduceFindings, verdictsWith } from '../rules/engine/finding-history.ts';
import { run, type Verdicts } from '../rules/engine/run.ts';
import { rules } from '../rules/rules.ts';
import type { Sample } from '../sample/sample.ts';
import { SampleFilter, type SampleFilterState } from '../wire/sample-filter.ts';
import { type Marker, withMarkers } from './markers.ts';

/** The node at the newest Sample, and what was found on it up to then. */
export interface Judged {
  readonly model: Model;
  readonly verdicts: Verdicts;
}

/** What was judged of a history. */
interface Judgement {
  readonly model: Model;
  readonly found: Verdicts;
  /** With what was found before. */
  readonly findings: FindingHistory;
}

/** A Sample among all of them. */
type Place = Pick<Sample, 'at' | 'monoMs' | 'seq'>;

/** A node as it was at a Sample, from which it can be followed on. */
export interface KnownNode {
  /** Null before the first. */
  readonly newest: Place | null;
  /** A follower that continues from there on its own. */
  fork(): NodeFollower;
}

/** All that a follower remembers; plain data. */
export interface FollowerState {
  readonly history: History;
  readonly findings: FindingHistory;
  readonly markers: readonly Marker[];
  readonly filter: SampleFilterState;
  readonly newest: Place | null;
}

/** What is found is remembered as it was at the end of each second of the node's clock, milliseconds. */
const gridMs = 1000;

/**
 * Takes the Samples of one node in order, wherever they come from, and follows the findings over time.
 *
 * The result depends on the Samples alone: when and how often it is read changes nothing. So the same Samples give the same
 * screen live, paused, and from a recording years later.
 */
export class NodeFollower implements KnownNode {
  #history = emptyHistory;
  #findings = noFindings;
  #markers: readonly Marker[] = [];
  #filter = new SampleFilter();
  #newest: Place | null = null;
  /** What was judged of the history as it is. */
  #judged: Judgement | null = null;

  take(sample: Sample): void {
    for (const kept of this.#filter.take(sample)) this.#take(kept);
  }

  /** Whether there was a Sample at all. */
  get hasBegun(): boolean {
    return this.#history.at !== 0;
  }

  /** The newest Sample that counts; null before the first. */
  get newest(): Place | null {
    return this.#newest;
  }

  /** When findings opened and resolved, the oldest first; bounded. */
  get markers(): readonly Marker[] {
    return this.#markers;
  }

  /** The node now. Reads, and changes nothing. */
  judge(): Judged {
    const { model, found, findings } = this.#judgeHistory();
    const verdicts = verdictsWith(findings, found);
    return { model: withStuckSince(model, verdicts), verdicts };
  }

  /** A copy that continues from here on its own. What both remember is shared and never written to. */
  fork(): NodeFollower {
    const other = NodeFollower.from(this.state);
    other.#judged = this.#judged;
    return other;
  }

  /** Shared and never written to. */
  get state(): FollowerState {
    return {
      history: this.#history,
      findings: this.#findings,
      markers: this.#markers,
      filter: this.#filter.state,
      newest: this.#newest,
    };
  }

  static from({ history, findings, markers, filter, newest }: FollowerState): NodeFollower {
    const follower = new NodeFollower();
    follower.#history = history;
    follower.#findings = findings;
    follower.#markers = markers;
    follower.#filter = SampleFilter.from(filter);
    follower.#newest = newest;
    return follower;
  }

  #take(sample: Sample): void {
    // The second is over, and every line of its polls has arrived: half a poll would show what is not true.
    if (this.hasBegun && secondOf(sample.monoMs) !== secondOf(this.#history.monoMs)) this.#remember();
    this.#history = reduce(this.#history, sample);
    const { at, monoMs, seq } = sample;
    this.#newest = { at, monoMs, seq };
    this.#judged = null;
  }

  #remember(): void {
    const { model, findings } = this.#judgeHistory();
    const before = this.#findings;
    this.#findings = findings;
    this.#markers = withMarkers(this.#markers, before, this.#findings, model.at);
  }

  #judgeHistory(): Judgement {
    if (this.#judged === null) {
      const model = derive(this.#history);
      const found = run(rules, model);
      this.#judged = { model, found, findings: reduceFindings(this.#findings, found, model, rules) };
    }
    return this.#judged;
  }
}

const secondOf = (monoMs: number): number => Math.floor(monoMs / gridMs);
