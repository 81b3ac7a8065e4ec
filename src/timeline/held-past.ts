import { parseMoment } from '../base/parse-moment.ts';
import type { Zone } from '../base/zone.ts';
import type { Marker } from './markers.ts';
import type { Judged } from './node-follower.ts';
import type { PastRing } from './past-ring.ts';
import { Seeker } from './seeker.ts';
import { destinationOf, directionOf, type MoveCommand } from './time-command.ts';
import type { TimeNotice } from './time-notice.ts';
import type { TimelineView } from './timeline-view.ts';

interface HeldPastOptions {
  readonly ring: PastRing;
  /** The node as it is held still at first. */
  readonly held: Judged;
  /** Of the live node: also those that came since. */
  readonly markers: () => readonly Marker[];
  readonly onChange: () => void;
  readonly onNotice: (notice: TimeNotice) => void;
}

/** How much before a moment is read for it. The places that the ring keeps are nearer than this. */
const historyMs = 600_000;

/** The live screen, held still: a moment of the last hour, while Samples go on coming in. */
export class HeldPast {
  readonly #options: HeldPastOptions;
  readonly #seeker: Seeker;
  #cursor: number;
  #shown: Judged;
  #isWhole = true;

  constructor(options: HeldPastOptions) {
    this.#options = options;
    const { ring, held, onChange, onNotice } = options;
    this.#shown = held;
    this.#cursor = held.model.at;
    this.#seeker = new Seeker({
      store: ring,
      historyMs,
      known: () => ring.known,
      onMoment: (moment) => {
        this.#isWhole = moment.whole;
        this.#shown = moment;
        onChange();
      },
      onFailed: (because) => onNotice({ kind: 'unreadable', because }),
    });
  }

  get shown(): Judged {
    return this.#shown;
  }

  get timeline(): TimelineView {
    const { ring, markers } = this.#options;
    return {
      kind: 'past',
      from: Math.min(ring.from, this.#cursor),
      to: Math.max(ring.to, this.#cursor),
      cursor: this.#cursor,
      markers: markers(),
      markedTo: Number.POSITIVE_INFINITY,
      status: 'paused',
      reading: !this.#isWhole,
      speed: 1,
      caption: null,
    };
  }

  move(command: MoveCommand): void {
    const { ring, markers, onNotice } = this.#options;
    const kept = markers().filter(({ at }) => at >= ring.from);
    const at = destinationOf(command, this.#cursor, kept);
    if (at !== null) this.#goTo(at);
    else onNotice({ kind: 'no-marker', of: 'past', direction: directionOf(command) ?? 'next' });
  }

  seek(text: string, zone: Zone): void {
    const { ring, onNotice } = this.#options;
    const at = parseMoment(text, ring, zone);
    if (at === null) onNotice({ kind: 'not-a-moment', text });
    else this.#goTo(at);
  }

  close(): void {
    this.#seeker.close();
  }

  #goTo(at: number): void {
    const { ring, onChange } = this.#options;
    this.#cursor = Math.max(ring.from, Math.min(ring.to, at));
    this.#seeker.goTo(this.#cursor);
    onChange();
  }
}
