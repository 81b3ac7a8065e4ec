import { detachAll } from '../../base/detach.ts';
import { parseContainerMounts } from '../../parse/proc/container-mount.ts';
import type { ContainerMount } from '../../sample/mounts.ts';
import { failed, ok, pending, type Reading } from '../../sample/reading.ts';
import type { ProcessEntry } from '../processes/table.ts';
import { reasonOf } from '../reason.ts';
import type { World } from '../world.ts';
import { MountPool } from './intern.ts';
import { filesOf } from './members.ts';

/** A namespace whose mounts are wanted. */
export interface WantedTable {
  readonly inode: string;
  /** The host's, or one with a daemon in it: what the others are compared with. */
  readonly home: boolean;
  /** The processes to read through, the best first. */
  readonly entries: readonly ProcessEntry[];
  /** Changes when a daemon, a shim or the first process comes or goes. */
  readonly signature: string;
}

/** The mounts of one namespace as last read. */
interface MountTable {
  readonly mounts: Reading<readonly ContainerMount[]>;
  readonly total: number;
  readonly rootLayer: string | null;
  readonly storages: readonly string[];
  /** On this process's own clock, in milliseconds; negative when it was not read yet. */
  readonly readAt: number;
  readonly signature: string;
}

/** Processes tried to read a namespace's mounts, should the first ones end meanwhile. */
const maxReaders = 3;
/** Time budget of a poll, in milliseconds: the first one; later for those with a hint, of services, and containers' own. */
const firstBudgetMs = 2000;
const hintedBudgetMs = 100;
const foreignBudgetMs = 75;
const ownBudgetMs = 20;

/** Polls after which the pool forgets what was not read again: longer than a rotation takes. */
const sweepEvery = 12;

const notYet: MountTable = {
  mounts: pending(0, 'not read yet'),
  total: 0,
  rootLayer: null,
  storages: [],
  readAt: -1,
  signature: '',
};

/**
 * The mount tables of all namespaces, each read through one of its processes.
 *
 * No cheap read shows that a foreign table has changed (Node has no poll(2) on `mountinfo`, and a copy made by `mount
 * --rbind` inside a namespace shows nowhere else), so all are read repeatedly: the home ones at every poll, then those with
 * a hint (new, failed before, other daemons or shims in it), then the others, the longest unread first, within a budget of
 * time. On nodes of normal size that is all of them at every poll.
 */
export class MountTables {
  readonly #world: World;
  readonly #now: () => number;
  readonly #pool = new MountPool();
  readonly #tables = new Map<string, MountTable>();
  #homeSignature = '';
  #first = true;
  #polls = 0;

  constructor(world: World, now: () => number) {
    this.#world = world;
    this.#now = now;
  }

  /** @returns how many were read */
  read(wanted: readonly WantedTable[]): number {
    this.#forget(wanted);
    let reads = 0;
    const readAll = (list: readonly WantedTable[], budgetMs: number): void => {
      const until = this.#now() + (this.#first ? firstBudgetMs : budgetMs);
      for (const one of list) {
        this.#tables.set(one.inode, this.#readOne(one));
        reads++;
        if (this.#now() >= until) break;
      }
    };
    readAll(
      wanted.filter(({ home }) => home),
      Number.POSITIVE_INFINITY,
    );
    const changed = this.#homeChanged(wanted);
    const rest = wanted.filter(({ home }) => !home).sort((a, b) => this.of(a.inode).readAt - this.of(b.inode).readAt);
    const hinted = rest.filter((one) => this.#hasHint(one));
    readAll(hinted, hintedBudgetMs);
    const others = rest.filter((one) => !hinted.includes(one));
    const [own, foreign] = [others.filter((one) => this.#isOwn(one)), others.filter((one) => !this.#isOwn(one))];
    // What is mounted or unmounted in a home namespace arrives in the copies, or should.
    readAll(foreign, changed ? hintedBudgetMs : foreignBudgetMs);
    readAll(own, ownBudgetMs);
    this.#first = false;
    if (++this.#polls % sweepEvery === 0) this.#pool.sweep();
    return reads;
  }

  of(inode: string): MountTable {
    return this.#tables.get(inode) ?? notYet;
  }

  #forget(wanted: readonly WantedTable[]): void {
    const living = new Set(wanted.map(({ inode }) => inode));
    for (const inode of this.#tables.keys()) if (!living.has(inode)) this.#tables.delete(inode);
  }

  #hasHint({ inode, signature }: WantedTable): boolean {
    const table = this.of(inode);
    return table.mounts.status !== 'ok' || table.signature !== signature;
  }

  /** A container's own namespace without mounts of others. */
  #isOwn({ inode }: WantedTable): boolean {
    const { rootLayer, mounts } = this.of(inode);
    return rootLayer !== null && mounts.status === 'ok' && mounts.value.length === 0;
  }

  #homeChanged(wanted: readonly WantedTable[]): boolean {
    const devices: string[] = [];
    for (const { inode, home } of wanted) {
      const { mounts } = this.of(inode);
      if (home && mounts.status === 'ok') devices.push(...mounts.value.map(({ device, path }) => device + path));
    }
    const signature = devices.join();
    const changed = signature !== this.#homeSignature;
    this.#homeSignature = signature;
    return changed;
  }

  #readOne({ entries, signature }: WantedTable): MountTable {
    const started = this.#now();
    let reason = 'no process of the namespace is readable';
    for (const entry of this.#readersOf(entries)) {
      const path = this.#world.proc(`${filesOf(entry)}/mountinfo`);
      try {
        // namespace_sem: a reader waits while someone mounts or unmounts.
        const { mounts, ...rest } = parseContainerMounts(this.#world.readText(path, true));
        const pooled = mounts.map((mount) => this.#pool.take(mount));
        return { ...detachAll(rest), mounts: ok(pooled, this.#now() - started), readAt: this.#now(), signature };
      } catch (error) {
        reason = reasonOf(error);
      }
    }
    return { ...notYet, mounts: failed(reason), readAt: this.#now(), signature };
  }

  /** `mountinfo` shows only what is below the reader's root: a process in a chroot is used only if there is no other. */
  #readersOf(entries: readonly ProcessEntry[]): ProcessEntry[] {
    const candidates = entries.slice(0, maxReaders * 2);
    const whole = candidates.find((entry) => {
      const root = this.#world.tryLink(this.#world.proc(`${filesOf(entry)}/root`));
      return root === null || root === '/';
    });
    if (whole === undefined || whole === candidates[0]) return candidates.slice(0, maxReaders);
    return [whole, ...candidates.filter((entry) => entry !== whole)].slice(0, maxReaders);
  }
}
