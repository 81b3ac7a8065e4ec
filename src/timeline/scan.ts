import type { NodeFollower } from './node-follower.ts';
import { Playhead } from './playhead.ts';
import type { SampleStore } from './sample-store.ts';
import { TimeSlice } from './time-slice.ts';

interface ScanOptions {
  readonly store: SampleStore;
  /** Called now and then while there is something new, and at the end. */
  readonly onProgress: () => void;
  readonly onFailed: (because: string) => void;
}

/** As long as each slice of the work: half of one processor at most, while the screen is in use. */
const restMs = 10;
const progressEveryMs = 500;
const maxKept = 120;
const shortestKeepMs = 30_000;

/**
 * Follows a whole recording from its beginning, beside the reader: only this shows when findings came and went, and since
 * when. On the way it keeps the node as it was at some moments, from which others are reached fast.
 */
export class Scan {
  readonly #options: ScanOptions;
  #kept: NodeFollower[] = [];
  #follower: NodeFollower | null = null;
  #markedTo: number;
  #closed = false;

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#markedTo = options.store.from;
  }

  get markers(): NodeFollower['markers'] {
    return this.#follower?.markers ?? [];
  }

  /** How far it is, milliseconds since 1970. */
  get markedTo(): number {
    return this.#markedTo;
  }

  get kept(): readonly NodeFollower[] {
    return this.#kept;
  }

  async run(): Promise<void> {
    try {
      await this.#follow();
    } catch (error) {
      if (!this.#closed) this.#options.onFailed(error instanceof Error ? error.message : String(error));
    }
  }

  close(): void {
    this.#closed = true;
  }

  async #follow(): Promise<void> {
    const { store, onProgress } = this.#options;
    const keepEveryMs = Math.max(shortestKeepMs, (store.to - store.from) / maxKept);
    const slice = new TimeSlice(() => !this.#closed, restMs);
    const head = await Playhead.since(store, store.from, slice);
    if (head === null) return;
    let progressAt = performance.now();
    this.#follower = head.follower;
    const isWhole = await head.advanceTo(Number.POSITIVE_INFINITY, slice, (follower) => {
      const at = follower.newest?.at ?? 0;
      this.#markedTo = at;
      if (at - (this.#kept.at(-1)?.newest?.at ?? store.from) >= keepEveryMs) this.#kept.push(follower.fork());
      if (performance.now() - progressAt < progressEveryMs) return;
      progressAt = performance.now();
      onProgress();
    });
    head.close();
    if (!isWhole) return;
    this.#markedTo = Number.POSITIVE_INFINITY;
    onProgress();
  }
}
