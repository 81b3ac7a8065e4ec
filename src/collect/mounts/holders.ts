import { isConmon } from '../../parse/cri/conmon.ts';
import { isDaemonOrShim, isDockerd } from '../../parse/engine/shim-bundle.ts';
import { parsePidUnit } from '../../parse/proc/pid/unit.ts';
import type { NamespaceHolder } from '../../sample/mounts.ts';
import type { ProcessContainers } from '../processes/containers.ts';
import { ageOf, type ProcessEntry } from '../processes/table.ts';
import type { World } from '../world.ts';
import { filesOf } from './members.ts';

type Kind = NamespaceHolder['kind'];

const ranks: Readonly<Record<Kind, number>> = { daemon: 0, shim: 1, init: 2, other: 2 };
/** Daemons and shims are what a finding is about; of the others a person needs one to enter the namespace by. */
const maxRuntimeHolders = 64;
const maxOtherHolders = 8;
/** A process is forked first and then moved to its control group: what was read of a younger one is read again. */
const settledSeconds = 10;

interface Known {
  readonly comm: string;
  readonly kind: Kind;
  /** Null until it was read. */
  place: Place | null;
}

interface Place {
  readonly containerId: string | null;
  readonly unit: string | null;
  readonly settled: boolean;
}

/** The processes in a mount namespace: each is read once, as long as it lives and keeps its name. */
export class MountHolders {
  readonly #world: World;
  readonly #cgroupIsSafe: boolean;
  readonly #containers: ProcessContainers;
  readonly #known = new WeakMap<ProcessEntry, Known>();

  /** @param cgroupIsSafe the kernel is 6.8 or newer, where reading `cgroup` takes no global lock (9067d90006df) */
  constructor(world: World, containers: ProcessContainers, cgroupIsSafe: boolean) {
    this.#world = world;
    this.#containers = containers;
    this.#cgroupIsSafe = cgroupIsSafe;
  }

  /** Daemons first, then shims, then the lowest pids. */
  sort(entries: readonly ProcessEntry[]): ProcessEntry[] {
    const rank = (entry: ProcessEntry): number => ranks[this.kindOf(entry)];
    return [...entries].sort((a, b) => rank(a) - rank(b) || a.stat.pid - b.stat.pid);
  }

  kindOf(entry: ProcessEntry): Kind {
    return this.#knownOf(entry).kind;
  }

  /**
   * @param entries sorted
   * @param uptimeSeconds of the node, now
   */
  describe(entries: readonly ProcessEntry[], uptimeSeconds: number): NamespaceHolder[] {
    const holders: NamespaceHolder[] = [];
    let runtime = 0;
    let others = 0;
    for (const entry of entries) {
      const kind = this.kindOf(entry);
      const hasRoom = kind === 'daemon' || kind === 'shim' ? runtime++ < maxRuntimeHolders : others++ < maxOtherHolders;
      if (hasRoom) holders.push(this.#describeOne(entry, kind, uptimeSeconds));
      else if (others > maxOtherHolders) break;
    }
    return holders;
  }

  #describeOne(entry: ProcessEntry, kind: Kind, uptimeSeconds: number): NamespaceHolder {
    const { pid, comm, starttime } = entry.stat;
    const ageSeconds = ageOf({ starttime }, uptimeSeconds);
    const { containerId, unit } = this.#placeOf(entry, kind, ageSeconds);
    return { pid, comm, starttime, ageSeconds, kind, containerId, unit };
  }

  #knownOf(entry: ProcessEntry): Known {
    const { comm } = entry.stat;
    let known = this.#known.get(entry);
    if (known?.comm !== comm) {
      known = { comm, kind: this.#askKind(entry), place: null };
      this.#known.set(entry, known);
    }
    return known;
  }

  #askKind({ stat: { pid, comm } }: ProcessEntry): Kind {
    if (pid === 1) return 'init';
    if (comm.startsWith('containerd-shim') || isConmon(comm)) return 'shim';
    if (isDockerd(comm) || comm === 'containerd' || comm === 'crio') return 'daemon';
    if (!isDaemonOrShim(comm)) return 'other';
    const exe = this.#world.tryLink(this.#world.proc(`${pid}/exe`));
    return exe?.includes('-shim') || this.#bundleOf(pid) !== null ? 'shim' : 'daemon';
  }

  #placeOf(entry: ProcessEntry, kind: Kind, ageSeconds: number): Place {
    const known = this.#knownOf(entry);
    if (known.place?.settled) return known.place;
    const text = this.#cgroupOf(entry);
    const own = text === null ? null : (this.#containers.idsIn(text)[0] ?? null);
    // A shim lives in the daemon's control group.
    const containerId = kind === 'shim' ? (this.#bundleOf(entry.stat.pid) ?? own) : (own ?? entry.containerId ?? null);
    const unit = text === null ? null : parsePidUnit(text);
    known.place = { containerId, unit, settled: text !== null && ageSeconds >= settledSeconds };
    return known.place;
  }

  #cgroupOf(entry: ProcessEntry): string | null {
    const blocked = entry.stat.state === 'D' || entry.blockedThreads.length > 0;
    if (blocked && !this.#cgroupIsSafe) return null;
    return this.#world.tryText(this.#world.proc(`${filesOf(entry)}/cgroup`), !this.#cgroupIsSafe);
  }

  /**
   * The container of a shim by its working directory, the bundle: `…/io.containerd.runtime.v2.task/moby/<id>`, with names
   * for ids under ctr; `…/libcontainerd/<id>/init` before Docker 17.11; `…/overlay-containers/<id>/userdata` of conmon.
   */
  #bundleOf(pid: number): string | null {
    const bundle = this.#world.tryLink(this.#world.proc(`${pid}/cwd`)) ?? '';
    return (
      /\/io\.containerd\.runtime\.v(?:1\.linux|2\.task)\/[^/]+\/([^/]+)$/.exec(bundle)?.[1] ??
      /\/([0-9a-f]{64})(?=\/|$)/.exec(bundle)?.[1] ??
      null
    );
  }
}
