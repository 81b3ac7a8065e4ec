import { parseOpenFilesLimit } from '../parse/pid-limits.ts';
import { parsePidStatus } from '../parse/pid-status.ts';
import { ticksPerSecond } from '../parse/proc-stat.ts';
import type { DaemonProcess } from '../sample/daemons.ts';
import type { ProcessEntry } from './process-table.ts';
import type { World } from './world.ts';

/**
 * A daemon's process as the kernel tells it.
 *
 * @throws when its status cannot be read
 */
export function readDaemonProcess(world: World, { stat }: ProcessEntry, uptimeSeconds: number): DaemonProcess {
  const { pid, starttime } = stat;
  const status = parsePidStatus(world.readText(world.proc(`${pid}/status`)));
  const limits = world.tryText(world.proc(`${pid}/limits`));
  return {
    pid,
    starttime,
    ageSeconds: Math.max(0, uptimeSeconds - starttime / ticksPerSecond),
    rssBytes: status.rssBytes ?? 0,
    fds: countFds(world, pid),
    fdLimit: limits === null ? null : parseOpenFilesLimit(limits),
    threads: status.threads,
    mountNamespace: null,
    fdKinds: null,
  };
}

/** The kernel tells the number as the directory's size since 6.2; before, the entries are counted. */
function countFds(world: World, pid: number): number | null {
  const path = world.proc(`${pid}/fd`);
  const size = world.live ? world.trySize(path) : null;
  return size !== null && size > 0 ? size : (world.tryList(path)?.length ?? null);
}
