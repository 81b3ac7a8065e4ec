import { isRuncShim } from '../../parse/engine/shim-bundle.ts';
import { parsePidStatus } from '../../parse/proc/pid/status.ts';
import { isBlocked } from '../processes/containers.ts';
import type { ProcessEntry } from '../processes/table.ts';
import type { World } from '../world.ts';

/** An idle shim has 14 to 21 MiB. */
const reportedBytes = 256 * 1024 ** 2;
/** Each shim is read in one poll of so many: memory grows over hours. */
const turns = 15;

/** The memory of shims that have far more than they need. */
export class ShimMemory {
  readonly #world: World;
  readonly #sizes = new WeakMap<ProcessEntry, number | null>();
  readonly #runc = new WeakMap<ProcessEntry, boolean>();
  #turn = 0;

  constructor(world: World) {
    this.#world = world;
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
    return bytes !== null && bytes >= reportedBytes && this.#isRunc(entry) ? bytes : null;
  }

  /** By its command line, because comm is cut. */
  #isRunc(entry: ProcessEntry): boolean {
    const known = this.#runc.get(entry);
    if (known !== undefined || isBlocked(entry)) return known ?? false;
    const text = this.#world.tryText(this.#world.proc(`${entry.stat.pid}/cmdline`), true);
    const isRunc = isRuncShim(text ?? '');
    if (text !== null) this.#runc.set(entry, isRunc);
    return isRunc;
  }
}
