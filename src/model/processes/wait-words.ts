import { article } from '../../base/words.ts';
import type { BlockedTask, VolumeMount } from '../../sample/processes.ts';
import type { Classified } from './classify-wait.ts';
import { filesystemOf } from './filesystem-names.ts';
import type { WaitKind } from './wait-kind.ts';

/**
 * What a task is doing that does not end, for people: `write() to a frozen ext4 filesystem`.
 *
 * @param mount where, as far as that is known
 */
export function waitText(
  found: Classified,
  task: BlockedTask,
  frames: readonly string[],
  mount: VolumeMount | null,
): string {
  return words[found.kind]({
    ...actionOf(task.syscall?.name ?? null, frames),
    detail: found.detail,
    filesystem: filesystemWords(frames, mount),
    type: mount?.type ?? null,
    top: frames[0] ?? task.wchan,
  });
}

interface WordInput extends Action {
  readonly detail: string | null;
  /** `ext4 filesystem`, `filesystem` */
  readonly filesystem: string;
  /** Of the mount. */
  readonly type: string | null;
  /** The function it sleeps in; null if unreadable. */
  readonly top: string | null;
}

const words: Readonly<Record<WaitKind, (input: WordInput) => string>> = {
  'frozen-filesystem': ({ noun, to, filesystem }) => `${noun} ${to} a frozen ${filesystem}`,
  fuse: ({ noun, to }) => `${noun} ${to} a FUSE filesystem whose daemon does not answer`,
  nfs: ({ noun, to }) => `${noun} ${to} an NFS server that does not answer`,
  'network-filesystem': ({ noun, to, type, detail }) =>
    `${noun} ${to} a ${type ?? detail ?? 'network'} filesystem whose server does not answer`,
  autofs: ({ noun }) => `${noun} waiting for the automounter`,
  disk: ({ noun, filesystem, detail }) =>
    `${noun} waiting for ${detail ?? `the disk${filesystem === 'filesystem' ? '' : ` of ${article(filesystem)} ${filesystem}`}`}`,
  'disk-encryption': ({ noun }) => `${noun} waiting for the encryption of a disk (dm-crypt)`,
  drbd: ({ noun }) => `${noun} waiting for DRBD: its peer, its quorum or its disk`,
  journal: ({ noun, filesystem }) => `${noun} waiting for the journal of ${article(filesystem)} ${filesystem}`,
  zfs: ({ noun }) => `${noun} waiting for a ZFS pool`,
  writeback: ({ noun, detail }) => `${noun} waiting until ${detail ?? 'dirty pages are written to disk'}`,
  unmount: ({ detail, filesystem }) =>
    detail === null && filesystem !== 'filesystem'
      ? `an unmount of ${article(filesystem)} ${filesystem} waiting to finish`
      : `an unmount waiting ${detail ?? 'to finish'}`,
  'filesystem-lock': ({ noun, filesystem }) =>
    `${noun} waiting for a lock of ${article(filesystem)} ${filesystem}, which another task holds`,
  fanotify: ({ noun }) => `${noun} waiting until a virus scanner (fanotify) allows it`,
  'mount-lock': ({ noun }) => `${noun} waiting for the lock of all mount namespaces`,
  'cgroup-lock': ({ noun, detail }) => `${noun} waiting for ${detail ?? 'the lock of all control groups'}`,
  kernfs: ({ noun }) => `${noun} waiting for a lock of /sys and the control group tree (kernfs)`,
  freezer: () => 'frozen by the cgroup freezer',
  'network-device': ({ noun, detail }) => `${noun} waiting ${detail ?? 'for the lock of the network devices (rtnl)'}`,
  rcu: ({ noun }) => `${noun} waiting for an RCU grace period of the kernel`,
  'kernel-work': ({ noun, detail }) =>
    `${noun} waiting for a thread of the kernel${detail === null ? '' : ` ${detail}`}`,
  'helper-program': ({ noun }) => `${noun} waiting for a program that the kernel started`,
  audit: ({ noun }) => `${noun} waiting for the audit daemon to read its backlog`,
  seccomp: ({ noun }) => `${noun} waiting for its seccomp supervisor to answer`,
  'memory-lock': () => 'the lock of its own memory map, which another of its threads holds',
  'memory-reclaim': ({ detail }) => `memory, which the kernel reclaims for ${detail ?? 'it'}`,
  'oom-killer-off': () => 'memory of its control group, which is at its limit while its OOM killer is off',
  'memory-teardown': () => 'the teardown of its memory map after its death (exit_mmap)',
  vfio: () => 'the release of memory that VFIO had pinned for a device',
  nvidia: ({ noun }) => `${noun} waiting in the NVIDIA driver`,
  vfork: () => 'a vfork whose child has neither started a program nor exited',
  'async-io': () => 'its own exit, waiting for asynchronous I/O in flight',
  coredump: () => 'its core dump, which is not written yet',
  exit: ({ detail, top }) => `its own exit, waiting ${detail ?? `in ${top ?? 'the kernel'}`}`,
  unknown: ({ noun, detail, top }) => (top === null ? 'unknown (run as root)' : (detail ?? `${noun}, in ${top}`)),
};

function filesystemWords(frames: readonly string[], mount: VolumeMount | null): string {
  const isOverlay = mount?.type === 'overlay' || frames.some((frame) => frame.startsWith('ovl_'));
  const lower = frames.flatMap((frame) => filesystemOf(frame) ?? [])[0] ?? null;
  const name = isOverlay ? lower : (mount?.type ?? lower);
  return `${name === null ? '' : `${name} `}filesystem${isOverlay ? ' below the container’s root' : ''}`;
}

interface Action {
  readonly noun: string;
  readonly to: string;
}

/** What it does there: by the system call, else by the entry points in the stack. */
function actionOf(name: string | null, frames: readonly string[]): Action {
  const entry = frames.map((frame) =>
    /^__(?:x64|arm64)_sys_(\w+)$|^(?:sys|SyS)_(\w+)$/.exec(frame)?.slice(1).find(Boolean),
  );
  const call = name ?? entry.find((found) => found !== undefined) ?? null;
  if (call !== null) return { noun: `${call}()`, to: prepositionOf(call) };
  const seen = byFunction.find(([pattern]) => frames.some((frame) => pattern.test(frame)));
  return seen?.[1] ?? { noun: 'a call', to: 'on' };
}

function prepositionOf(call: string): string {
  if (/^(?:p?write|f?truncate|fallocate|sendfile|splice|copy_file_range)/.test(call)) return 'to';
  return /^p?read(?!link|ahead)/.test(call) ? 'from' : 'on';
}

const byFunction: readonly (readonly [RegExp, Action])[] = [
  [/page_mkwrite|sb_start_pagefault/, { noun: 'a write through a memory map', to: 'to' }],
  [/page_fault|handle_mm_fault/, { noun: 'a page fault', to: 'on' }],
  [/^kthread$/, { noun: 'work of the kernel', to: 'on' }],
  [/^(?:vfs_write|do_iter_write|ksys_write)/, { noun: 'write()', to: 'to' }],
  [/^(?:vfs_read|ksys_read)/, { noun: 'read()', to: 'from' }],
  [/^(?:path_openat|do_filp_open|do_last)/, { noun: 'open()', to: 'on' }],
];
