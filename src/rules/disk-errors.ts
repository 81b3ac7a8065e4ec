import type { DisksModel } from '../model/disks/disks.ts';
import type { LogsModel } from '../model/logs/logs.ts';
import type { DiskMount } from '../sample/disks.ts';
import type { LogPatternId } from '../sample/log-patterns/patterns.ts';
import { type Finding, rule } from './engine/rule.ts';
import { dataFoldersIn } from './shared/data-folders.ts';
import { deviceRemedies, filesystemRemedies, isLoop } from './shared/disk-remedies.ts';
import { has, hourMs, inLastHour, type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** Each is a fault by itself. */
const faults = [
  ...(['nvme-removed', 'nvme-timeout', 'device-offline', 'io-error', 'multipath-path-failed'] as const),
  ...(['raid-disk-failed', 'nvme-interrupt-lost', 'controller-stalled', 'thin-metadata-damaged'] as const),
  ...(['filesystem-shutdown', 'remount-read-only', 'filesystem-error', 'btrfs-no-space'] as const),
  ...(['iscsi-session-lost', 'nvme-fabric-lost', 'multipath-no-path', 'multipath-checker-down'] as const),
  ...([
    'drbd-suspended',
    'drbd-peer-lost',
    'drbd-not-primary',
    'drbd-no-data',
    'nvme-no-path',
    'scsi-abort',
    'zfs-pool-suspended',
  ] as const),
  ...(['card-timeout', 'ata-media-error', 'ata-command-failed', 'raid-failed', 'daemon-io-error'] as const),
];
/** Before a fault they say where it comes from; alone they are the end of a session, or one that came back. */
const indications = [
  ...(['iscsi-connection-error', 'nbd-connection-lost', 'first-sector-error', 'disk-without-size'] as const),
  'iscsi-unreachable' as const,
];

/** The kernel says that a disk, its controller or a filesystem on it fails. */
export const diskErrors = rule({
  id: 'disk-errors',
  needs: ['logs'],
  uses: ['disks'],
  matters: false,
  judge: ({ logs, disks, at }) => {
    const trouble = troubleIn(logs, faults, hourMs, (tally) => !isBack(logs, tally));
    if (trouble === null) return [];
    // An indication after the faults of another time is not where they come from.
    const around = trouble.recent
      ? troubleIn(logs, [...faults, ...indications], hourMs, (tally) => !isBack(logs, tally) && belongs(tally, trouble))
      : null;
    return [finding(ofDevices(around ?? trouble), disks, at)];
  },
});

/** A connection and a path are no disk. */
function ofDevices(trouble: LogTrouble): LogTrouble {
  return { ...trouble, about: trouble.about.filter((name) => !/^(?:connection\d|\/)/.test(name)) };
}

/** The connection of an NBD device, and the first sector of a disk, count for that device only. */
function belongs({ sign, about }: LogsModel['tallies'][number], trouble: LogTrouble): boolean {
  return (
    (sign !== 'nbd-connection-lost' && sign !== 'first-sector-error') ||
    (about !== undefined && trouble.about.includes(about))
  );
}

/** What still reads an NBD device that was disconnected on request, or a USB disk that was pulled, gets an error. */
const afterDisconnectMs = 10_000;
/** A write that is lost is a fault, whoever pulled the disk. */
const isRead = /async page read|op 0x0:\(READ\)/;

/** One that is lost costs one request its timeout. Our own judgement. */
const manyInterrupts = 5;
/** One is a disk that had to spin up. Our own judgement. */
const manyAborts = 2;

/** A path that works again is no fault; what it cost is in I/O errors of its own. */
function isBack({ tallies }: LogsModel, tally: LogsModel['tallies'][number]): boolean {
  const { sign, about, firstAt, lastAt } = tally;
  if (sign === 'nvme-interrupt-lost') return inLastHour(tally) < manyInterrupts;
  if (sign === 'scsi-abort') return inLastHour(tally) < manyAborts;
  if (sign === 'ata-command-failed') return !isRepeated(tally);
  const disconnected = tallies.find((one) => one.sign === 'nbd-disconnected' && one.about === about);
  if (sign === 'io-error' && disconnected?.firstAt != null && disconnected.lastAt !== null) {
    const isFirst = (firstAt ?? 0) >= disconnected.firstAt;
    return isFirst && (lastAt ?? 0) - disconnected.lastAt <= afterDisconnectMs;
  }
  const unplugged = tallies.find((one) => one.sign === 'usb-disconnected');
  if (
    sign === 'io-error' &&
    unplugged?.firstAt != null &&
    unplugged.lastAt !== null &&
    isRead.test(tally.example ?? '')
  ) {
    const isFirst = (firstAt ?? 0) >= unplugged.firstAt;
    return isFirst && (lastAt ?? 0) - unplugged.lastAt <= afterDisconnectMs;
  }
  if (isLoop(about) && withoutData.test(tally.example ?? '')) return true;
  const detached = tallies.find((one) => one.sign === 'wsl-disk-detached' && one.about === about);
  if (detached !== undefined) return isWithin(tally, detached, afterDisconnectMs);
  if (sign === 'iscsi-session-lost') {
    return tallies.some(
      (one) => one.sign === 'iscsi-back' && `session${one.about}` === about && (one.lastAt ?? 0) >= (lastAt ?? 0),
    );
  }
  // The disk has a number of its own, apart from those of the controllers that are its paths.
  if (sign === 'nvme-no-path') {
    return tallies.some((one) => one.sign === 'disk-path-back' && (one.lastAt ?? 0) >= (lastAt ?? 0));
  }
  const by = backBy[sign];
  return (
    by !== undefined &&
    tallies.some((one) => one.sign === by && one.about === about && (one.lastAt ?? 0) >= (lastAt ?? 0))
  );
}

/** All commands in flight fail together when a link is reset. */
const oneResetMs = 60_000;

/** Not all in one reset of a link; so many lines, if they have no time. */
function isRepeated({ firstAt, lastAt, count }: LogsModel['tallies'][number]): boolean {
  return firstAt === null || lastAt === null ? count >= manyAborts : lastAt - firstAt > oneResetMs;
}

/** A flush that reached a loop device after its file was detached. */
const withoutData = /\bphys_seg 0\b/;

/** All lines of the one are close to those of the other, or nobody knows. */
function isWithin(tally: LogsModel['tallies'][number], other: LogsModel['tallies'][number], ms: number): boolean {
  if (tally.firstAt === null || tally.lastAt === null || other.firstAt === null || other.lastAt === null) return true;
  return tally.firstAt >= other.firstAt - ms && tally.lastAt <= other.lastAt + ms;
}

/** What says that it is over. */
const backBy: Readonly<Record<string, LogPatternId>> = {
  'nvme-fabric-lost': 'disk-path-back',
  'multipath-path-failed': 'disk-path-back',
  'multipath-no-path': 'multipath-paths-left',
  'multipath-checker-down': 'multipath-paths-left',
  'drbd-suspended': 'drbd-resumed',
  'drbd-peer-lost': 'drbd-peer-back',
  'drbd-not-primary': 'drbd-primary',
};

function finding(trouble: LogTrouble, disks: DisksModel | null, at: number): Finding {
  const lost = has(
    trouble,
    ...(['filesystem-shutdown', 'remount-read-only', 'device-offline', 'nvme-removed'] as const),
    ...(['multipath-no-path', 'drbd-suspended', 'drbd-no-data', 'zfs-pool-suspended', 'raid-failed'] as const),
  );
  const folders = dataFoldersIn(trouble, 'daemon-io-error');
  const what = [
    ...(has(trouble, 'iscsi-session-lost') ? ['iSCSI session lost'] : []),
    ...(has(trouble, 'nvme-fabric-lost') ? ['NVMe target not reached'] : []),
    ...(has(trouble, 'nvme-no-path') ? [`no usable path to ${namesOf(trouble, 'nvme-no-path')}`] : []),
    ...(has(trouble, 'nbd-connection-lost') ? ['NBD connection lost'] : []),
    ...(has(trouble, 'multipath-no-path') ? [`no path left to ${namesOf(trouble, 'multipath-no-path')}`] : []),
    ...(has(trouble, 'multipath-path-failed', 'multipath-checker-down') ? ['failed path'] : []),
    ...(has(trouble, 'drbd-suspended') ? [`DRBD suspends the I/O of ${namesOf(trouble, 'drbd-suspended')}`] : []),
    ...(has(trouble, 'drbd-no-data') ? [`DRBD has no data for ${namesOf(trouble, 'drbd-no-data')}`] : []),
    ...(has(trouble, 'drbd-peer-lost') ? ['DRBD peer lost'] : []),
    ...(has(trouble, 'drbd-not-primary')
      ? [`DRBD does not let this node write to ${namesOf(trouble, 'drbd-not-primary')}`]
      : []),
    ...(has(trouble, 'zfs-pool-suspended') ? [`ZFS pool ${namesOf(trouble, 'zfs-pool-suspended')} is suspended`] : []),
    ...(has(trouble, 'raid-failed') ? [`RAID array ${namesOf(trouble, 'raid-failed')} lost too many disks`] : []),
    ...(has(trouble, 'raid-disk-failed') ? ['disk of a RAID array failed'] : []),
    ...(has(trouble, 'scsi-abort') ? ['commands aborted'] : []),
    ...(has(trouble, 'ata-media-error') ? ['sectors that cannot be read'] : []),
    ...(has(trouble, 'ata-command-failed') ? ['commands that fail again and again'] : []),
    ...(has(trouble, 'disk-without-size') ? [`${namesOf(trouble, 'disk-without-size')} was removed`] : []),
    ...(has(trouble, 'card-timeout') ? ['SD card or eMMC does not answer'] : []),
    ...(has(trouble, 'controller-stalled') ? ['disk controller does not answer'] : []),
    ...(has(trouble, 'thin-metadata-damaged') ? ['damaged metadata of a thin pool'] : []),
    ...(has(trouble, 'nvme-removed') ? ['NVMe device removed'] : []),
    ...(has(trouble, 'device-offline') ? ['offline device'] : []),
    ...(has(trouble, 'nvme-timeout') ? ['NVMe timeouts'] : []),
    ...(has(trouble, 'nvme-interrupt-lost') ? ['lost NVMe interrupts'] : []),
    ...(has(trouble, 'io-error') ? ['I/O errors'] : []),
    ...(folders.length > 0 ? [`I/O errors of daemons on ${namesIn(folders)}`] : []),
    ...(has(trouble, 'filesystem-shutdown') ? ['filesystem shut down'] : []),
    ...(has(trouble, 'btrfs-no-space') ? ['no space for metadata of btrfs'] : []),
    ...(has(trouble, 'remount-read-only') ? ['filesystem read-only'] : []),
    ...(has(trouble, 'filesystem-error') && !has(trouble, 'btrfs-no-space') ? ['damaged filesystem'] : []),
  ].join(', ');
  const isOnlyCall = trouble.tallies.every(({ sign }) => sign === 'daemon-io-error');
  const isDegraded = trouble.tallies.every(({ sign }) => sign === 'drbd-peer-lost');
  const where = trouble.about.length === 0 ? '' : ` on ${namesIn(trouble.about)}`;
  const paths = pathsOn(trouble.about, disks);
  const mounted = paths.length === 0 ? '' : ` Mounted there: ${namesIn(paths)}.`;
  return logFinding(trouble, at, {
    id: 'disk-errors',
    severity: lost ? 'critical' : 'warning',
    confidence: isOnlyCall ? 'likely' : 'certain',
    title: `${isDegraded ? 'Storage is degraded' : 'Disks fail'}: ${what}${where}`,
    past: `${isDegraded ? 'Storage was degraded' : 'Disks failed'}: ${what}${where}`,
    summary: `${isDegraded ? 'DRBD goes on with the copies that it still reaches.' : isOnlyCall ? 'The kernel answers the daemons with EIO: the disk fails, its filesystem shut down, or a thin pool below it is full.' : 'The kernel reports errors of a disk or of a filesystem on it.'}${mounted} ${isDegraded ? 'What is written now is on fewer nodes; when the quorum is lost, too, all I/O of the resource waits.' : consequenceOf(trouble)}`,
    remedies: [
      {
        text: 'Look at the kernel’s messages about this device, from the first one on.',
        command: 'dmesg -T --level=err,warn',
        risk: 'none',
      },
      ...deviceRemedies(trouble),
      ...filesystemRemedies(trouble, paths[0] ?? null),
    ],
    subjects: { devices: trouble.about, mounts: [...paths, ...folders] },
  });
}

const namesOf = ({ tallies }: LogTrouble, id: LogPatternId): string =>
  namesIn([...new Set(tallies.filter(({ sign }) => sign === id).flatMap(({ about }) => about ?? []))]);

function consequenceOf(trouble: LogTrouble): string {
  if (trouble.tallies.every(({ sign }) => sign === 'multipath-path-failed' || sign === 'multipath-checker-down')) {
    return 'A disk is reached over the paths that are left; when none is left, its requests wait or fail.';
  }
  if (trouble.tallies.every(({ sign }) => sign === 'nvme-interrupt-lost')) {
    return 'Each such request takes its whole timeout (30s on most nodes), and loses nothing.';
  }
  // An error of the array itself, or of a volume on it, reached what is written there.
  const isCaught = trouble.tallies.every(
    ({ sign, about }) => sign === 'raid-disk-failed' || (sign === 'io-error' && !/^(?:md|dm-)/.test(about ?? 'md')),
  );
  return isCaught && has(trouble, 'raid-disk-failed')
    ? 'The array goes on without the disk that failed: what is on it is lost when too few disks are left.'
    : 'What is written there may be lost, and processes that use it block or fail.';
}

/** Mountpoints on these devices; an NVMe controller stands for its namespaces. */
function pathsOn(names: readonly string[], disks: DisksModel | null): string[] {
  if (disks === null) return [];
  const isOn = ({ source, device }: DiskMount, name: string): boolean => {
    const own = disks.list.find((disk) => disk.name === name);
    if (own?.device === device || source === `/dev/${name}`) return true;
    return /^nvme\d+$/.test(name) && source.startsWith(`/dev/${name}n`);
  };
  const on = disks.mounts.filter((mount) => names.some((name) => isOn(mount, name)));
  return [...new Set(on.map(({ path }) => path))];
}
