import { formatBytes } from '../../base/bytes.ts';
import { countOf, formatCount } from '../../base/counts.ts';
import { formatPercent } from '../../base/percent.ts';
import { quote } from '../../base/shell-word.ts';
import { listOf } from '../../base/words.ts';
import type { DaemonModel } from '../../model/daemons/daemons.ts';
import type { FilesystemModel } from '../../model/filesystems/filesystems.ts';
import { type Finding, noSubjects, type Remedy, type Severity } from '../engine/rule.ts';
import type { LargestLogs } from './largest-logs.ts';

/**
 * Null while enough space and inodes are free.
 *
 * @param logs the largest logs of containers on it
 */
export function fullFilesystem(filesystem: FilesystemModel, logs: LargestLogs | null): Finding | null {
  const severity = severityOf(filesystem);
  if (severity === null) return null;
  const { path, source, type, device, holds } = filesystem;
  const others = holds.filter((directory) => directory !== path);
  const holding = others.length === 0 ? '' : ` It holds ${listOf(others, 5)}.`;
  const isSpace = filesystem.space !== 'well';
  const used = isSpace && logs !== null ? logs : null;
  return {
    id: 'filesystem-full',
    severity,
    confidence: 'certain',
    title: titleOf(filesystem),
    summary: `${path} (${source}, ${type}): ${spaceWords(filesystem)}.${holding} ${effectOf(filesystem)}${used === null ? '' : ` ${used.sentence}`}`,
    since: null,
    evidence: [
      { source: `statfs ${path}`, text: `${spaceWords(filesystem)} (${type} on ${source}, ${device})` },
      ...(used?.evidence ?? []),
    ],
    subjects: {
      ...noSubjects,
      containers: used?.ids ?? [],
      mounts: [path],
      devices: source.startsWith('/dev/') ? [source] : [],
    },
    ruledOut: [],
    remedies: [...(used?.remedies ?? []), ...remediesOf(filesystem)],
    references: ['https://man7.org/linux/man-pages/man2/statfs.2.html'],
  };
}

function severityOf({ space, inodesLeft }: FilesystemModel): Severity | null {
  if (space === 'full' || inodesLeft === 'full') return 'critical';
  return space === 'nearly' || inodesLeft === 'nearly' ? 'warning' : null;
}

function titleOf(filesystem: FilesystemModel): string {
  const { path, space, inodesLeft, inodes, totalBytes, freeBytes, availableBytes } = filesystem;
  if (space === 'full') return `${path} is full: ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`;
  if (inodesLeft === 'full')
    return `${path} is out of inodes: ${formatCount(inodes?.free ?? 0)} of ${formatCount(inodes?.total ?? 0)} free`;
  if (space === 'nearly')
    return `${path} is nearly full: ${formatBytes(availableBytes)} of ${formatBytes(totalBytes)} free`;
  return `${path} is nearly out of inodes: ${formatCount(inodes?.free ?? 0)} of ${formatCount(inodes?.total ?? 0)} free`;
}

function spaceWords({ usedPercent, availableBytes, freeBytes, inodes, usedInodesPercent }: FilesystemModel): string {
  const reserved = freeBytes - availableBytes;
  const root = reserved > 0 ? `, plus ${formatBytes(reserved)} reserved for root` : '';
  const counted =
    inodes === null || usedInodesPercent === null
      ? ''
      : `; ${formatPercent(usedInodesPercent)} of ${countOf(inodes.total, 'inode')} used`;
  return `${formatPercent(usedPercent)} used, ${formatBytes(availableBytes)} free${root}${counted}`;
}

function effectOf({ space, inodesLeft, type }: FilesystemModel): string {
  if (space === 'full' || inodesLeft === 'full') {
    return type === 'tmpfs'
      ? 'Runtimes keep the state of containers there, so no container can start. Its files are in memory.'
      : 'Images cannot be pulled, containers cannot be created or started, and writes of running ones fail.';
  }
  return 'When it is full, containers cannot be created, and writes of running ones fail.';
}

function remediesOf({ path, type, space, inodesLeft }: FilesystemModel): Remedy[] {
  const isSpace = space !== 'well' || inodesLeft === 'well';
  return [
    isSpace
      ? { text: 'Find what uses the space.', command: `du -xhd2 ${quote(path)} | sort -h | tail`, risk: 'none' }
      : {
          text: 'Find the directories with the most files.',
          command: `du -x --inodes -d3 ${quote(path)} | sort -n | tail`,
          risk: 'none',
        },
    ...(type === 'tmpfs'
      ? []
      : [
          {
            text: 'Remove what no container uses: stopped containers and dangling images (Docker, Podman), or unused images (CRI).',
            command: 'docker system prune || crictl rmi --prune',
            risk: 'low' as const,
          },
          {
            text: 'Find deleted files that are still open: each keeps its space until its process closes it.',
            command: `find /proc/[0-9]*/fd -lname ${quote(`${path === '/' ? '' : path}/* (deleted)`)} 2>/dev/null`,
            risk: 'none' as const,
          },
        ]),
  ];
}

/** dockerd creates no container while less than this is free (`dm.min_free_space`). */
const leastPoolShare = 0.1;

/** The thin pool of the devicemapper storage driver, as the engine last reported it. */
export function fullPool({ name, settings, process }: DaemonModel): Finding | null {
  const pool = settings?.pool;
  if (pool === undefined) return null;
  const data = 1 - pool.data.usedBytes / pool.data.totalBytes;
  const metadata = pool.metadata === null ? 1 : 1 - pool.metadata.usedBytes / pool.metadata.totalBytes;
  if (data >= leastPoolShare && metadata >= leastPoolShare) return null;
  const what = data < leastPoolShare ? 'data' : 'metadata';
  const left = data < leastPoolShare ? pool.data : (pool.metadata ?? pool.data);
  const free = Math.max(0, left.totalBytes - left.usedBytes);
  const text = `${formatBytes(free)} of ${formatBytes(left.totalBytes)} of its ${what} space free`;
  return {
    id: 'filesystem-full',
    severity: 'critical',
    confidence: 'certain',
    title: `The thin pool ${pool.name} is full: ${text}`,
    summary: `${text}. dockerd refuses to create containers while less than 10% is free. When nothing is free, writes of containers block and then fail.`,
    since: null,
    evidence: [{ source: `${name} GET /info`, text }],
    subjects: { ...noSubjects, daemons: [name], pids: process === null ? [] : [process.pid], devices: [pool.name] },
    ruledOut: [],
    remedies: [
      {
        text: 'See how full the pool is, then extend it before anything else.',
        command: 'lvs -a -o+data_percent,metadata_percent',
        risk: 'none',
      },
      {
        text: 'Remove stopped containers and dangling images.',
        command: 'docker system prune',
        risk: 'low',
      },
    ],
    references: ['https://docs.kernel.org/admin-guide/device-mapper/thin-provisioning.html'],
  };
}
