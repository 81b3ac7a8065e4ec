import { parsePidStatus } from '../../parse/proc/pid/status.ts';
import type { ProcessEntry } from '../processes/table.ts';
import type { World } from '../world.ts';
import type { ShimPrograms } from './shim-programs.ts';

/** An idle shim has 14 to 21 MiB. */
const reportedBytes = 256 * 1024 ** 2;
/** Each shim is read in one poll of so many: memory grows over hours. */
const turns = 15;

/** The memory of shims that have far more than they need. */
export class ShimMemory {
  readonly #world: World;
  readonly #sizes = new WeakMap<ProcessEntry, number | null>();
  readonly #programs: ShimPrograms;
  #turn = 0;

  constructor(world: World, programs: ShimPrograms) {
    this.#world = world;
    this.#programs = programs;
  }

  /** Begins a poll. */
  begin(): void {
    this.#turn = (this.#turn + 1) % turns;
  }

  /** Bytes; null for one of a usual size, and for a shim that holds a virtual machine or the workload itself. */
  of(entry: ProcessEntry): number | null {
    if (!this.#sizes.has(entry) || entry.stat.pid % turns === this.#turn) this.#sizes.set(entry, this.#read(entry));
    return this.#sizes.get(entry) ?? null;
  }

  #read(entry: ProcessEntry): number | null {
    const text = this.#world.tryText(this.#world.proc(`${entry.stat.pid}/status`));
    const bytes = text === null ? null : parsePidStatus(text).rssBytes;
    return bytes !== null && bytes >= reportedBytes && this.#programs.isRunc(entry) === true ? bytes : null;
  }
}
