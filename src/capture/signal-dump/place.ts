import path from 'node:path';
import { listeningSockets } from '../../collect/daemons/debug-socket.ts';
import type { ProcessEntry } from '../../collect/processes/table.ts';
import { readRegular } from '../../collect/regular-file.ts';
import { type PathWithin, resolveWithin, textOf, withFolder } from '../../collect/within-root.ts';
import type { World } from '../../collect/world.ts';
import { parsePidStat } from '../../parse/proc/pid/stat.ts';

/** Where a daemon puts the file: a name that is known before, or a form that its name has. */
export interface DumpPlace {
  /** As a reader sees it, with its links resolved. */
  readonly folder: string;
  readonly within: PathWithin;
  readonly name: string | RegExp;
}

/** What is known of the process that is to write it. */
interface Writer {
  readonly world: World;
  readonly pid: number;
  /** Arguments and environment; empty where they must not be read. */
  readonly words: readonly string[];
  readonly environment: readonly string[];
  /** The root of its paths, as this process sees it. */
  readonly root: string;
}

/** How often a process is read before it counts as blocked, and the pause between two reads in milliseconds. */
const reads = 10;
const betweenReadsMs = 10;

/**
 * Where dockerd writes `goroutine-stacks-<time>.log`: its exec root, or its data root if the exec root is set to an empty
 * value (moby daemon/daemon.go, NewDaemon: stackDumpDir). The exec root can also be set in daemon.json, but dockerd listens
 * on `metrics.sock` in it, however it was set (daemon/metrics_unix.go).
 */
export function placeOfDockerd(world: World, entry: ProcessEntry): DumpPlace {
  const writer = writerOf(world, entry);
  const execRoot = optionOf(writer.words, ['--exec-root']);
  const folder =
    execRoot === ''
      ? optionOf(writer.words, ['--data-root', '--graph', '-g']) || '/var/lib/docker'
      : (execRoot ?? folderOfMetricsSocket(writer) ?? '/var/run/docker');
  // The time as RFC 3339 has it, without its colons: `2026-11-21T100301Z`, `2026-11-21T110301+0100`.
  return { ...placeIn(below(writer, folder)), name: /^goroutine-stacks-[\w+-]+\.log$/ };
}

/**
 * Where containerd writes `containerd.<pid>.stacks.log`, since 1.4: its folder for temporary files (containerd
 * cmd/containerd/command/main.go, dumpStacks), which `temp` in its configuration overrides (server.go,
 * CreateTopLevelDirectories). The pid is the one that it has itself.
 */
export function placeOfContainerd(world: World, entry: ProcessEntry): DumpPlace {
  const writer = writerOf(world, entry);
  const configured = temporaryFolderOf(writer, optionOf(writer.words, ['--config', '-config', '-c']));
  const inherited = writer.environment.find((line) => line.startsWith('TMPDIR='))?.slice('TMPDIR='.length);
  const folder = below(writer, configured || inherited || '/tmp');
  return { ...placeIn(folder), name: `containerd.${ownPidOf(world, writer.pid)}.stacks.log` };
}

const placeIn = (within: PathWithin): Omit<DumpPlace, 'name'> => ({ folder: textOf(within), within });

function writerOf(world: World, entry: ProcessEntry): Writer {
  const { pid } = entry.stat;
  // Both hang where another thread of the process waits with the memory map's lock.
  const read = (file: string): string[] => (world.tryText(world.proc(`${pid}/${file}`), true) ?? '').split('\0');
  const mayHang = isBlocked(world, entry);
  return {
    world,
    pid,
    words: mayHang ? [] : read('cmdline'),
    environment: mayHang ? [] : read('environ'),
    root: rootOf(world, pid),
  };
}

/**
 * Whether a thread of the process stays in uninterruptible sleep: each one that starts a process (vfork) or reads from a
 * disk is there for a moment, and does so often. A wait that could hang us lasts through all reads.
 */
function isBlocked(world: World, entry: ProcessEntry): boolean {
  for (let read = 1; hasBlockedThread(world, entry); read++) {
    if (read === reads) return true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, betweenReadsMs);
  }
  return false;
}

function hasBlockedThread(world: World, { stat, blockedThreads }: ProcessEntry): boolean {
  const threads = world.proc(`${stat.pid}/task`);
  const tids = world.tryList(threads);
  if (tids === null) return stat.state === 'D' || blockedThreads.length > 0;
  return tids.some((tid) => {
    try {
      return parsePidStat(world.readRecord(`${threads}/${tid}/stat`)).state === 'D';
    } catch {
      return false; // It has just exited.
    }
  });
}

/** The value of an option, in its own word or in the same one; null if it is missing. The last one counts. */
function optionOf(words: readonly string[], names: readonly string[]): string | null {
  let value: string | null = null;
  for (const [index, word] of words.entries()) {
    if (names.includes(word)) value = words[index + 1] ?? value;
    const name = names.find((each) => word.startsWith(`${each}=`));
    if (name !== undefined) value = word.slice(name.length + 1);
  }
  return value;
}

function folderOfMetricsSocket({ world, pid }: Writer): string | null {
  const socket = listeningSockets(world, pid).find((listening) => /^\/.*\/metrics\.sock$/.test(listening));
  return socket === undefined ? null : path.posix.dirname(socket);
}

/** `temp` of containerd's config.toml; it stands above the first table, so nothing else of that name can be meant. */
function temporaryFolderOf(writer: Writer, config: string | null): string | null {
  const text = textBelow(writer, config || '/etc/containerd/config.toml');
  const [top = ''] = text.split(/^\s*\[/m, 1);
  return /^\s*temp\s*=\s*(["'])(.+)\1/m.exec(top)?.[2] ?? null;
}

/**
 * The root that a process's paths begin at. A process in another mount namespace than ours (a service with a private /tmp,
 * an engine in a container) is seen through `/proc/PID/root`; the others without it, because those paths outlive it.
 */
function rootOf(world: World, pid: number): string {
  const { rootfs } = world.roots;
  const namespaceOf = (process: string): string | null => world.tryLink(world.proc(`${process}/ns/mnt`));
  const own = namespaceOf(`${pid}`);
  // Unknown: a captured tree, or no permission.
  if (own === null) return rootfs;
  if (own === namespaceOf('self')) return '/';
  return rootfs !== '/' && own === namespaceOf('1') ? rootfs : world.proc(`${pid}/root`);
}

/** A path of the process, found as the process itself would find it. */
function below({ world, pid, root }: Writer, wanted: string): PathWithin {
  const from = wanted.startsWith('/') ? '' : (world.tryLink(world.proc(`${pid}/cwd`)) ?? '');
  return resolveWithin(root, `${from}/${wanted}`);
}

function textBelow(writer: Writer, file: string): string {
  const { root, names } = below(writer, file);
  try {
    return withFolder({ root, names: names.slice(0, -1) }, (folder) => readRegular(`${folder}/${names.at(-1)}`)) ?? '';
  } catch {
    return '';
  }
}

/** The pid that a process sees itself under: the last of `NSpid` (Linux 4.1), which names it in every namespace inwards. */
function ownPidOf(world: World, pid: number): number {
  const inner = /^NSpid:.*\s(\d+)\s*$/m.exec(world.tryText(world.proc(`${pid}/status`)) ?? '')?.[1];
  return inner === undefined ? pid : Number(inner);
}
