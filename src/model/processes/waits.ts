import type { BlockedTask, SyscallValue, VolumeMount } from '../../sample/processes.ts';
import { type Classified, classify, type WaitKind } from './wait-kinds.ts';

/** What a task in uninterruptible sleep waits for. */
export interface Wait {
  readonly kind: WaitKind;
  /** For people, what it is doing that does not end: `a write to a frozen ext4 filesystem`. */
  readonly text: string;
  /** Where; null when it cannot be told, or is no place. */
  readonly mount: VolumeMount | null;
  /** How the mount is known: by the descriptor of the system call, or because no other could be meant. */
  readonly how: 'descriptor' | 'only one of its kind' | null;
  /** Of the kind and the mount together. */
  readonly certainty: 'certain' | 'likely' | 'possible';
  /** SIGKILL ends this wait: the task is not stuck, nobody has ended it. */
  readonly killable: boolean;
}

/** Tells what a blocked task waits for, from its kernel stack, or from `wchan` alone where the stack may not be read. */
export function waitOf(task: BlockedTask, volumes: readonly VolumeMount[]): Wait {
  const frames = (task.stack ?? (task.wchan === null ? [] : [task.wchan])).map(bareName);
  const found = classify(frames, task.stack !== null);
  const place = isAtAPlace(found.kind) ? placeOf(task.syscall, frames, found.kind, volumes) : nowhere;
  return {
    kind: found.kind,
    text: textOf(found, task, frames, place.mount),
    ...place,
    certainty: found.certainty === 'certain' && place.how === 'only one of its kind' ? 'likely' : found.certainty,
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

/** An unmount has left its mountpoint already, and the rest of these wait for a task, not for a filesystem. */
function isAtAPlace(kind: WaitKind): boolean {
  return !['unmount', 'memory-lock', 'vfork', 'exit', 'unknown'].includes(kind);
}

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
  // Without a word of the kernel about the filesystem only a freeze tells something: that it is one that is written to.
  return names.size > 0 || ofKind !== undefined || kind === 'frozen-filesystem' ? possible : [];
}

/** Kinds that are kinds of filesystems. */
const typesOf: Partial<Record<WaitKind, RegExp>> = {
  fuse: /^(?:fuse(?:blk|ctl)?(?:\..*)?|virtiofs)$/,
  nfs: /^nfs\d?$/,
  'network-filesystem': /^(?:ceph|cifs|smb3|9p|afs|ocfs2|gfs2|lustre|orangefs)$/,
};

const filesystems = ['ext4', 'xfs', 'btrfs', 'f2fs', 'zfs', 'bcachefs', 'jfs', 'ntfs3', 'erofs', 'squashfs'];

/** ext4 serves ext3 and ext2 too; it is what current kernels have for all three. */
function filesystemOf(frame: string): string[] | null {
  if (/^_*ext4_/.test(frame)) return ['ext4', 'ext3', 'ext2'];
  const name = filesystems.find((filesystem) => frame.replace(/^_+/, '').startsWith(`${filesystem}_`));
  return name === undefined ? null : [name];
}

/** Files that container runtimes bind into every container: nobody works there. */
function isHousekeeping(mountPoint: string): boolean {
  return /^\/etc\/(?:resolv\.conf|hostname|hosts)$|^\/dev\/termination-log$/.test(mountPoint);
}

function textOf(found: Classified, task: BlockedTask, frames: readonly string[], mount: VolumeMount | null): string {
  const { noun, to } = actionOf(task.syscall?.name ?? null, frames);
  const isOverlay = mount?.type === 'overlay' || frames.some((frame) => frame.startsWith('ovl_'));
  const told = frames.flatMap((frame) => filesystemOf(frame) ?? [])[0] ?? null;
  const name = isOverlay ? told : (mount?.type ?? told);
  const filesystem = `${name === null ? '' : `${name} `}filesystem${isOverlay ? ' below the container’s root' : ''}`;
  switch (found.kind) {
    case 'frozen-filesystem':
      return `${noun} ${to} a frozen ${filesystem}`;
    case 'fuse':
      return `${noun} ${to} a FUSE filesystem whose daemon does not answer`;
    case 'nfs':
      return `${noun} ${to} an NFS server that does not answer`;
    case 'network-filesystem':
      return `${noun} ${to} a ${mount?.type ?? 'network'} filesystem whose server does not answer`;
    case 'disk':
      return `${noun} that waits for the disk${filesystem === 'filesystem' ? '' : ` of ${article(filesystem)} ${filesystem}`}`;
    case 'journal':
      return `${noun} that waits for the journal of ${article(filesystem)} ${filesystem}`;
    case 'writeback':
      return `${noun} that waits until ${found.detail ?? 'dirty pages are written to disk'}`;
    case 'unmount':
      return `an unmount that waits ${found.detail ?? 'to finish'}`;
    case 'memory-lock':
      return 'a lock of its own memory map, which another of its threads holds';
    case 'vfork':
      return 'a vfork whose child has neither started a program nor ended';
    case 'exit':
      return `its own end, which waits for ${found.detail ?? 'its other threads'}`;
    case 'unknown':
      return task.wchan === null && task.stack === null
        ? 'not told (run as root)'
        : (found.detail ?? `${noun}, in ${frames[0] ?? task.wchan ?? 'the kernel'}`);
  }
}

function article(word: string): string {
  return /^[aeiou]|^xfs/.test(word) ? 'an' : 'a';
}

interface Action {
  readonly noun: string;
  readonly to: string;
}

/** What it does there: by the system call, else by the entry points in the stack. */
function actionOf(name: string | null, frames: readonly string[]): Action {
  const entry = frames.map((frame) => /^__(?:x64|arm64)_sys_(\w+)$|^sys_(\w+)$/.exec(frame)?.slice(1).find(Boolean));
  const call = name ?? entry.find((found) => found !== undefined) ?? null;
  const known = actions.find(([pattern]) => call !== null && pattern.test(call));
  if (known !== undefined) return known[1];
  if (frames.some((frame) => /page_mkwrite|sb_start_pagefault/.test(frame))) {
    return { noun: 'a write through a memory map', to: 'to' };
  }
  if (frames.some((frame) => /page_fault|handle_mm_fault/.test(frame))) return { noun: 'a page fault', to: 'on' };
  if (frames.includes('kthread')) return { noun: 'work of the kernel', to: 'on' };
  if (frames.some((frame) => /^(?:vfs_write|do_iter_write|ksys_write)/.test(frame)))
    return { noun: 'a write', to: 'to' };
  if (frames.some((frame) => /^(?:vfs_read|ksys_read)/.test(frame))) return { noun: 'a read', to: 'from' };
  if (frames.some((frame) => /^(?:path_openat|do_filp_open|do_last)/.test(frame))) return { noun: 'an open', to: 'on' };
  return { noun: call === null ? 'a call' : `${article(call)} ${call}`, to: 'on' };
}

const actions: readonly (readonly [RegExp, Action])[] = [
  [/^(?:p?write(?:64|v2?)?|pwritev2?)$/, { noun: 'a write', to: 'to' }],
  [/^(?:p?read(?:64|v2?)?|preadv2?)$/, { noun: 'a read', to: 'from' }],
  [/^(?:fsync|fdatasync|msync|sync_file_range|sync|syncfs)$/, { noun: 'a sync', to: 'on' }],
  [/^(?:open|openat2?|creat)$/, { noun: 'an open', to: 'on' }],
  [/^close$/, { noun: 'a close', to: 'on' }],
  [/^(?:getdents(?:64)?)$/, { noun: 'a listing of a directory', to: 'on' }],
  [/^(?:stat|lstat|fstat|newfstatat|statx|access|readlink|statfs|fstatfs)$/, { noun: 'a stat', to: 'on' }],
  [/^(?:unlink(?:at)?|rmdir)$/, { noun: 'a removal', to: 'on' }],
  [/^(?:rename(?:at2?)?|link)$/, { noun: 'a rename', to: 'on' }],
  [/^mkdir(?:at)?$/, { noun: 'a mkdir', to: 'on' }],
  [/^(?:f?truncate|fallocate)$/, { noun: 'a change of size', to: 'on' }],
  [/^(?:sendfile|splice|copy_file_range)$/, { noun: 'a copy', to: 'on' }],
  [/^(?:execve(?:at)?)$/, { noun: 'a start of a program', to: 'on' }],
  [/^(?:mount|umount2?)$/, { noun: 'a mount or unmount', to: 'of' }],
];
