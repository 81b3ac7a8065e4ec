import { parseMoment } from '../base/parse-moment.ts';
import type { Zone } from '../base/zone.ts';
import { NodeFollower } from './node-follower.ts';
import type { SampleStore } from './sample-store.ts';
import { Scan } from './scan.ts';
import { type Moment, Seeker } from './seeker.ts';
import { SnapshotCell } from './snapshot-cell.ts';
import {
  destinationOf,
  directionOf,
  isMove,
  type MoveCommand,
  type SourceCommand,
  type TimeCommand,
} from './time-command.ts';
import type { TimeNotice } from './time-notice.ts';
import type { RecordedFeed, TimeSnapshot, TimeSource } from './time-source.ts';
import type { TimelineView } from './timeline-view.ts';

/** What is said about a moment of a recording, until the next caption. */
export interface Caption {
  /** Seconds from the beginning. */
  readonly second: number;
  readonly text: string;
}

export interface RecordedSourceOptions {
  readonly store: SampleStore;
  /** How much before a moment is read for it, milliseconds. */
  readonly historyMs: number;
  /** Where to begin; default: the beginning. */
  readonly at?: number;
  readonly playing?: boolean;
  readonly captions?: readonly Caption[];
  /** What of the recording cannot be read; null when nothing is known of that. */
  readonly damage?: () => string | null;
}

/** A recording always shows a place in time. */
export interface RecordedSnapshot extends TimeSnapshot {
  readonly timeline: TimelineView;
  readonly feed: RecordedFeed;
}

const speeds = [0.5, 1, 2, 4, 8, 16, 32, 64];
const frameMs = 200;
/** A gap in the recording that is longer than this is skipped. */
const longestGapMs = 20_000;

/** A recording: the moment that is shown, the speed at which it is played, and when findings opened and resolved. */
export class RecordedSource implements TimeSource {
  readonly #options: RecordedSourceOptions;
  readonly #seeker: Seeker;
  readonly #scan: Scan;
  readonly #cell = new SnapshotCell((): RecordedSnapshot => this.#build());
  readonly #nothing = new NodeFollower().judge();
  #moment: Moment | null = null;
  #cursor: number;
  #playing: boolean;
  #speed = 1;
  /** When the cursor moved to where it is, by `performance.now`. */
  #movedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #notify: (notice: TimeNotice) => void = () => {};

  readonly getSnapshot = this.#cell.get;
  readonly subscribe = this.#cell.subscribe;

  constructor(options: RecordedSourceOptions) {
    this.#options = options;
    const { store, historyMs } = options;
    this.#cursor = options.at ?? store.from;
    this.#playing = options.playing ?? true;
    const onFailed = (because: string): void => {
      this.#playing = false;
      this.#cell.changed();
      this.#notify({ kind: 'unreadable', because });
    };
    this.#scan = new Scan({ store, onProgress: this.#cell.changed, onFailed });
    this.#seeker = new Seeker({
      store,
      historyMs,
      onFailed,
      known: () => this.#scan.kept,
      onMoment: (moment) => {
        this.#moment = moment;
        this.#cell.changed();
      },
    });
  }

  start(onNotice: (notice: TimeNotice) => void): void {
    this.#notify = onNotice;
    this.#seeker.goTo(this.#cursor);
    void this.#scan.run();
    this.#movedAt = performance.now();
    this.#timer = setInterval(() => this.#play(), frameMs);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#seeker.close();
    this.#scan.close();
  }

  obey(command: TimeCommand | SourceCommand): void {
    if (isMove(command)) {
      this.#move(command);
      return;
    }
    switch (command) {
      case 'pause':
        this.#toggle();
        return;
      case 'play-slower':
        this.#changeSpeed(-1);
        return;
      case 'play-faster':
        this.#changeSpeed(1);
        return;
      case 'slower':
      case 'faster':
        this.#notify({ kind: 'interval-recorded' });
        return;
      case 'record':
        this.#notify({ kind: 'is-recording' });
        return;
    }
  }

  seek(text: string, zone: Zone): void {
    const at = parseMoment(text, this.#options.store, zone);
    if (at === null) this.#notify({ kind: 'not-a-moment', text });
    else this.#goTo(at);
  }

  #toggle(): void {
    // At the end it starts again: play has no other meaning there.
    if (!this.#playing && this.#cursor >= this.#options.store.to) this.#place(this.#options.store.from);
    this.#playing = !this.#playing;
    this.#movedAt = performance.now();
    this.#cell.changed();
  }

  #move(command: MoveCommand): void {
    const { markers, markedTo } = this.#scan;
    const { store } = this.#options;
    const at = destinationOf(command, this.#cursor, markers);
    if (at !== null) {
      // A reader who steps wants to see the result.
      this.#playing = false;
      this.#goTo(at);
    } else if (markedTo < store.to) this.#notify({ kind: 'no-marker-yet', readTo: Math.max(store.from, markedTo) });
    else this.#notify({ kind: 'no-marker', of: 'replay', direction: directionOf(command) ?? 'next' });
  }

  #changeSpeed(step: number): void {
    this.#speed = speeds[speeds.indexOf(this.#speed) + step] ?? this.#speed;
    this.#movedAt = performance.now();
    this.#cell.changed();
    this.#notify({ kind: 'speed', speed: this.#speed });
  }

  #goTo(at: number): void {
    this.#place(at);
    this.#cell.changed();
  }

  /** The screen follows when the moment has been read. */
  #place(at: number): void {
    const { store } = this.#options;
    this.#cursor = Math.max(store.from, Math.min(store.to, at));
    this.#movedAt = performance.now();
    this.#seeker.goTo(this.#cursor);
  }

  #play(): void {
    const now = performance.now();
    const moment = this.#moment;
    // As fast as it can be read, and not before what the moment stands on has been read.
    if (!this.#playing || moment === null || moment.at !== this.#cursor || !moment.whole) {
      this.#movedAt = now;
      return;
    }
    const { store } = this.#options;
    const gapMs = moment.nextAt === null ? 0 : moment.nextAt - this.#cursor;
    if (this.#cursor >= store.to) {
      this.#playing = false;
      this.#cell.changed();
    } else if (gapMs > longestGapMs) {
      this.#notify({ kind: 'gap-skipped', seconds: gapMs / 1000 });
      this.#goTo(moment.nextAt ?? store.to);
    } else this.#place(this.#cursor + (now - this.#movedAt) * this.#speed);
  }

  #build(): RecordedSnapshot {
    const { model, verdicts } = this.#moment ?? this.#nothing;
    const { damage = () => null } = this.#options;
    return { model, verdicts, timeline: this.#timeline(), feed: { kind: 'recorded', damage: damage() } };
  }

  #timeline(): TimelineView {
    const { store, captions = [] } = this.#options;
    const second = (this.#cursor - store.from) / 1000;
    return {
      kind: 'replay',
      from: store.from,
      to: store.to,
      cursor: this.#cursor,
      markers: this.#scan.markers,
      markedTo: this.#scan.markedTo,
      status: this.#playing ? 'playing' : 'paused',
      reading: !(this.#moment?.whole ?? false),
      speed: this.#speed,
      caption: captions.findLast((caption) => caption.second <= second)?.text ?? null,
    };
  }
}
