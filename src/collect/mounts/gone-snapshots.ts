import path from 'node:path';
import type { World } from '../world.ts';

/** A directory is listed again after this, in milliseconds, or when a snapshot shows up that was not looked for before. */
const listEveryMs = 60_000;
/** Of each containerd of the node one. */
const maxDirectories = 8;

/**
 * Which snapshots of containerd have no directory any more although they are mounted: what they were made for was removed.
 * containerd numbers them from a counter (storage/metastore.go), so a number does not come back.
 *
 * Their directory can be on a filesystem that hangs, so each read is announced; one that cannot be listed says nothing.
 */
export class GoneSnapshots {
  readonly #world: World;
  readonly #now: () => number;
  #searched: ReadonlySet<string> = new Set();
  #gone: ReadonlySet<string> = new Set();
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(world: World, now: () => number) {
    this.#world = world;
    this.#now = now;
  }

  /**
   * Polls once.
   *
   * @param snapshots the directories of those that are mounted where no runtime mounts them
   */
  collect(snapshots: ReadonlySet<string>): readonly string[] {
    const isFresh = [...snapshots].some((snapshot) => !this.#searched.has(snapshot));
    const open = [...snapshots].filter((snapshot) => !this.#gone.has(snapshot));
    const gone = [...snapshots].filter((snapshot) => this.#gone.has(snapshot));
    this.#searched = snapshots;
    if (open.length > 0 && (isFresh || this.#now() - this.#listedAt >= listEveryMs)) gone.push(...this.#read(open));
    this.#gone = new Set(gone);
    return gone;
  }

  #read(snapshots: readonly string[]): string[] {
    this.#listedAt = this.#now();
    const byDirectory = Map.groupBy(snapshots, (snapshot) => path.dirname(snapshot));
    return [...byDirectory].slice(0, maxDirectories).flatMap(([directory, some]) => {
      const names = this.#namesIn(directory);
      return names === null ? [] : some.filter((snapshot) => !names.has(path.basename(snapshot)));
    });
  }

  #namesIn(directory: string): ReadonlySet<string> | null {
    const file = this.#world.host(directory);
    this.#world.onRiskyRead(file);
    const names = this.#world.tryList(file);
    return names === null ? null : new Set(names);
  }
}
