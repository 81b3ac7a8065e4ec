import path from 'node:path';
import type { ProcessEntry } from '../../collect/processes/table.ts';
import { reasonOf } from '../../collect/reason.ts';
import type { World } from '../../collect/world.ts';
import { type PidStat, parsePidStat } from '../../parse/proc/pid/stat.ts';
import { countGoroutines, defaultPatience, dumpFiles, waitForDump } from './file.ts';
import { type DumpPlace, placeOfContainerd, placeOfDockerd } from './place.ts';

/** What is going to be done to which process. */
export interface SignalPlan {
  /** Of its program, e.g. `containerd-shim-runc-v2`. */
  readonly name: string;
  readonly pid: number;
  /** With the pid, its identity. */
  readonly starttime: number;
  /** In words, a paragraph each. */
  readonly will: readonly string[];
  /** Where the file is going to be; null for a program that writes into its log only. */
  readonly place: DumpPlace | null;
  /** Where the dump is when there is no file: `in its log: journalctl -u docker`. */
  readonly elsewhere: string;
}

interface SignalDump {
  /** Of the file that the daemon wrote, as this process opens it. */
  readonly path: string;
  readonly goroutines: number;
  readonly bytes: number;
}

type SignalledKind = 'dockerd' | 'containerd' | 'shim';

/** No signal was sent. */
export class SignalRefused extends Error {}

/** The signal was sent, and no file was found; says where the dump may be. */
export class NoDumpFile extends Error {}

/** SIGUSR1 is 10 wherever Docker runs, and bit n-1 of a mask stands for signal n (signal(7), proc_pid_status(5)). */
const usr1Bit = 0x200;

/** As the kernel has it: cut to 15 characters. */
const signalled = /^(?:dockerd|containerd|containerd-shim.*|docker-containe.*)$/;

/**
 * Says what a SIGUSR1 will do to a process; does nothing yet.
 *
 * @throws SignalRefused when it must not be sent
 */
export function planSignalDump(world: World, entry: ProcessEntry): SignalPlan {
  const { stat } = entry;
  refuseUnlessCaught(world, stat);
  const name = programOf(world, stat);
  const kind = kindOf(name);
  const place =
    kind === 'dockerd' ? placeOfDockerd(world, entry) : kind === 'containerd' ? placeOfContainerd(world, entry) : null;
  const elsewhere = `in ${logOf(world, stat, kind)}`;
  const will = [
    `Sends SIGUSR1 to ${name} (pid ${stat.pid}), which catches it, writes the stacks of all its goroutines and continues. ` +
      'It pauses meanwhile: milliseconds, or seconds with 100,000 goroutines.',
    ...words(kind, place),
  ];
  return { name, pid: stat.pid, starttime: stat.starttime, will, place, elsewhere };
}

/**
 * Sends the signal and finds the file.
 *
 * @throws SignalRefused when the process is not the same any more
 * @throws NoDumpFile when the signal was sent and there is no file
 */
export async function sendSignalDump(
  world: World,
  plan: SignalPlan,
  signal: AbortSignal,
  patience = defaultPatience,
): Promise<SignalDump> {
  const { name, pid, place, elsewhere } = plan;
  const before = place === null ? new Map() : filesIn(place);
  signal.throwIfAborted();
  // Last of all: from here to the signal nothing waits, so that the pid cannot become another's meanwhile.
  refuseUnlessCaught(world, plan);
  send(pid);
  if (place === null) throw new NoDumpFile(`sent SIGUSR1 to ${name} (pid ${pid}); its dump is ${elsewhere}`);
  let found: Awaited<ReturnType<typeof waitForDump>>;
  try {
    found = await waitForDump(place, before, signal, patience);
    if (found !== null && found.bytes > 0) {
      const counted = await countGoroutines(place, found.name, signal);
      if (counted.goroutines > 0) return { path: found.path, ...counted };
    }
  } catch (error) {
    throw new NoDumpFile(`${reasonOf(error)}; the signal was sent, the dump may be ${elsewhere}`);
  }
  throw new NoDumpFile(`${outcome(world, plan, found)}; the dump may be ${elsewhere}`);
}

/** The name of a process's program: the kernel cuts it, but the link to its file has it whole. */
export function programOf(world: World, { pid, comm }: Pick<PidStat, 'pid' | 'comm'>): string {
  const file = world.tryLink(world.proc(`${pid}/exe`))?.replace(/ \(deleted\)$/, '') ?? '';
  const program = path.posix.basename(file);
  return program.startsWith(comm) ? program : comm;
}

/** What a program of that name does with the signal. */
export function kindOf(name: string): SignalledKind {
  if (name.includes('shim')) return 'shim';
  return name === 'dockerd' ? 'dockerd' : 'containerd';
}

/**
 * SIGUSR1 kills a process that does not catch it (signal(7)). Every Go program catches it from its first instruction on,
 * even one that does nothing with it; a process that only has the same name may not.
 */
function refuseUnlessCaught(world: World, { pid, starttime }: Pick<PidStat, 'pid' | 'starttime'>): void {
  if (!seesOwnPids(world)) {
    throw new SignalRefused(`${world.roots.procfs} belongs to another PID namespace or a captured node`);
  }
  let stat: PidStat;
  let status: string;
  try {
    stat = parsePidStat(world.readRecord(world.proc(`${pid}/stat`)));
    status = world.readText(world.proc(`${pid}/status`));
  } catch {
    throw new SignalRefused(`process ${pid} is gone, or permission denied`);
  }
  const name = `${stat.comm} (pid ${pid})`;
  if (stat.starttime !== starttime) throw new SignalRefused(`pid ${pid} is now another process: ${stat.comm}`);
  if (!signalled.test(stat.comm)) throw new SignalRefused(`${name} is not dockerd, containerd or a shim`);
  if (stat.state === 'Z' || stat.state === 'X') throw new SignalRefused(`${name} has exited`);
  const mask = /^SigCgt:\s*([0-9a-f]+)/m.exec(status)?.[1];
  if (mask === undefined || (Number.parseInt(mask.slice(-8), 16) & usr1Bit) === 0) {
    throw new SignalRefused(`${name} does not catch SIGUSR1: the signal would kill it`);
  }
}

/**
 * Whether a pid of this /proc is the same process for kill(2): another pid namespace has other numbers. `NSpid` (Linux 4.1)
 * lists the pid of a process in the namespace of this /proc and in every one below; before it, `Pid` has to do.
 */
function seesOwnPids(world: World): boolean {
  const status = world.tryText(world.proc('self/status')) ?? '';
  const pids = /^NSpid:\s*(.*?)\s*$/m.exec(status)?.[1] ?? /^Pid:\s*(\d+)/m.exec(status)?.[1];
  return pids === `${process.pid}`;
}

/** @throws SignalRefused when it is not allowed, or the process is gone */
function send(pid: number): void {
  try {
    process.kill(pid, 'SIGUSR1');
  } catch (error) {
    throw new SignalRefused(`kill(${pid}, SIGUSR1): ${reasonOf(error)}`);
  }
}

/** @throws SignalRefused if the place is unreadable: the dump would not be found */
function filesIn(place: DumpPlace): ReturnType<typeof dumpFiles> {
  try {
    return dumpFiles(place);
  } catch (error) {
    throw new SignalRefused(`${place.folder}, where the file would be: ${reasonOf(error)}`);
  }
}

function outcome(
  world: World,
  { name, pid, starttime, place }: SignalPlan,
  found: { path: string; bytes: number } | null,
) {
  if (found !== null) return `${found.path} ${found.bytes === 0 ? 'stays empty' : 'holds no goroutines'}`;
  try {
    if (parsePidStat(world.readRecord(world.proc(`${pid}/stat`))).starttime === starttime) {
      return `sent SIGUSR1 to ${name} (pid ${pid}), but no file appeared in ${place?.folder} in time`;
    }
  } catch {
    // It is gone.
  }
  return `sent SIGUSR1 to ${name} (pid ${pid}), which has exited since`;
}

function words(kind: SignalledKind, place: DumpPlace | null): string[] {
  switch (kind) {
    case 'dockerd':
      return [
        `dockerd 1.13 and newer writes goroutine-stacks-<time>.log to ${place?.folder} and never removes it; ` +
          '1.12 and older writes only to its log.',
      ];
    case 'containerd':
      return [
        `containerd writes to its log; 1.4 and newer also to ${place?.folder}/${place?.name}, replacing an earlier one. ` +
          'If its log is blocked (a full pipe, a stopped journal), containerd blocks too.',
      ];
    case 'shim':
      return [
        'A shim writes only to its log, which containerd copies to its own: there is no file. A shim of runtime v1 ' +
          '(containerd-shim, docker-containerd-shim) needs shim_debug in the settings of containerd. If containerd is ' +
          'stopped, the shim blocks.',
      ];
  }
}

/** Where a daemon's log is: what it writes its errors to when that is a file, else the journal of the unit that runs it. */
function logOf(world: World, { pid, ppid }: PidStat, kind: SignalledKind): string {
  if (kind === 'shim')
    return 'the log of its containerd: journalctl -u containerd, or -u docker where dockerd started it';
  const file = world.tryLink(world.proc(`${pid}/fd/2`));
  if (file?.startsWith('/') && !file.startsWith('/dev/')) return `its log: ${file}`;
  const isChild = kind === 'containerd' && world.tryText(world.proc(`${ppid}/comm`))?.trim() === 'dockerd';
  return `its log: journalctl -u ${kind === 'dockerd' || isChild ? 'docker' : 'containerd'}`;
}
