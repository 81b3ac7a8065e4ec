import type { Sample } from '../sample/sample.ts';
import { type KnownNode, NodeFollower } from './node-follower.ts';
import type { SampleStore } from './sample-store.ts';
import type { TimeSlice } from './time-slice.ts';

/** Follows stored Samples up to a moment, and on from there. */
export class Playhead {
  readonly follower: NodeFollower;
  readonly #samples: AsyncGenerator<Sample>;
  /** The first that is later than the moment. */
  #next: Sample | null = null;
  #atEnd = false;

  private constructor(follower: NodeFollower, samples: AsyncGenerator<Sample>) {
    this.follower = follower;
    this.#samples = samples;
  }

  /**
   * One that begins with the newest reading of every source before `since`, and knows everything from there on.
   *
   * @reslice null when it was given up (`TimeSlice`)
   */
  static async since(store: SampleStore, since: number, slice: TimeSlice): Promise<Playhead | null> {
    const playhead = new Playhead(new NodeFollower(), store.samplesFrom(since));
    const newest = new Map<string, Sample>();
    for (let sample = await playhead.#pull(); sample !== null; sample = await playhead.#pull()) {
      if (sample.at >= since) {
        for (const known of new Set(newest.values())) playhead.follower.take(known);
        playhead.#next = sample;
        return playhead;
      }
      for (const name of Object.keys(sample.readings)) {
        // To the end of the map, which is in the order of time.
        newest.delete(name);
        newest.set(name, sample);
      }
      if (!(await slice.go())) {
        playhead.close();
        return null;
      }
    }
    for (const known of new Set(newest.values())) playhead.follower.take(known);
    return playhead;
  }

  /**
   * A playhead that continues from a known place.
   *
   * @reslice null if it was stopped, or the store no longer has that place
   */
  static async from(store: SampleStore, known: KnownNode, slice: TimeSlice): Promise<Playhead | null> {
    const { newest } = known;
    if (newest === null) return null;
    const playhead = new Playhead(known.fork(), store.samplesFrom(newest.at));
    for (let sample = await playhead.#pull(); sample !== null; sample = await playhead.#pull()) {
      const isSame = sample.monoMs === newest.monoMs && sample.seq === newest.seq && sample.at === newest.at;
      if (isSame) return playhead;
      if (!(await slice.go())) break;
    }
    playhead.close();
    return null;
  }

  /** Of the newest Sample that was taken; null before the first. */
  get at(): number | null {
    return this.follower.newest?.at ?? null;
  }

  /** The moment of the Sample that comes next; null when it is not known, or there is none. */
  get nextAt(): number | null {
    return this.#next?.at ?? null;
  }

  /** Whether there was no more at the last read. */
  get atEnd(): boolean {
    return this.#atEnd;
  }

  /**
   * Takes all Samples up to a moment.
   *
   * @param onTaken after each of them
   * @reslice false when it was given up before
   */
  async advanceTo(
    at: number,
    slice: TimeSlice,
    onTaken: (follower: NodeFollower) => void = () => {},
  ): Promise<boolean> {
    for (;;) {
      this.#next ??= await this.#pull();
      if (this.#next === null || this.#next.at > at) return true;
      this.follower.take(this.#next);
      this.#next = null;
      onTaken(this.follower);
      if (!(await slice.go())) return false;
    }
  }

  close(): void {
    // A file that cannot be read any more is no matter now.
    this.#samples.return(undefined).catch(() => {});
  }

  async #pull(): Promise<Sample | null> {
    const { value, done } = await this.#samples.next();
    if (!done) return value;
    this.#atEnd = true;
    return null;
  }
}
