import type { FilesystemsValue, FilesystemValue } from '../../sample/filesystems.ts';
import type { Tracked } from '../tracked.ts';

/** A filesystem as rules and views see it. */
export interface FilesystemModel extends FilesystemValue {
  /** Of what everyone may use, percent. */
  readonly usedPercent: number;
  /** Null for a filesystem without a number of inodes. */
  readonly usedInodesPercent: number | null;
  /** `full`: root cannot write either, or nearly so; `nearly`: little is left. */
  readonly space: Fullness;
  readonly inodesLeft: Fullness;
}

type Fullness = 'well' | 'nearly' | 'full';

export interface FilesystemsModel {
  /** The fullest first. */
  readonly list: readonly FilesystemModel[];
  readonly skipped: FilesystemsValue['skipped'];
}

/** The kubelet evicts at 10 % (15 % for images): what is beyond that is not looked after by anybody. */
const nearlyShare = 0.05;
/** Of a large filesystem 5 % are plenty. */
const nearlyBytes = 20 * 1024 ** 3;
const fullShare = 0.005;
/** A single layer needs more. */
const fullBytes = 1024 ** 3;
const nearlyInodes = 100_000;
const fullInodes = 1000;

/** Null before the first poll of any. */
export function deriveFilesystems({ value }: Tracked<FilesystemsValue>): FilesystemsModel | null {
  if (value === null) return null;
  return {
    list: value.filesystems.map(derive).sort((a, b) => b.usedPercent - a.usedPercent || (a.path < b.path ? -1 : 1)),
    skipped: value.skipped,
  };
}

function derive(filesystem: FilesystemValue): FilesystemModel {
  const { totalBytes, freeBytes, availableBytes, inodes } = filesystem;
  const usedBytes = totalBytes - freeBytes;
  const usable = usedBytes + availableBytes;
  return {
    ...filesystem,
    usedPercent: usable <= 0 ? 100 : (usedBytes / usable) * 100,
    usedInodesPercent: inodes === null ? null : ((inodes.total - inodes.free) / inodes.total) * 100,
    space: spaceOf(filesystem, usable),
    inodesLeft: inodesOf(filesystem),
  };
}

/** What ext4 keeps back for root lets the daemons write when others cannot: only without it all is over. */
function spaceOf({ totalBytes, freeBytes, availableBytes }: FilesystemValue, usable: number): Fullness {
  if (freeBytes <= totalBytes * fullShare && freeBytes < fullBytes) return 'full';
  return availableBytes <= usable * nearlyShare && availableBytes < nearlyBytes ? 'nearly' : 'well';
}

/** XFS makes inodes while it has space: without space it reports few free ones, which is no second fault. */
function inodesOf({ type, inodes, totalBytes, freeBytes }: FilesystemValue): Fullness {
  if (inodes === null || (type === 'xfs' && freeBytes < totalBytes * nearlyShare)) return 'well';
  const share = inodes.free / inodes.total;
  if (share <= fullShare && inodes.free < fullInodes) return 'full';
  return share <= nearlyShare && inodes.free < nearlyInodes ? 'nearly' : 'well';
}
