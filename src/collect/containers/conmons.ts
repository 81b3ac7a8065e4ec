import { type ConmonCommand, isConmon, parseConmonCommand } from '../../parse/cri/conmon.ts';
import { isBlocked } from '../processes/containers.ts';
import type { ProcessEntry } from '../processes/table.ts';
import type { World } from '../world.ts';

/** The conmon processes, which are to CRI-O and Podman what shims are to containerd. Each command line is read once. */
export class Conmons {
  readonly #world: World;
  readonly #commands = new WeakMap<ProcessEntry, ConmonCommand>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The container that a process watches; null for another process, and as long as its command line cannot be read. */
  of(entry: ProcessEntry): ConmonCommand | null {
    const { comm, state, pid } = entry.stat;
    if (!isConmon(comm) || state === 'Z') return null;
    const known = this.#commands.get(entry);
    // A command line hangs where a thread of its process waits with the memory map's lock.
    if (known !== undefined || isBlocked(entry)) return known ?? null;
    const command = parseConmonCommand(this.#world.tryText(this.#world.proc(`${pid}/cmdline`), true) ?? '');
    if (command !== null) this.#commands.set(entry, command);
    return command;
  }
}
