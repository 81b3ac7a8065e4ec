import type { CgroupsValue } from '../../sample/cgroups.ts';
import type { World } from '../world.ts';

/** Where the control groups are mounted: the layout that systemd makes, and every runtime relies on. */
export interface Hierarchies {
  readonly version: CgroupsValue['version'];
  /** The one that is searched for containers. The others have the same groups, below the same paths. */
  readonly groups: string;
  /** Has `io.pressure`; null on v1. */
  readonly pressure: string | null;
  /** Counts the bytes of I/O. */
  readonly io: string | null;
  readonly memory: string | null;
  /** Counts the CPU time. */
  readonly cpu: string | null;
  readonly pids: string | null;
  /** Has `freezer.state`; null on v2, where every group has `cgroup.freeze`. */
  readonly freezer: string | null;
}

/** Null when there are no control groups at `/sys/fs/cgroup`. */
export function findHierarchies(world: World): Hierarchies | null {
  const base = `${world.roots.sysfs}/fs/cgroup`;
  const names = world.tryList(base) ?? [];
  if (names.includes('cgroup.controllers')) {
    const all = { groups: base, pressure: base, io: base, memory: base, cpu: base, pids: base };
    return { version: 'v2', ...all, freezer: null };
  }
  const of = (name: string): string | null => (names.includes(name) ? `${base}/${name}` : null);
  const [memory, io, unified] = [of('memory'), of('blkio'), of('unified')];
  // Mounted together as `cpu,cpuacct`, with a symbolic link for each.
  const [cpu, pids, freezer] = [of('cpuacct'), of('pids'), of('freezer')];
  const groups = memory ?? io ?? pids ?? freezer ?? unified;
  if (groups === null) return null;
  return { version: unified === null ? 'v1' : 'hybrid', groups, pressure: unified, io, memory, cpu, pids, freezer };
}
