import { parseUnixSockets, type UnixSocket } from '../../parse/proc/net-unix.ts';
import type { FdKinds } from '../../sample/daemons.ts';
import type { World } from '../world.ts';

/** Links read in one poll; a million of them would take seconds. */
const maxLinks = 4096;
/** Above this many the numbers are tried instead of listed: the descriptors of a process that leaks them lie close. */
const maxListed = 65_536;
const kindsPeriodMs = 10_000;
/** The pause between reads is this many times as long as a read: at most 2% of the time goes into them. */
const costFactor = 50;
/** A connected unix socket without its peer has two users left: the descriptor and the kernel's table (af_unix.c). */
const referencesAlone = 2;

/** The open descriptors of one daemon: their number at every poll, their types less often. */
export class DaemonDescriptors {
  readonly #world: World;
  readonly #now: () => number;
  #pid = 0;
  #fds: number | null = null;
  #countAt = 0;
  #kinds: FdKinds | null = null;
  #kindsAt = 0;

  constructor(world: World, now: () => number = () => performance.now()) {
    this.#world = world;
    this.#now = now;
  }

  /** The number of descriptors and their types. Nulls if the process is unreadable. */
  read(pid: number): { fds: number | null; fdKinds: FdKinds | null } {
    if (pid !== this.#pid) {
      this.#pid = pid;
      this.#countAt = 0;
      this.#kindsAt = 0;
      this.#kinds = null;
    }
    const started = this.#now();
    if (started >= this.#countAt) {
      this.#fds = this.#count();
      this.#countAt = this.#pause(started, 0);
    }
    if (started >= this.#kindsAt && this.#fds !== null) {
      this.#kinds = this.#readLinks(this.#fds);
      this.#kindsAt = this.#pause(started, kindsPeriodMs);
    }
    return { fds: this.#fds, fdKinds: this.#kinds };
  }

  /** When to read again, after a read that began then. */
  #pause(started: number, leastMs: number): number {
    const ended = this.#now();
    return ended + Math.max(leastMs, (ended - started) * costFactor);
  }

  /** The size of the directory is the number since Linux 6.2; before, the entries are counted. */
  #count(): number | null {
    const path = this.#world.proc(`${this.#pid}/fd`);
    const size = this.#world.live ? this.#world.trySize(path) : null;
    return size !== null && size > 0 ? size : (this.#world.tryList(path)?.length ?? null);
  }

  #readLinks(count: number): FdKinds | null {
    const folder = this.#world.proc(`${this.#pid}/fd`);
    const names = count > maxListed ? Array.from({ length: count }, (_, n) => String(n)) : this.#world.tryList(folder);
    if (names === null) return null;
    // One readlink each: it needs the path only, and does not touch what the descriptor leads to.
    const links = spread(names, maxLinks).flatMap((name) => this.#world.tryLink(`${folder}/${name}`) ?? []);
    if (links.length === 0 && names.length > 0) return null;
    const inodes = links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
    const pipes = links.filter((link) => link.startsWith('pipe:')).length;
    const files = links.filter((link) => link.startsWith('/')).length;
    return {
      sockets: inodes.length,
      ...this.#readSockets(inodes),
      pipes,
      files,
      anonymous: links.length - inodes.length - pipes - files,
      unseen: Math.max(0, names.length - links.length),
    };
  }

  /** `/proc/PID/net/unix` is the table of the process's own network namespace. */
  #readSockets(inodes: readonly string[]): Pick<FdKinds, 'unixSockets' | 'accepted' | 'peerless'> {
    const table = this.#world.tryText(this.#world.proc(`${this.#pid}/net/unix`));
    if (table === null) return { unixSockets: null, accepted: null, peerless: null };
    const sockets = parseUnixSockets(table);
    const own = inodes.flatMap((inode) => sockets.get(inode) ?? []);
    const accepted = own.filter(isAccepted);
    return {
      unixSockets: own.length,
      accepted: accepted.length,
      peerless: accepted.filter(({ references }) => references === referencesAlone).length,
    };
  }
}

const isAccepted = ({ path, listening, connected }: UnixSocket): boolean => path !== null && connected && !listening;

/** At most so many of them, at even distances. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, n) => all[Math.floor((n * all.length) / most)] as T);
}
