import type { Sample } from '../sample/sample.ts';
import { type Link, type LinkState, type OpenLink, startingState } from '../wire/link.ts';
import type { Marker } from './markers.ts';
import { type Judged, NodeFollower } from './node-follower.ts';
import { PollProgress } from './poll-progress.ts';

/** The newest of a node, and how it is known. */
interface NewestView extends Judged {
  readonly link: LinkState;
  /** When the newest Sample came, by this process's clock (`performance.now`). */
  readonly heardAt: number;
  /** When findings opened and resolved. */
  readonly markers: readonly Marker[];
}

interface LinkFollowerOptions {
  readonly open: OpenLink;
  /** Gets each Sample, with the node before it. */
  readonly onSample: (sample: Sample, before: NodeFollower) => void;
  readonly onChange: () => void;
}

/** Samples that arrive together are shown together, milliseconds. */
const gatherMs = 30;
/** A poll that is not over after this is shown as far as it is. */
const longestPollMs = 250;
/** The screen is drawn again this often at most, however many Samples come. */
const shortestFrameMs = 250;

/** Follows a link: every Sample goes into the history, and when a poll is over the node is judged, once. */
export class LinkFollower {
  readonly #options: LinkFollowerOptions;
  readonly #follower = new NodeFollower();
  #link: Link | null = null;
  #state = startingState;
  #heardAt = performance.now();
  #judgedAt = Number.NEGATIVE_INFINITY;
  readonly #poll = new PollProgress();
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  /** When the node is judged next. */
  #dueAt = Number.POSITIVE_INFINITY;
  #newest: NewestView = this.#judge();

  constructor(options: LinkFollowerOptions) {
    this.#options = options;
  }

  /** The same object until the node was judged again. */
  get newest(): NewestView {
    return this.#newest;
  }

  /** Requests another interval; null if the sampler is not ours. */
  get askInterval(): Link['setInterval'] {
    return this.#link?.setInterval ?? null;
  }

  start(): void {
    this.#heardAt = performance.now();
    this.#link = this.#options.open({
      onSample: (sample) => {
        this.#heardAt = performance.now();
        this.#options.onSample(sample, this.#follower);
        this.#follower.take(sample);
        this.#poll.take(sample);
        // A Sample that only announces a read changes nothing on the screen.
        if (Object.keys(sample.readings).length > 0) this.#judgeIn(this.#patienceMs);
      },
      onState: (state) => {
        this.#state = state;
        this.#judgeIn(gatherMs);
      },
    });
  }

  close(): void {
    this.#cancel();
    this.#link?.close();
  }

  /** At once when the poll is over, while all that a frame needs is in the caches of the processor. The first frame waits for no other poll. */
  get #patienceMs(): number {
    if (this.#poll.isOver) return 0;
    return this.#poll.announces && this.#judgedAt > 0 ? longestPollMs : gatherMs;
  }

  #judgeIn(waitMs: number): void {
    const now = performance.now();
    const dueAt = Math.max(now + waitMs, this.#judgedAt + shortestFrameMs);
    if (dueAt >= this.#dueAt) return;
    this.#cancel();
    this.#dueAt = dueAt;
    // A timer takes a millisecond at least, and this process would sleep for it.
    if (dueAt <= now) this.#immediate = setImmediate(this.#renew);
    else this.#timer = setTimeout(this.#renew, dueAt - now);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }

  readonly #renew = (): void => {
    this.#dueAt = Number.POSITIVE_INFINITY;
    // A frame without figures does not hold up the first one that has some.
    if (this.#follower.hasBegun) this.#judgedAt = performance.now();
    this.#newest = this.#judge();
    this.#options.onChange();
  };

  #judge(): NewestView {
    const { markers } = this.#follower;
    return { ...this.#follower.judge(), link: this.#state, heardAt: this.#heardAt, markers };
  }
}
