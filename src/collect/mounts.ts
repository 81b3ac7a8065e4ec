import { parseContainerMounts } from '../parse/container-mount.ts';
import type { ContainerMount, MountNamespaceValue, MountsValue, NamespaceHolder } from '../sample/mounts.ts';
import { absent, failed, ok, type Reading } from '../sample/reading.ts';
import { isKernelThread, type ProcessEntry, type ProcessTable } from './process-table.ts';
import { codeOf, type World } from './world.ts';

/** Holders named per namespace: a person needs one to enter it; the count tells the rest. */
const maxHolders = 8;
/** Processes tried to read a namespace's mounts, should the first ones end meanwhile. */
const maxReaders = 3;

/** A process seldom changes its namespace: each is asked again in every sixth look. */
const askAgainEvery = 6;

/**
 * The mount namespaces of the node: one readlink per new process, one `mountinfo` per namespace.
 *
 * @param round counts the looks: whose turn it is to be asked again
 * @throws when the processes were never looked at
 */
export function collectMounts(world: World, table: ProcessTable, round: number): MountsValue {
  if (!table.scanned) throw new Error('the source "processes" is off, which finds the namespaces');
  const members = new Map<string, ProcessEntry[]>();
  let unreadable = 0;
  for (const entry of table.entries.values()) {
    // Kernel threads live in the first namespace (or kdevtmpfs's own), and a zombie has left its own.
    if (isKernelThread(entry.stat) || entry.stat.state === 'Z') continue;
    try {
      const { pid } = entry.stat;
      if (entry.mountNamespace === undefined || (pid + round) % askAgainEvery === 0) {
        entry.mountNamespace = inodeOf(world.readLink(world.proc(`${pid}/ns/mnt`))) ?? undefined;
      }
      if (entry.mountNamespace === undefined) continue;
      const namespace = members.get(entry.mountNamespace);
      if (namespace === undefined) members.set(entry.mountNamespace, [entry]);
      else namespace.push(entry);
    } catch (error) {
      if (codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM') unreadable++;
    }
  }
  // Where even root may not ask pid 1 (a container's first process), our own namespace stands for the host's.
  const ofInit = [...members].find(([, entries]) => entries.some(({ stat }) => stat.pid === 1))?.[0];
  const host = ofInit ?? inodeOf(world.tryLink(world.proc('self/ns/mnt')));
  const namespaces = [...members].map(([inode, entries]) => describe(world, inode, entries, inode === host));
  return { namespaces, unreadable, layers: absent('not read yet'), mayDetachMounts: null, units: [], reads: 0 };
}

/** `mnt:[4026531832]` */
function inodeOf(link: string | null): string | null {
  return /\[(\d+)\]/.exec(link ?? '')?.[1] ?? null;
}

function describe(world: World, inode: string, entries: ProcessEntry[], host: boolean): MountNamespaceValue {
  entries.sort((a, b) => a.stat.pid - b.stat.pid);
  const { mounts, total } = readMounts(world, entries);
  const holders: NamespaceHolder[] = entries.slice(0, maxHolders).map(({ stat }) => ({
    pid: stat.pid,
    comm: stat.comm,
    starttime: stat.starttime,
    ageSeconds: 0,
    kind: 'other',
    containerId: null,
    unit: null,
  }));
  return { inode, host, processes: entries.length, holders, total, rootPropagation: null, rootLayer: null, mounts };
}

function readMounts(
  world: World,
  entries: readonly ProcessEntry[],
): { mounts: Reading<readonly ContainerMount[]>; total: number } {
  const started = performance.now();
  let reason = 'no process of the namespace could be asked';
  for (const { stat } of entries.slice(0, maxReaders)) {
    const path = world.proc(`${stat.pid}/mountinfo`);
    try {
      // namespace_sem: a reader waits while someone mounts or unmounts.
      const { mounts, total } = parseContainerMounts(world.readText(path, true));
      return { mounts: ok(mounts, performance.now() - started), total };
    } catch (error) {
      reason = `${path}: ${codeOf(error) ?? String(error)}`;
    }
  }
  return { mounts: failed(reason), total: 0 };
}
