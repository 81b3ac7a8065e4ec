import type { TimeCommand } from '../view/terminal/keys.ts';
import { momentForms, parseMoment } from '../view/terminal/moment.ts';
import type { Message } from '../view/terminal/state.ts';
import { nextMark, type TimelineMark, type TimelineView } from '../view/terminal/timeline.ts';
import type { Judged } from './node-follower.ts';
import type { PastRing } from './past-ring.ts';
import { TimeMachine } from './seeker.ts';
import { stepMs } from './step-lengths.ts';

export interface PastOptions {
  readonly ring: PastRing;
  /** The node as it is held still at first. */
  readonly held: Judged;
  /** Of the live node: also what came since. */
  readonly marks: () => readonly TimelineMark[];
  readonly onChange: () => void;
  readonly say: (text: string, tone?: Message['tone']) => void;
}

/** All the past there is is read where it has to be: the ring is not longer than this. */
const historyMs = 600_000;

/** The live screen, held still: where in the last hour one looks, while Samples go on coming in. */
export class Past {
  readonly #options: PastOptions;
  readonly #machine: TimeMachine;
  #cursor: number;
  #shown: Judged;
  #isWhole = true;

  constructor(options: PastOptions) {
    this.#options = options;
    const { ring, held, onChange, say } = options;
    this.#shown = held;
    this.#cursor = held.model.at;
    this.#machine = new TimeMachine({
      ...{ store: ring, historyMs, known: () => ring.followers },
      onMoment: (moment) => {
        this.#isWhole = moment.whole;
        this.#shown = moment;
        onChange();
      },
      onFailed: (because) => say(because, 'warning'),
    });
  }

  get shown(): Judged {
    return this.#shown;
  }

  get timeline(): TimelineView {
    const { ring, marks } = this.#options;
    return {
      kind: 'past',
      from: Math.min(ring.from, this.#cursor),
      to: Math.max(ring.to, this.#cursor),
      cursor: this.#cursor,
      marks: marks(),
      markedTo: Number.POSITIVE_INFINITY,
      status: 'paused',
      reading: !this.#isWhole,
      speed: 1,
      caption: null,
    };
  }

  obey(command: Exclude<TimeCommand, 'seek' | 'play-slower' | 'play-faster'>): void {
    if (command === 'next-mark' || command === 'previous-mark') this.#jump(command);
    else this.#move(this.#cursor + stepMs[command]);
  }

  /** Goes to a moment as a person typed it. */
  seek(text: string): void {
    const at = parseMoment(text, this.#options.ring);
    if (at === null) this.#options.say(`"${text}" is no moment such as ${momentForms}`, 'warning');
    else this.#move(at);
  }

  close(): void {
    this.#machine.close();
  }

  #jump(command: 'next-mark' | 'previous-mark'): void {
    const { ring, marks, say } = this.#options;
    const known = marks().filter(({ at }) => at >= ring.from);
    const mark = nextMark(known, this.#cursor, command === 'next-mark' ? 'next' : 'previous');
    if (mark !== null) this.#move(mark.at);
    else say(command === 'next-mark' ? 'no finding came or went after this' : 'none came or went before this');
  }

  #move(at: number): void {
    const { ring, onChange } = this.#options;
    this.#cursor = Math.max(ring.from, Math.min(ring.to, at));
    this.#machine.goTo(this.#cursor);
    onChange();
  }
}
