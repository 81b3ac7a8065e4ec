import { codeOf } from '../../base/system-error.ts';
import { ticksPerSecond } from '../../parse/proc/stat.ts';
import { isKernelThread, type ProcessEntry, type ProcessTable } from '../processes/table.ts';
import { sleptForLong } from '../processes/turns.ts';
import type { World } from '../world.ts';

/** The processes of one mount namespace. */
export interface MountMembers {
  readonly inode: string;
  /** Whether pid 1 lives in it. */
  readonly host: boolean;
  readonly entries: readonly ProcessEntry[];
}

/**
 * A process rarely changes its namespace, and one that sleeps does not: those that slept for long are read again in six turns, the
 * others at each poll, on a crowded node in turns as well.
 */
const askedPerPoll = 1000;
const maxStride = 6;
/** A young one may still be on its way into its namespace (clone, unshare, exec). */
const youngSeconds = 10;

/**
 * Groups the processes by mount namespace: one readlink per new process, later in turns.
 *
 * @param round counts the polls: decides whose turn it is to be read again
 * @param uptimeSeconds of the node, now
 * @returns the namespaces, and the number of unreadable processes
 */
export function findMountMembers(
  world: World,
  table: ProcessTable,
  round: number,
  uptimeSeconds: number,
): { namespaces: MountMembers[]; unreadable: number } {
  const members = new Map<string, ProcessEntry[]>();
  const stride = Math.min(maxStride, Math.max(1, Math.ceil(table.entries.size / askedPerPoll)));
  const youngFrom = (uptimeSeconds - youngSeconds) * ticksPerSecond;
  let unreadable = 0;
  for (const entry of table.entries.values()) {
    const files = filesOf(entry);
    if (files === null) continue;
    const { pid, starttime } = entry.stat;
    try {
      const turns = sleptForLong(entry) ? maxStride : stride;
      if (entry.mountNamespace === undefined || starttime >= youngFrom || (pid + round) % turns === 0) {
        entry.mountNamespace = inodeOf(world.readLink(world.proc(`${files}/ns/mnt`))) ?? undefined;
      }
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EACCES' || code === 'EPERM') unreadable++;
      // It has left its namespace, and ends.
      if (code === 'ENOENT' || code === 'ESRCH') continue;
    }
    if (entry.mountNamespace === undefined) continue;
    const namespace = members.get(entry.mountNamespace);
    if (namespace === undefined) members.set(entry.mountNamespace, [entry]);
    else namespace.push(entry);
  }
  // If even root cannot read pid 1 (a container's first process), our own namespace stands for the host's.
  const ofInit = table.entries.get(1)?.mountNamespace;
  const host = ofInit ?? inodeOf(world.tryLink(world.proc('self/ns/mnt')));
  const namespaces = [...members].map(([inode, entries]) => ({ inode, host: inode === host, entries }));
  return { namespaces, unreadable };
}

/**
 * The directory below /proc that has a process's namespace; null if it has none. Kernel threads are in the first one (or
 * kdevtmpfs's own), and a zombie has left its own. But a thread that hangs keeps the namespace of a dead leader.
 */
export function filesOf({ stat, blockedThreads }: ProcessEntry): string | null {
  if (isKernelThread(stat)) return null;
  if (stat.state !== 'Z') return `${stat.pid}`;
  const thread = blockedThreads[0];
  return thread === undefined ? null : `${stat.pid}/task/${thread.pid}`;
}

/** `mnt:[4026531832]` */
function inodeOf(link: string | null): string | null {
  return /\[(\d+)\]/.exec(link ?? '')?.[1] ?? null;
}
