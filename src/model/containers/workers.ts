import type { ContainerValue } from '../../sample/containers.ts';
import type { ProcessesValue, ProcessValue, VolumeMount } from '../../sample/processes.ts';
import { okValue } from '../../sample/reading.ts';
import { type Home, type Wait, waitOf } from '../processes/waits.ts';

/** A daemon that works for a container, with threads that the kernel holds in that work. */
export interface Worker {
  readonly pid: number;
  readonly comm: string;
  /** Its threads in D in such work. */
  readonly tids: readonly number[];
  /** The longest of their waits. */
  readonly seconds: number;
  /** `seconds` is the time since the thread last ran, not since rtwatch started. */
  readonly exact: boolean;
  readonly waits: Wait;
  readonly wchan: string | null;
  readonly stack: readonly string[] | null;
  /** The system call of that thread; null when it is not known. */
  readonly call: string | null;
  /** How it is known that it works for this container. */
  readonly how: 'path' | 'only one' | 'one of several';
}

/** Where an engine keeps its files, as it says itself. */
export interface EngineHome {
  readonly rootDir: string;
  /** `overlay2` */
  readonly driver: string;
}

interface WorkersInput {
  readonly processes: ProcessesValue | null;
  /** Of the engine. */
  readonly containers: readonly ContainerValue[];
  /** Of pods: exited containers, and sandboxes that are not ready. Whether one is being removed, no list says. */
  readonly ended: readonly Pick<ContainerValue, 'id' | 'inspect'>[];
  readonly home: EngineHome;
  /** How long a process was seen blocked, by pid, in seconds. */
  readonly seenSeconds: ReadonlyMap<number, number>;
}

/** What an engine does to a container's files when it removes it: fs.RemoveAll, unmounts, renames of its directory. */
const removals = /^(?:unlink(?:at)?|rmdir|rename(?:at2?)?|umount2?|openat2?|getdents(?:64)?|newfstatat|lstat|fsync)$/;
const removalFrames =
  /^(?:do_unlinkat|do_rmdir|vfs_(?:unlink|rmdir|rename)|do_renameat2|path_umount|do_umount|cleanup_mnt)$/;
const engines: ReadonlySet<string> = new Set(['dockerd', 'dockerd-current', 'balenad', 'balena-engine-d']);
const podRuntimes: ReadonlySet<string> = new Set(['containerd', 'crio']);

/**
 * For each container that is being removed: its engine's threads that the kernel holds in a removal. A system call does not
 * show its path; so by the directory it works in where that names the container or its layer, else because it is the only
 * one that is removed, else as one of several.
 */
export function workersOf(input: WorkersInput): ReadonlyMap<string, Worker> {
  const removed = input.containers.filter(({ state }) => state === 'removing');
  const find = (names: ReadonlySet<string>): ProcessValue[] =>
    input.processes?.processes.filter(({ comm, blocked }) => names.has(comm) && blocked.some(removes)) ?? [];
  const [engine] = removed.length === 0 ? [] : find(engines);
  const ofPods = input.ended.length === 0 ? [] : find(podRuntimes);
  return new Map([
    ...(engine === undefined ? [] : removed.flatMap((one) => workerFor(one, engine, removed.length, input))),
    // Of those that have ended any may be in its removal, or none: only a path says which.
    ...ofPods.flatMap((runtime) =>
      input.ended.flatMap((one) =>
        workerFor(one, runtime, input.ended.length + 1, input).filter(([, { how }]) => how === 'path'),
      ),
    ),
  ]);
}

function workerFor(
  container: Pick<ContainerValue, 'id' | 'inspect'>,
  engine: ProcessValue,
  others: number,
  input: WorkersInput,
): [string, Worker][] {
  const all = engine.blocked.filter(removes);
  const own = all.filter(({ syscall }) => namesOf(container).some((name) => syscall?.file?.includes(name) === true));
  const tasks = own.length > 0 ? own : all.filter(({ syscall }) => !isOfAnother(syscall?.file ?? null));
  const [longest] = tasks.toSorted((a, b) => (b.offCpuSeconds ?? 0) - (a.offCpuSeconds ?? 0));
  if (longest === undefined) return [];
  const waits = waitOf(longest, engine.volumes, homeOf(engine.volumes, input.home));
  return [
    [
      container.id,
      {
        pid: engine.pid,
        comm: engine.comm,
        tids: tasks.map(({ tid }) => tid),
        seconds: longest.offCpuSeconds ?? input.seenSeconds.get(engine.pid) ?? 0,
        exact: longest.offCpuSeconds !== null,
        waits,
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
function namesOf({ id, inspect }: Pick<ContainerValue, 'id' | 'inspect'>): string[] {
  const merged = inspect === null ? null : okValue(inspect)?.mergedDir;
  const layer = merged == null ? undefined : /\/([0-9a-z]{25,})\/merged$/.exec(merged)?.[1];
  return layer === undefined ? [id] : [id, layer];
}

/** A path below a directory of one container or layer, which was found to be none of this one's. */
function isOfAnother(file: string | null): boolean {
  return file !== null && /\/(?:containers|rootfs\/[^/]+)\/[0-9a-f]{64}/.test(file);
}

/**
 * A removal begins with the layers (daemon/delete.go, cleanupContainer): so it is on the mount that they are on, likely, and
 * possibly on another one inside the engine's root.
 */
function homeOf(volumes: readonly VolumeMount[], { rootDir, driver }: EngineHome): Home | null {
  const real = volumes.filter(({ readOnly, type }) => !readOnly && type !== 'overlay');
  const mount = real
    .filter(({ mountPoint }) => isBelow(`${rootDir}/${driver}`, mountPoint))
    .toSorted(byDepth)
    .at(-1);
  if (mount === undefined) return null;
  const others = real.filter(({ mountPoint, device }) => device !== mount.device && isBelow(mountPoint, rootDir));
  return { mount, certainty: others.length === 0 ? 'likely' : 'possible' };
}

function byDepth(a: VolumeMount, b: VolumeMount): number {
  return a.mountPoint.length - b.mountPoint.length;
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root === '/' ? '/' : `${root}/`);
}
