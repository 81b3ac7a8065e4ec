import type { BlockedTask, SyscallValue, VolumeMount } from '../../sample/processes.ts';
import { classify } from './classify-wait.ts';
import { filesystemOf } from './filesystem-names.ts';
import type { WaitKind } from './wait-kind.ts';
import { waitText } from './wait-words.ts';

/** What a task in uninterruptible sleep waits for. */
export interface Wait {
  readonly kind: WaitKind;
  /** For people, what it is doing that does not end: `write() to a frozen ext4 filesystem`. */
  readonly text: string;
  /** Where; null if unknown, or not a place. */
  readonly mount: VolumeMount | null;
  /** How the mount is known: by the descriptor of the system call, or because no other could be meant. */
  readonly how: 'descriptor' | 'only one of its kind' | null;
  /** Of the kind and the mount together. */
  readonly certainty: 'certain' | 'likely' | 'possible';
  /** SIGKILL ends this wait: the task is not stuck, it was not killed. */
  readonly killable: boolean;
}

/** A program's own directory: the place of the wait, if no other is known. */
export interface Home {
  readonly mount: VolumeMount;
  readonly certainty: Wait['certainty'];
}

/** Waits at a filesystem on a disk, of which the kernel does not say which one. */
const atHome: ReadonlySet<WaitKind> = new Set([
  ...(['frozen-filesystem', 'disk', 'disk-encryption', 'drbd', 'journal', 'zfs'] as const),
  ...(['writeback', 'filesystem-lock'] as const),
]);

/** Determines what a blocked task waits for, from its kernel stack, or from `wchan` alone if the stack is unreadable. */
export function waitOf(task: BlockedTask, volumes: readonly VolumeMount[], home: Home | null = null): Wait {
  const frames = (task.stack ?? (task.wchan === null ? [] : [task.wchan])).map(bareName);
  const found = classify(frames, task.stack !== null, task.syscall?.file ?? null);
  const isPlaced = atAPlace.has(found.kind) && !frames.some((frame) => mounting.test(frame));
  const known = isPlaced ? placeOf(task.syscall, frames, found.kind, volumes) : nowhere;
  const isAtHome = isPlaced && known.mount === null && home !== null && atHome.has(found.kind);
  const place: Place = isAtHome ? { mount: home.mount, how: 'only one of its kind' } : known;
  return {
    kind: found.kind,
    text: waitText(found, task, frames, place.mount),
    ...place,
    certainty: isAtHome
      ? home.certainty
      : found.certainty === 'certain' && place.how === 'only one of its kind'
        ? 'likely'
        : found.certainty,
    killable: found.killable,
  };
}

/** gcc appends `.isra.0`, `.constprop.0`, `.part.0` and the like to functions that it took apart. */
function bareName(frame: string): string {
  const dot = frame.indexOf('.');
  return dot < 0 ? frame : frame.slice(0, dot);
}

type Place = Pick<Wait, 'mount' | 'how'>;
const nowhere: Place = { mount: null, how: null };

/** Waits at one filesystem. An unmount has left its mountpoint already; the others wait for a task, a lock or a device. */
const atAPlace: ReadonlySet<WaitKind> = new Set([
  ...(['frozen-filesystem', 'fuse', 'nfs', 'network-filesystem', 'autofs', 'disk', 'journal', 'zfs'] as const),
  ...(['disk-encryption', 'drbd', 'writeback', 'filesystem-lock', 'fanotify'] as const),
]);

/** fs/{super,namespace,fs_context}.c: what is being mounted is no mount yet, and no other one is the place of that wait. */
const mounting = /^(?:get_tree_\w+|vfs_get_tree|legacy_get_tree|mount_bdev|mount_fs|vfs_kern_mount|\w+_fill_super)$/;

function placeOf(
  syscall: SyscallValue | null,
  frames: readonly string[],
  kind: WaitKind,
  volumes: readonly VolumeMount[],
): Place {
  const file = syscall?.file ?? null;
  // A descriptor that names a file is the answer; when that is a pipe or a device, the place is not known by it.
  const below = file?.startsWith('/') ? mountOf(file, volumes) : null;
  if (below !== null) return { mount: below, how: 'descriptor' };
  if (file?.startsWith('/')) return nowhere;
  const [only, ...others] = candidates(frames, kind, volumes);
  if (only === undefined || others.some(({ device }) => device !== only.device)) return nowhere;
  return { mount: only, how: 'only one of its kind' };
}

/** Of two mounts at one place the later lies on top. */
function mountOf(file: string, volumes: readonly VolumeMount[]): VolumeMount | null {
  let found: VolumeMount | null = null;
  for (const volume of volumes) {
    const { mountPoint } = volume;
    if (file !== mountPoint && !file.startsWith(mountPoint === '/' ? '/' : `${mountPoint}/`)) continue;
    if (found === null || mountPoint.length >= found.mountPoint.length) found = volume;
  }
  return found;
}

/** Those that it could be, by the functions of filesystems in the stack; several mounts of one filesystem stay together. */
function candidates(frames: readonly string[], kind: WaitKind, volumes: readonly VolumeMount[]): VolumeMount[] {
  // Through an overlay the filesystem below it is meant, and that one the process cannot see.
  if (frames.some((frame) => frame.startsWith('ovl_'))) return volumes.filter(({ type }) => type === 'overlay');
  const names = new Set(frames.flatMap((frame) => filesystemOf(frame) ?? []));
  const ofKind = typesOf[kind];
  const possible = volumes.filter(({ mountPoint, type, readOnly }) => {
    if (type === 'overlay' || isHousekeeping(mountPoint)) return false;
    if (kind === 'frozen-filesystem' && readOnly) return false;
    if (ofKind !== undefined && !ofKind.test(type)) return false;
    return names.size === 0 || ofKind !== undefined || names.has(type);
  });
  // Without a function of the filesystem in the stack, only a freeze says something: that the filesystem is being written
  // to.
  return names.size > 0 || ofKind !== undefined || kind === 'frozen-filesystem' ? possible : [];
}

/** Kinds that are kinds of filesystems. */
const typesOf: Partial<Record<WaitKind, RegExp>> = {
  autofs: /^autofs$/,
  zfs: /^zfs$/,
  fuse: /^(?:fuse(?:blk|ctl)?(?:\..*)?|virtiofs)$/,
  nfs: /^nfs\d?$/,
  'network-filesystem': /^(?:ceph|cifs|smb3|9p|afs|ocfs2|gfs2|lustre|orangefs)$/,
};

/** Files that container runtimes bind into every container: never the place of a wait. */
function isHousekeeping(mountPoint: string): boolean {
  return /^\/etc\/(?:resolv\.conf|hostname|hosts)$|^\/dev\/termination-log$/.test(mountPoint);
}
