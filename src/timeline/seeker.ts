import type { Judged, KnownNode, NodeFollower } from './node-follower.ts';
import { Playhead } from './playhead.ts';
import type { SampleStore } from './sample-store.ts';
import { TimeSlice } from './time-slice.ts';

interface SeekerOptions {
  readonly store: SampleStore;
  /** How much of the past a moment stands on, milliseconds. */
  readonly historyMs: number;
  /** The node as it was at moments, with all that came before; in the order of time. */
  readonly known: () => readonly KnownNode[];
  readonly onMoment: (moment: Moment) => void;
  /** The Samples cannot be read any more. */
  readonly onFailed: (because: string) => void;
}

/** The node as it was at a moment. */
export interface Moment extends Judged {
  readonly at: number;
  /** False: only the last of what came before has been read, to show something at once; all of it follows. */
  readonly whole: boolean;
  /** When the Sample after it was taken; null when none is known. */
  readonly nextAt: number | null;
}

/** What is nearer than this is reached at once; for what is farther something is shown first. */
const nearMs = 90_000;
const quickMs = 30_000;
/** Steps back begin from the places that were passed last. */
const passedEveryMs = 3_000;
const maxPassed = 60;

/**
 * Shows the node as it was at any moment of what is stored. The newest wish counts; one that is being worked on is finished
 * first, so that a key that is held down shows every place it can.
 */
export class Seeker {
  readonly #options: SeekerOptions;
  #head: Playhead | null = null;
  #isWhole = false;
  #passed: NodeFollower[] = [];
  #wanted: number | null = null;
  #working = false;
  #closed = false;

  constructor(options: SeekerOptions) {
    this.#options = options;
  }

  goTo(at: number): void {
    this.#wanted = at;
    if (!this.#working && !this.#closed) void this.#work();
  }

  close(): void {
    this.#closed = true;
    this.#wanted = null;
    this.#head?.close();
    this.#passed = [];
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      while (this.#wanted !== null && !this.#closed) {
        const at = this.#wanted;
        this.#wanted = null;
        await this.#reach(at);
        if (this.#closed) return;
        this.#show(at);
        if (this.#wanted === null && !this.#isWhole) await this.#makeWhole(at);
      }
    } catch (error) {
      if (!this.#closed) this.#options.onFailed(error instanceof Error ? error.message : String(error));
    } finally {
      this.#working = false;
    }
  }

  async #reach(at: number): Promise<void> {
    const { store } = this.#options;
    const slice = new TimeSlice(() => !this.#closed);
    const headAt = this.#head?.at ?? null;
    const from = this.#nearest(at);
    const isOnTheWay = headAt !== null && headAt <= at && !this.#head?.atEnd && (from?.newest?.at ?? 0) <= headAt;
    if (isOnTheWay && at - headAt <= nearMs) {
      await this.#advance(this.#head, at, slice);
      return;
    }
    const near =
      from !== null && at - (from.newest?.at ?? 0) <= nearMs ? await Playhead.from(store, from, slice) : null;
    const fromStart = near === null && at - store.from <= nearMs;
    this.#replace(near ?? (await Playhead.since(store, fromStart ? 0 : at - quickMs, slice)));
    this.#isWhole = near !== null || fromStart;
    await this.#advance(this.#head, at, slice);
  }

  /** Reads the whole history of the moment; stops as soon as another one is requested. */
  async #makeWhole(at: number): Promise<void> {
    const { store, historyMs } = this.#options;
    const slice = new TimeSlice(() => this.#wanted === null && !this.#closed);
    const from = this.#nearest(at);
    const isNear = from !== null && at - (from.newest?.at ?? 0) <= historyMs;
    const head =
      (isNear ? await Playhead.from(store, from, slice) : null) ?? (await Playhead.since(store, at - historyMs, slice));
    if (head === null) return;
    if (!(await head.advanceTo(at, slice, (follower) => this.#pass(follower, at)))) {
      head.close();
      return;
    }
    this.#replace(head);
    this.#isWhole = true;
    this.#show(at);
  }

  async #advance(head: Playhead | null, at: number, slice: TimeSlice): Promise<void> {
    await head?.advanceTo(at, slice, this.#isWhole ? (follower) => this.#pass(follower, at) : undefined);
  }

  #show(at: number): void {
    const head = this.#head;
    if (head === null || this.#closed) return;
    this.#options.onMoment({ ...head.follower.judge(), at, whole: this.#isWhole, nextAt: head.nextAt });
  }

  #replace(head: Playhead | null): void {
    this.#head?.close();
    this.#head = head;
  }

  /** The newest known state of the node before a moment, or at it. */
  #nearest(at: number): KnownNode | null {
    const atOf = ({ newest }: KnownNode): number => newest?.at ?? 0;
    const passed = this.#passed.filter((one) => atOf(one) <= at);
    const known = this.#options.known().filter((one) => atOf(one) <= at);
    return [...known.slice(-1), ...passed].reduce<KnownNode | null>(
      (found, one) => (found === null || atOf(one) >= atOf(found) ? one : found),
      null,
    );
  }

  /** Remembers places on the way to a moment, those that it came to last. */
  #pass(follower: NodeFollower, to: number): void {
    const at = follower.newest?.at ?? 0;
    if (to - at > passedEveryMs * maxPassed) return;
    if (this.#passed.some(({ newest }) => Math.abs((newest?.at ?? 0) - at) < passedEveryMs)) return;
    this.#passed.push(follower.fork());
    if (this.#passed.length > maxPassed) this.#passed.shift();
  }
}
