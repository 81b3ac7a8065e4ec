import { kernelAtLeast } from '../../base/kernel-release.ts';
import type { LayerOwner, MountNamespaceValue, MountsValue, NamespaceHolder } from '../../sample/mounts.ts';
import { okValue } from '../../sample/reading.ts';
import { UnitFiles } from '../daemons/unit-files.ts';
import { ProcessContainers } from '../processes/containers.ts';
import type { ProcessTable } from '../processes/table.ts';
import type { World } from '../world.ts';
import { GoneSnapshots } from './gone-snapshots.ts';
import { MountHolders } from './holders.ts';
import { LayerOwners } from './layer-owners.ts';
import { capMounts } from './limit.ts';
import { findMountMembers, type MountMembers } from './members.ts';
import { MountTables, type WantedTable } from './tables.ts';

/** The mount namespaces of the node, the processes in them, and the containers' mounts in each. */
export class MountsCollector {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #now: () => number;
  readonly #holders: MountHolders;
  readonly #tables: MountTables;
  readonly #layers: LayerOwners;
  readonly #snapshots: GoneSnapshots;
  readonly #units: UnitFiles;
  #round = 0;

  /**
   * @param kernel the release of the node's kernel
   * @param now this process's own clock, in milliseconds: for budgets and periods
   */
  constructor(world: World, table: ProcessTable, kernel: string, now: () => number = () => performance.now()) {
    this.#world = world;
    this.#table = table;
    this.#now = now;
    // 9067d90006df, merged for 6.8: proc_cgroup_show no longer takes cgroup_mutex.
    this.#holders = new MountHolders(world, new ProcessContainers(world, table, kernel), kernelAtLeast(kernel, 6, 8));
    this.#tables = new MountTables(world, now);
    this.#layers = new LayerOwners(world, now);
    this.#snapshots = new GoneSnapshots(world, now);
    this.#units = new UnitFiles(world, now);
  }

  /**
   * Polls once.
   *
   * @throws if the process table was never read, or the uptime is unreadable
   */
  collect(): MountsValue {
    if (!this.#table.scanned) throw new Error('needs the source "processes", which is disabled');
    const uptimeSeconds = this.#world.uptimeSeconds();
    const { namespaces, unreadable } = findMountMembers(this.#world, this.#table, this.#round++, uptimeSeconds);
    const wanted = namespaces.map((members) => this.#want(members));
    const reads = this.#tables.read(wanted);
    const values = this.#describe(namespaces, wanted, uptimeSeconds);
    const goneSnapshots = this.#snapshots.collect(strayIn(values));
    const mayDetach = this.#world.tryText(this.#world.proc('sys/fs/may_detach_mounts'))?.trim();
    return {
      namespaces: values,
      unreadable,
      layers: this.#layers.collect(this.#storagesOf(wanted), layersIn(values), ownersIn(values)),
      ...(goneSnapshots.length > 0 ? { goneSnapshots } : {}),
      mayDetachMounts: mayDetach === undefined ? null : mayDetach !== '0',
      units: this.#units.collect(serviceNames(values)),
      reads,
    };
  }

  #want({ inode, host, entries }: MountMembers): WantedTable {
    const sorted = this.#holders.sort(entries);
    const notable = sorted.filter((entry, index) => index === 0 || this.#holders.kindOf(entry) !== 'other');
    return {
      inode,
      home: host || sorted.some((entry) => this.#holders.kindOf(entry) === 'daemon'),
      entries: sorted,
      signature: notable.map(({ stat }) => `${stat.pid}:${stat.starttime}`).join(),
    };
  }

  #describe(
    namespaces: readonly MountMembers[],
    wanted: readonly WantedTable[],
    uptimeSeconds: number,
  ): MountNamespaceValue[] {
    const now = this.#now();
    const capped = capMounts(
      wanted.map(({ inode, home }) => ({ home, mounts: okValue(this.#tables.of(inode).mounts) ?? [] })),
    );
    return namespaces.map(({ inode, host, entries }, index) => {
      const { mounts, total, rootLayer, readAt } = this.#tables.of(inode);
      const { mounts: kept, more } = capped[index] ?? { mounts: [], more: 0 };
      const holders = this.#holders.describe(wanted[index]?.entries ?? [], uptimeSeconds);
      const ageMs = Math.round(now - readAt);
      return {
        inode,
        host,
        processes: entries.length,
        holders,
        total,
        rootLayer,
        mounts: mounts.status === 'ok' ? { ...mounts, value: kept } : mounts,
        ...(readAt >= 0 && ageMs >= staleMs ? { ageMs } : {}),
        ...(more > 0 ? { more } : {}),
      };
    });
  }

  /** Of the home namespaces only: elsewhere a storage driver's directory can have another path. */
  #storagesOf(wanted: readonly WantedTable[]): string[] {
    return [...new Set(wanted.flatMap(({ inode, home }) => (home ? this.#tables.of(inode).storages : [])))];
  }
}

/** A table read at the same poll has no age. */
const staleMs = 5000;

function layersIn(namespaces: readonly MountNamespaceValue[]): Set<string> {
  const layers = new Set<string>();
  for (const { mounts } of namespaces) {
    for (const { layer } of okValue(mounts) ?? []) if (layer !== null && !isSnapshot(layer)) layers.add(layer);
  }
  return layers;
}

/** The directory of a snapshot of containerd, which is in no layer database. */
function isSnapshot(layer: string): boolean {
  return layer.startsWith('/');
}

/** The snapshots of containerd that are mounted, but neither where a path names their container nor as the `/` of one. */
function strayIn(namespaces: readonly MountNamespaceValue[]): Set<string> {
  const stray = new Set<string>();
  const inPlace = new Set<string>();
  for (const { rootLayer, mounts } of namespaces) {
    if (rootLayer !== null) inPlace.add(rootLayer);
    for (const { layer, containerId } of okValue(mounts) ?? []) {
      if (layer !== null && isSnapshot(layer)) (containerId === null ? stray : inPlace).add(layer);
    }
  }
  return new Set([...stray].filter((layer) => !inPlace.has(layer)));
}

/** A running container's own namespace names its layer, and its processes the container. */
function ownersIn(namespaces: readonly MountNamespaceValue[]): LayerOwner[] {
  const owners = new Map<string, string>();
  for (const { rootLayer, holders } of namespaces) {
    const containerId = holders.find((holder) => holder.kind === 'other' && holder.containerId !== null)?.containerId;
    if (rootLayer !== null && !isSnapshot(rootLayer) && containerId != null) owners.set(rootLayer, containerId);
  }
  return [...owners].map(([layer, containerId]) => ({ layer, containerId }));
}

function serviceNames(namespaces: readonly MountNamespaceValue[]): string[] {
  const holders: readonly NamespaceHolder[] = namespaces.flatMap((namespace) => namespace.holders);
  return [...new Set(holders.flatMap(({ kind, unit }) => (kind === 'daemon' && unit !== null ? [unit] : [])))].sort();
}
