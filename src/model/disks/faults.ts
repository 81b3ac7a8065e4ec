import { countOf } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import type { BlockDevice, DiskMount } from '../../sample/disks.ts';

/** Something that is wrong with a device, or with a filesystem on it. */
export interface DiskFault {
  readonly kind: 'stuck' | 'frozen' | 'stopped' | 'read-only' | 'degraded';
  /** Nothing can be written to it. */
  readonly severe: boolean;
  /** A sentence for people. */
  readonly text: string;
}

/** A filesystem that blocks all writes, according to the processes that wait to write there. */
export interface FrozenMount {
  /** `major:minor` */
  readonly device: string;
  /** As its waiting process sees it. */
  readonly path: string;
  /** How long the first of them has waited. */
  readonly seconds: number;
  readonly pid: number;
  readonly comm: string;
}

/** A slow disk can take seconds for a flush; one that ends nothing for this long is stuck. Our own judgement. */
const stuckAfterSeconds = 5;

interface Marked {
  readonly device: string;
  readonly inFlight: number;
  readonly stillSeconds: number | null;
  readonly mounts: readonly DiskMount[];
}

/** For how long a device has been stuck, in seconds; null when it is not. */
export function stuckSeconds({ stillSeconds }: Pick<Marked, 'stillSeconds'>): number | null {
  return stillSeconds !== null && stillSeconds >= stuckAfterSeconds ? stillSeconds : null;
}

/** With fewer in flight the next request may be on its way. */
const longQueue = 4;

/** For how long a device has completed none of the requests that pile up in it, in seconds; null when it moves. */
export function heldUpSeconds(disk: Pick<Marked, 'stillSeconds' | 'inFlight'>): number | null {
  return stuckSeconds(disk) ?? (disk.inFlight >= longQueue ? disk.stillSeconds : null);
}

/** What is wrong with a device, the worst first. */
export function faultsOf(disk: Marked, device: BlockDevice | null, frozen: readonly FrozenMount[]): DiskFault[] {
  return [...stuckMark(disk), ...frozenMarks(disk, frozen), ...readOnlyMarks(disk), ...degradedMark(device)];
}

function stuckMark(disk: Marked): DiskFault[] {
  const seconds = stuckSeconds(disk);
  if (seconds === null) return [];
  const requests = countOf(disk.inFlight, 'request');
  return [{ kind: 'stuck', severe: true, text: `${requests} in flight, none completed for ${formatSeconds(seconds)}` }];
}

/** The kernel lists frozen filesystems nowhere (fs/super.c freeze_super): only a waiting process shows one. */
function frozenMarks({ device, mounts }: Marked, frozen: readonly FrozenMount[]): DiskFault[] {
  return frozen
    .filter((mount) => mount.device === device || mounts.some((own) => own.device === mount.device))
    .map(({ device: frozenDevice, path, comm, pid, seconds }) => {
      const own = mounts.find((mount) => mount.device === frozenDevice)?.path ?? path;
      const text = `${own} blocks all writes: ${comm} (${pid}) has waited for ${formatSeconds(seconds)}`;
      return { kind: 'frozen', severe: true, text };
    });
}

/**
 * `errors=remount-ro` makes the filesystem read-only and leaves its mounts alone; an administrator's remount or mount makes
 * both so. ext4 has a separate word for it since Linux 6.15.
 */
function readOnlyMarks({ mounts }: Marked): DiskFault[] {
  return [...Map.groupBy(mounts, ({ device }) => device).values()].flatMap((same): DiskFault[] => {
    const first = same[0];
    if (first === undefined) return [];
    if (same.some(({ stopped }) => stopped)) {
      return [{ kind: 'stopped', severe: true, text: `${first.type} on ${first.path} stopped writing after an error` }];
    }
    const byKernel = same.every(({ readOnly, filesystemReadOnly }) => filesystemReadOnly && !readOnly);
    const text = `${first.type} on ${first.path} became read-only although it is mounted writable: look for its error in dmesg`;
    return byKernel ? [{ kind: 'read-only', severe: true, text }] : [];
  });
}

function degradedMark(device: BlockDevice | null): DiskFault[] {
  const missing = device?.missing ?? 0;
  if (missing === 0) return [];
  const members = missing === 1 ? 'a member is' : `${missing} members are`;
  return [{ kind: 'degraded', severe: false, text: `${device?.level ?? 'RAID'} is degraded: ${members} missing` }];
}
