import type { ProcessEntry } from '../processes/table.ts';
import type { World } from '../world.ts';
import { hidesDescriptors, isSideDoor, listeningSockets } from './debug-socket.ts';

/** A daemon that is younger is not expected to listen yet. */
const youngSeconds = 20;
const retryMs = 10_000;

/** Whether a daemon listens where clients expect it: looked for until it does, then known. */
export class Listening {
  readonly #world: World;
  readonly #now: () => number;
  #identity = '';
  #listens: boolean | null = null;
  #dueAt = 0;

  constructor(world: World, now: () => number = () => performance.now()) {
    this.#world = world;
    this.#now = now;
  }

  /** Null while it is young, and where it may not be asked. */
  of({ stat }: ProcessEntry, ageSeconds: number): boolean | null {
    const identity = `${stat.pid} ${stat.starttime}`;
    if (identity !== this.#identity) {
      this.#identity = identity;
      this.#listens = null;
      this.#dueAt = 0;
    }
    const isDue = this.#listens !== true && ageSeconds >= youngSeconds && this.#now() >= this.#dueAt;
    if (!isDue) return this.#listens;
    this.#dueAt = this.#now() + retryMs;
    this.#listens = this.#read(stat.pid);
    return this.#listens;
  }

  #read(pid: number): boolean | null {
    const fds = this.#world.tryList(this.#world.proc(`${pid}/fd`));
    const sockets = this.#world.tryText(this.#world.proc(`${pid}/net/unix`));
    if (fds === null || fds.length === 0 || sockets === null || hidesDescriptors(this.#world, pid)) return null;
    return listeningSockets(this.#world, pid).some((path) => !isSideDoor(path));
  }
}
