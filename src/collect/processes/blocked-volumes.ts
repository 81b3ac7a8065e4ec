import { parseVolumes } from '../../parse/proc/volumes.ts';
import type { VolumeMount } from '../../sample/processes.ts';
import type { World } from '../world.ts';
import type { ProcessEntry } from './table.ts';

/** Volumes listed of one process. */
const maxVolumes = 32;
/** `mountinfo` files read in one poll: each can be long, and waits during a mount or unmount. */
const maxReads = 8;

/** The filesystems that blocked processes can see: one of them is what each waits for. Read once a process. */
export class BlockedVolumes {
  readonly #world: World;
  readonly #known = new WeakMap<ProcessEntry, readonly VolumeMount[]>();
  #readsLeft = maxReads;

  constructor(world: World) {
    this.#world = world;
  }

  /** Begins a poll: the budget is full again. */
  begin(): void {
    this.#readsLeft = maxReads;
  }

  /**
   * @param files what its blocked tasks work on
   * @returns empty if unreadable, or left to a later poll
   */
  of(entry: ProcessEntry, files: readonly string[]): readonly VolumeMount[] {
    const known = this.#known.get(entry);
    if (known !== undefined) return known;
    if (this.#readsLeft-- <= 0) return [];
    // namespace_sem: a reader waits while someone mounts or unmounts.
    const text = this.#world.tryText(this.#world.proc(`${entry.stat.pid}/mountinfo`), true);
    const volumes = text === null ? [] : parseVolumes(text, files, maxVolumes);
    this.#known.set(entry, volumes);
    return volumes;
  }
}
