import { codeOf } from '../../base/system-error.ts';
import { findHierarchies } from '../../collect/cgroups/hierarchies.ts';
import { CgroupTree } from '../../collect/cgroups/tree.ts';
import { reasonOf } from '../../collect/reason.ts';
import type { World } from '../../collect/world.ts';

/** Which of the node's files a bundle takes besides those that every one has. */
export interface WantedFiles {
  readonly tasks: readonly { readonly pid: number; readonly tids: readonly number[] }[];
  /** Mount namespaces, each with processes in it: the mounts are read through the first readable one. */
  readonly namespaces: readonly { readonly inode: string; readonly what: string; readonly pids: readonly number[] }[];
  /** Full ids of the containers whose control groups are taken. */
  readonly containers: readonly string[];
  /** Below the node's root. */
  readonly unitFiles: readonly string[];
}

/** What comes of it, in this order for each file: that it is about to be read, then its text or why there is none. */
export type NodeFileLine =
  | { readonly begin: string }
  | { readonly file: string; readonly text: string; readonly tookMs: number; readonly note: string | null }
  | { readonly missing: string; readonly because: string };

interface Wish {
  readonly file: string;
  readonly from: readonly string[];
  readonly note?: string;
  /** That it is not there is not worth a word: not every kernel has it. */
  readonly calm?: boolean;
}

/** What every node can report at once and without locks that hang. */
const nodeFiles = [
  ...['cmdline', 'version', 'uptime', 'loadavg', 'stat', 'meminfo', 'vmstat', 'diskstats', 'cgroups'],
  ...['pressure/io', 'pressure/cpu', 'pressure/memory', 'sys/fs/file-nr', 'sys/kernel/hung_task_timeout_secs'],
];
/** Never cmdline, environ, maps: they take the memory map's lock, which a thread in D may hold. */
const taskFiles = ['stat', 'status', 'wchan', 'sched', 'stack', 'syscall'];
const configurations = ['/etc/docker/daemon.json', '/etc/containerd/config.toml'];
const groupFiles = [
  ...['cgroup.procs', 'cgroup.events', 'cgroup.stat', 'cgroup.freeze', 'freezer.state'],
  ...['io.stat', 'io.pressure', 'io.max', 'blkio.throttle.io_service_bytes', 'blkio.throttle.io_serviced'],
  ...['memory.current', 'memory.max', 'memory.stat', 'memory.events', 'memory.pressure', 'memory.usage_in_bytes'],
  ...['memory.limit_in_bytes', 'memory.failcnt', 'memory.oom_control', 'memory.kmem.usage_in_bytes'],
  ...['pids.current', 'pids.max', 'cpu.stat', 'cpu.pressure', 'cpu.max'],
];
/** What looking for control groups may cost, in milliseconds. */
const treeBudgetMs = 1500;

/**
 * Reads the node's files of a bundle. Any read can hang forever: this runs in an expendable process, and announces each
 * read.
 *
 * @param skip files that are already read, or hung before
 */
export function* readNodeFiles(
  world: World,
  wanted: WantedFiles,
  skip: ReadonlySet<string>,
  now: () => number = () => performance.now(),
): Generator<NodeFileLine> {
  const wishes = [...wishesOf(world, wanted)].filter(({ file }) => !skip.has(file) && !skip.has(processOf(file) ?? ''));
  for (const wish of wishes) yield* read(world, wish, now);
  if (wanted.containers.length === 0 || skip.has('cgroup')) return;
  yield { begin: 'cgroup' };
  for (const wish of groupWishes(world, wanted.containers, now)) {
    if ('because' in wish) yield wish;
    else if (!skip.has(wish.file)) yield* read(world, wish, now);
  }
}

/** The folder of a process that a file is of; where one of them hangs, the others would next. */
export function processOf(file: string): string | null {
  return /^proc\/\d+\//.exec(file)?.[0] ?? null;
}

function* wishesOf(world: World, { tasks, namespaces, unitFiles }: WantedFiles): Generator<Wish> {
  for (const name of nodeFiles) yield { file: `proc/${name}`, from: [world.proc(name)] };
  for (const { pid, tids } of tasks) {
    for (const folder of [`${pid}`, ...tids.map((tid) => `${pid}/task/${tid}`)]) {
      for (const name of taskFiles) {
        const path = `${folder}/${name}`;
        yield { file: `proc/${path}`, from: [world.proc(path)], calm: name !== 'stat' };
      }
    }
  }
  for (const { inode, what, pids } of namespaces) {
    const from = pids.map((pid) => world.proc(`${pid}/mountinfo`));
    yield { file: `mounts/${inode}.mountinfo`, from, note: what };
  }
  const root = world.roots.rootfs.replace(/\/$/, '');
  for (const path of unitFiles) yield { file: `units${path}`, from: [root + path] };
  for (const path of configurations) yield { file: path.slice(1), from: [root + path], calm: true };
}

/** The same path below every hierarchy of version 1, and below the one of version 2. */
function* groupWishes(
  world: World,
  containers: readonly string[],
  now: () => number,
): Generator<Wish | { missing: string; because: string }> {
  const hierarchies = findHierarchies(world);
  const tree = hierarchies === null ? null : new CgroupTree(world, hierarchies.groups, now);
  tree?.list(treeBudgetMs);
  const base = `${world.roots.sysfs}/fs/cgroup`;
  const roots = hierarchies?.version === 'v2' ? [''] : controllersIn(world.tryList(base) ?? []);
  for (const id of containers) {
    const groups = tree?.containers.filter(({ containerId }) => containerId === id) ?? [];
    if (groups.length === 0) {
      yield { missing: `cgroup/${id.slice(0, 12)}`, because: 'no cgroup found for this container' };
    }
    for (const { path } of groups) {
      for (const root of roots) {
        for (const name of groupFiles) {
          const file = [root, path, name].filter((part) => part !== '').join('/');
          yield { file: `cgroup/${file}`, from: [`${base}/${file}`], calm: true };
        }
      }
    }
  }
}

/** `cpu` and `cpuacct` are links to `cpu,cpuacct`. */
function controllersIn(names: readonly string[]): string[] {
  const joined = names.filter((name) => name.includes(',')).flatMap((name) => name.split(','));
  return names.filter((name) => !name.includes('.') && !joined.includes(name));
}

function* read(world: World, { file, from, note, calm = false }: Wish, now: () => number): Generator<NodeFileLine> {
  yield { begin: file };
  const started = now();
  let reason = 'no process known in this namespace';
  let isThere = true;
  for (const path of from) {
    try {
      const text = world.readText(path);
      yield { file, text, tookMs: now() - started, note: note === undefined ? null : `${note}; from ${path}` };
      return;
    } catch (error) {
      reason = reasonOf(error).replace(`${path}: `, '');
      isThere = codeOf(error) !== 'ENOENT';
    }
  }
  if (isThere || !calm) yield { missing: file, because: reason };
}
