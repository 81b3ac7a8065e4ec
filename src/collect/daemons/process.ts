import { parseOpenFilesLimit } from '../../parse/proc/pid/limits.ts';
import { parsePidStatus } from '../../parse/proc/pid/status.ts';
import type { DaemonProcess } from '../../sample/daemons.ts';
import { ageOf, type ProcessEntry } from '../processes/table.ts';
import type { World } from '../world.ts';
import type { DaemonDescriptors } from './fds.ts';

/**
 * A daemon's process according to the kernel.
 *
 * @throws if its status is unreadable
 */
export function readDaemonProcess(
  world: World,
  { stat }: ProcessEntry,
  descriptors: DaemonDescriptors,
  uptimeSeconds: number,
): DaemonProcess {
  const { pid, starttime } = stat;
  const status = parsePidStatus(world.readText(world.proc(`${pid}/status`)));
  const limits = world.tryText(world.proc(`${pid}/limits`));
  return {
    pid,
    starttime,
    state: stat.state,
    ageSeconds: ageOf({ starttime }, uptimeSeconds),
    rssBytes: status.rssBytes ?? 0,
    ...descriptors.read(pid),
    fdLimit: limits === null ? null : parseOpenFilesLimit(limits),
    threads: status.threads,
    mountNamespace: /^mnt:\[(\d+)\]/.exec(world.tryLink(world.proc(`${pid}/ns/mnt`)) ?? '')?.[1] ?? null,
  };
}
