import { formatClock, formatSeconds } from '../view/format.ts';
import type { TimeCommand } from '../view/terminal/keys.ts';
import { momentForms, parseMoment } from '../view/terminal/moment.ts';
import type { Message } from '../view/terminal/state.ts';
import { formatSpeed, nextMark, type TimelineView } from '../view/terminal/timeline.ts';
import { type Judged, NodeFollower } from './node-follower.ts';
import type { SampleStore } from './sample-store.ts';
import { Scan } from './scan.ts';
import { type Moment, TimeMachine } from './seeker.ts';
import { stepMs } from './step-lengths.ts';

/** What a person says of a moment of a recording, until the next one. */
export interface Caption {
  /** Seconds from the beginning. */
  readonly second: number;
  readonly text: string;
}

export interface ReplayOptions {
  readonly store: SampleStore;
  /** How much of the past a moment stands on, milliseconds. */
  readonly historyMs: number;
  /** Where to begin; the beginning where it is not told. */
  readonly at?: number;
  readonly playing?: boolean;
  readonly captions?: readonly Caption[];
  readonly onChange: () => void;
  readonly say: (text: string, tone?: Message['tone']) => void;
}

/** What is on the screen. */
export interface ReplayShown extends Judged {
  readonly timeline: TimelineView;
}

const speeds = [0.5, 1, 2, 4, 8, 16, 32, 64];
const frameMs = 200;
/** Where nothing was recorded for longer than this there is nothing to watch. */
const longestGapMs = 20_000;

/** Plays a recording: where in it one is, at what speed it goes on, and when what was found. */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #machine: TimeMachine;
  readonly #scan: Scan;
  #moment: Moment | null = null;
  #cursor: number;
  #playing: boolean;
  #speed = 1;
  /** When the cursor was where it is, by performance.now. */
  #movedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  readonly #nothing = new NodeFollower().judge();

  constructor(options: ReplayOptions) {
    this.#options = options;
    const { store, historyMs, onChange, say } = options;
    this.#cursor = options.at ?? store.from;
    this.#playing = options.playing ?? true;
    const onFailed = (because: string): void => {
      this.#playing = false;
      say(because, 'warning');
    };
    this.#scan = new Scan({ store, onProgress: onChange, onFailed });
    this.#machine = new TimeMachine({
      ...{ store, historyMs, onFailed, known: () => this.#scan.kept },
      onMoment: (moment) => {
        this.#moment = moment;
        onChange();
      },
    });
  }

  start(): void {
    this.#machine.goTo(this.#cursor);
    void this.#scan.run();
    this.#movedAt = performance.now();
    this.#timer = setInterval(() => this.#play(), frameMs);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#machine.close();
    this.#scan.close();
  }

  get shown(): ReplayShown {
    const { store, captions = [] } = this.#options;
    const second = (this.#cursor - store.from) / 1000;
    const { model, verdicts } = this.#moment ?? this.#nothing;
    return {
      model,
      verdicts,
      timeline: {
        kind: 'replay',
        from: store.from,
        to: store.to,
        cursor: this.#cursor,
        marks: this.#scan.marks,
        markedTo: this.#scan.markedTo,
        status: this.#playing ? 'playing' : 'paused',
        reading: !(this.#moment?.whole ?? false),
        speed: this.#speed,
        caption: captions.findLast((caption) => caption.second <= second)?.text ?? null,
      },
    };
  }

  toggle(): void {
    // At the end it begins anew: nothing else could be meant.
    if (!this.#playing && this.#cursor >= this.#options.store.to) this.#move(this.#options.store.from);
    this.#playing = !this.#playing;
    this.#movedAt = performance.now();
    this.#options.onChange();
  }

  obey(command: Exclude<TimeCommand, 'seek'>): void {
    if (command === 'play-slower' || command === 'play-faster') this.#changeSpeed(command === 'play-faster' ? 1 : -1);
    else if (command === 'next-mark' || command === 'previous-mark') this.#jump(command);
    else {
      // Whoever steps wants to look.
      this.#playing = false;
      this.#move(this.#cursor + stepMs[command]);
    }
  }

  /** Goes to a moment as a person typed it. */
  seek(text: string): void {
    const at = parseMoment(text, this.#options.store);
    if (at === null) this.#options.say(`"${text}" is no moment such as ${momentForms}`, 'warning');
    else this.#move(at);
  }

  #changeSpeed(step: number): void {
    this.#speed = speeds[speeds.indexOf(this.#speed) + step] ?? this.#speed;
    this.#movedAt = performance.now();
    this.#options.say(`plays at ${formatSpeed(this.#speed)}`);
  }

  #jump(command: 'next-mark' | 'previous-mark'): void {
    const direction = command === 'next-mark' ? 'next' : 'previous';
    const mark = nextMark(this.#scan.marks, this.#cursor, direction);
    if (mark !== null) {
      this.#playing = false;
      this.#move(mark.at);
    } else if (this.#scan.markedTo < this.#options.store.to) {
      const read = formatClock(Math.max(this.#options.store.from, this.#scan.markedTo));
      this.#options.say(`no finding comes or goes up to ${read}; the rest is still being read`);
    } else
      this.#options.say(direction === 'next' ? 'no finding comes or goes after this' : 'none came or went before this');
  }

  #move(at: number): void {
    this.#place(at);
    this.#options.onChange();
  }

  /** The screen follows when the moment is there. */
  #place(at: number): void {
    const { store } = this.#options;
    this.#cursor = Math.max(store.from, Math.min(store.to, at));
    this.#movedAt = performance.now();
    this.#machine.goTo(this.#cursor);
  }

  #play(): void {
    const now = performance.now();
    const moment = this.#moment;
    // As fast as it can be read, and not before it is known what it stands on.
    if (!this.#playing || moment === null || moment.at !== this.#cursor || !moment.whole) {
      this.#movedAt = now;
      return;
    }
    const { store, say } = this.#options;
    const gapMs = moment.nextAt === null ? 0 : moment.nextAt - this.#cursor;
    if (this.#cursor >= store.to) {
      this.#playing = false;
      this.#options.onChange();
    } else if (gapMs > longestGapMs) {
      say(`nothing was recorded for ${formatSeconds(gapMs / 1000)}: passed over`);
      this.#move(moment.nextAt ?? store.to);
    } else this.#place(this.#cursor + (now - this.#movedAt) * this.#speed);
  }
}
