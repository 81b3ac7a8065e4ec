import type { ContainerValue } from '../../sample/containers.ts';
import type { ProcessesValue, ProcessValue, VolumeMount } from '../../sample/processes.ts';
import { okValue } from '../../sample/reading.ts';
import type { WaitKind } from '../processes/wait-kind.ts';
import { type Wait, waitOf } from '../processes/waits.ts';

/** A daemon that works for a container, with threads that the kernel holds in that work. */
export interface Worker {
  readonly pid: number;
  readonly comm: string;
  /** Its threads in D in such work. */
  readonly tids: readonly number[];
  /** The longest of their waits. */
  readonly seconds: number;
  /** `seconds` is the time since the thread last ran, not since rtwatch looks. */
  readonly exact: boolean;
  readonly waits: Wait;
  readonly wchan: string | null;
  readonly stack: readonly string[] | null;
  /** The system call of that thread; null when it is not known. */
  readonly call: string | null;
  /** How it is known that it works for this container. */
  readonly how: 'path' | 'only one' | 'one of several';
}

interface WorkersInput {
  readonly processes: ProcessesValue | null;
  readonly containers: readonly ContainerValue[];
  /** The engine's own directory, as it says itself; null when it has not. */
  readonly rootDir: string | null;
  /** How long a process was seen blocked, by pid, in seconds. */
  readonly seenSeconds: ReadonlyMap<number, number>;
}

/** What an engine does to a container's files when it removes it: fs.RemoveAll, unmounts, renames of its directory. */
const removals = /^(?:unlink(?:at)?|rmdir|rename(?:at2?)?|umount2?|openat2?|getdents(?:64)?|newfstatat|lstat|fsync)$/;
const removalFrames =
  /^(?:do_unlinkat|do_rmdir|vfs_(?:unlink|rmdir|rename)|do_renameat2|path_umount|do_umount|cleanup_mnt)$/;
const engines: ReadonlySet<string> = new Set(['dockerd', 'dockerd-current']);

/**
 * For each container that is being removed: its engine's threads that the kernel holds in a removal. A system call does not
 * show its path; so by the directory it works in where that names the container or its layer, else because it is the only
 * one that is removed, else as one of several.
 */
export function workersOf(input: WorkersInput): ReadonlyMap<string, Worker> {
  const removed = input.containers.filter(({ state }) => state === 'removing');
  if (removed.length === 0) return new Map();
  const engine = input.processes?.processes.find(({ comm, blocked }) => engines.has(comm) && blocked.some(removes));
  if (engine === undefined) return new Map();
  return new Map(removed.flatMap((container) => workerFor(container, engine, removed.length, input)));
}

function workerFor(
  container: ContainerValue,
  engine: ProcessValue,
  others: number,
  input: WorkersInput,
): [string, Worker][] {
  const all = engine.blocked.filter(removes);
  const own = all.filter(({ syscall }) => namesOf(container).some((name) => syscall?.file?.includes(name) === true));
  const tasks = own.length > 0 ? own : all.filter(({ syscall }) => !isOfAnother(syscall?.file ?? null));
  const [longest] = tasks.toSorted((a, b) => (b.offCpuSeconds ?? 0) - (a.offCpuSeconds ?? 0));
  if (longest === undefined) return [];
  const waits = waitOf(longest, engine.volumes);
  return [
    [
      container.id,
      {
        pid: engine.pid,
        comm: engine.comm,
        tids: tasks.map(({ tid }) => tid),
        seconds: longest.offCpuSeconds ?? input.seenSeconds.get(engine.pid) ?? 0,
        exact: longest.offCpuSeconds !== null,
        waits: waits.mount === null ? atHome(waits, engine.volumes, input.rootDir ?? '/var/lib/docker') : waits,
        wchan: longest.wchan,
        stack: longest.stack,
        call: longest.syscall?.name ?? null,
        how: own.length > 0 ? 'path' : others === 1 ? 'only one' : 'one of several',
      },
    ],
  ];
}

function removes({ syscall, stack }: ProcessValue['blocked'][number]): boolean {
  if (syscall?.name != null) return removals.test(syscall.name);
  return stack?.some((frame) => removalFrames.test(frame)) === true;
}

/** What a path to its files has in it. */
function namesOf({ id, inspect }: ContainerValue): string[] {
  const merged = inspect === null ? null : okValue(inspect)?.mergedDir;
  const layer = merged == null ? undefined : /\/([0-9a-z]{25,})\/merged$/.exec(merged)?.[1];
  return layer === undefined ? [id] : [id, layer];
}

/** A path below a directory of one container or layer, which was found to be none of this one's. */
function isOfAnother(file: string | null): boolean {
  return file !== null && /\/containers\/[0-9a-f]{64}/.test(file);
}

/** Waits that are at the filesystem which is worked on. */
const atFilesystem: ReadonlySet<WaitKind> = new Set([
  ...(['frozen-filesystem', 'disk', 'journal', 'zfs', 'writeback', 'filesystem-lock'] as const),
]);

/** The engine's files are in its root: what it removes is on the mounts in there, or on the one that the root is on. */
function atHome(waits: Wait, volumes: readonly VolumeMount[], rootDir: string): Wait {
  if (!atFilesystem.has(waits.kind)) return waits;
  const real = volumes.filter(({ readOnly, type }) => !readOnly && type !== 'overlay');
  const inside = real.filter(({ mountPoint }) => isBelow(mountPoint, rootDir));
  const around = real.filter(({ mountPoint }) => isBelow(rootDir, mountPoint));
  const candidates = inside.length > 0 ? inside : around.toSorted(byDepth).slice(-1);
  const [home] = candidates.toSorted(byDepth);
  if (home === undefined || candidates.some(({ device }) => device !== home.device)) return waits;
  return { ...waits, mount: home, how: 'only one of its kind', certainty: 'likely' };
}

function byDepth(a: VolumeMount, b: VolumeMount): number {
  return a.mountPoint.length - b.mountPoint.length;
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root === '/' ? '/' : `${root}/`);
}
