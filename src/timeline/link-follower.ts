import type { Sample } from '../sample/sample.ts';
import { type Link, type LinkState, type OpenLink, startingState } from '../wire/link.ts';
import type { Marker } from './markers.ts';
import { type Judged, NodeFollower } from './node-follower.ts';

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

/** Samples that arrive together are shown together. */
const gatherMs = 30;
/** The screen is drawn again this often at most, however many Samples come. */
const shortestFrameMs = 250;

/** Follows a link: every Sample goes into the history, and a few times a second the node is judged. */
export class LinkFollower {
  readonly #options: LinkFollowerOptions;
  readonly #follower = new NodeFollower();
  #link: Link | null = null;
  #state = startingState;
  #heardAt = performance.now();
  #judgedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
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
        // A Sample that only announces a read changes nothing on the screen.
        if (Object.keys(sample.readings).length > 0) this.#judgeSoon();
      },
      onState: (state) => {
        this.#state = state;
        this.#judgeSoon();
      },
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#link?.close();
  }

  #judgeSoon(): void {
    const waitMs = Math.max(gatherMs, this.#judgedAt + shortestFrameMs - performance.now());
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // A frame without figures does not hold up the first one that has some.
      if (this.#follower.hasBegun) this.#judgedAt = performance.now();
      this.#newest = this.#judge();
      this.#options.onChange();
    }, waitMs);
  }

  #judge(): NewestView {
    const { markers } = this.#follower;
    return { ...this.#follower.judge(), link: this.#state, heardAt: this.#heardAt, markers };
  }
}
