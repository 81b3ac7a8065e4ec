import { isRuncShim } from '../../parse/engine/shim-bundle.ts';
import { isBlocked } from '../processes/containers.ts';
import type { ProcessEntry } from '../processes/table.ts';
import type { World } from '../world.ts';

/** Which program a shim is, by its command line: comm is cut before the words differ. Read once. */
export class ShimPrograms {
  readonly #world: World;
  readonly #runc = new WeakMap<ProcessEntry, boolean>();

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Whether it is a shim for runc (and crun); false for one that holds a virtual machine or a sandbox (Kata, gVisor), or runs the workload
   * itself. Null if unknown.
   */
  isRunc(entry: ProcessEntry): boolean | null {
    const known = this.#runc.get(entry);
    // A command line hangs where a thread of its process waits with the memory map's lock.
    if (known !== undefined || isBlocked(entry)) return known ?? null;
    const text = this.#world.tryText(this.#world.proc(`${entry.stat.pid}/cmdline`), true);
    // A process on its way out has none.
    if (text === null || text === '') return null;
    const isRunc = isRuncShim(text);
    this.#runc.set(entry, isRunc);
    return isRunc;
  }
}
