import { plural } from '../../base/counts.ts';
import { formatMs, formatSeconds } from '../../base/durations.ts';
import { formatPercent } from '../../base/percent.ts';
import { okValue } from '../../sample/reading.ts';
import { isHolding, type ProcessesModel, type ProcessModel } from '../processes/processes.ts';
import type { DiskModel, DisksModel } from './disks.ts';
import { heldUpSeconds, stuckSeconds } from './faults.ts';
import { diskWaitOf } from './waits.ts';

interface PressureParts {
  readonly disks: DisksModel | null;
  readonly processes: ProcessesModel | null;
}

/** What pressure and the tasks in D say together. */
export interface PressurePattern {
  /**
   * `stuck` tasks wait, or a device holds requests, and nothing completes; `slow` the disk works and cannot keep up; `busy`
   * many requests wait and all of them complete; `calm` neither; `unknown` the disks or the processes were never read.
   */
  readonly kind: 'stuck' | 'slow' | 'busy' | 'calm' | 'unknown';
  /** For people, with the figures. */
  readonly text: string;
  /** The same without the level of pressure, for a line of few columns. */
  readonly short: string;
  /** Processes in D that it is about. */
  readonly pids: readonly number[];
  readonly devices: readonly string[];
}

/** Share of time, percent, in which some task waited for I/O: our own judgement, as docs/architecture.md says. */
const highPressure = 20;
/** Below this no task waits for a disk, whatever is in D. */
const lowPressure = 5;
/** Share of the processors' time; it counts for little on many processors. */
const highIoWait = 20;
/** A task of a healthy node is in D for milliseconds. */
const longSeconds = 20;
/** Mean time of a request: a spinning disk needs ten milliseconds. */
const slowAwaitMs = 100;
const busyPercent = 90;

/**
 * Distinguishes a slow disk from one that hangs. Pressure counts the tasks that wait for a device; it does not count those
 * that wait for a lock, a frozen filesystem, NFS or FUSE, although they are in D as well (kernel/sched/psi.c: only tasks
 * with in_iowait). So both are needed: tasks in D for long without pressure wait for something other than the disk's speed.
 */
export function pressurePattern({ disks, processes }: PressureParts): PressurePattern {
  if (disks === null) return patternOf('unknown', 'the disks were not read');
  const held = (processes?.list ?? []).filter(isHolding);
  return (
    stuckDevice(disks, held) ??
    stuckTasks(disks, held) ??
    slowDisk(disks, held) ??
    busyDisk(disks) ??
    patternOf('calm', calmText(disks))
  );
}

const patternOf = (kind: PressurePattern['kind'], text: string): PressurePattern => ({
  kind,
  text,
  short: text,
  pids: [],
  devices: [],
});

function stuckDevice(disks: DisksModel, held: readonly ProcessModel[]): PressurePattern | null {
  const stuck = disks.list.filter((disk) => stuckSeconds(disk) !== null);
  const [first] = stuck;
  if (first === undefined) return null;
  const others = stuck.length === 1 ? '' : ` (and ${stuck.length - 1} more ${plural(stuck.length - 1, 'device')})`;
  return {
    kind: 'stuck',
    text:
      `device ${first.name}${others} has ${first.inFlight} ${plural(first.inFlight, 'request')} in flight and has completed none for ` +
      `${formatSeconds(first.stillSeconds)}: it, or what it is built on, does not answer`,
    short: `${first.name}${others}: ${first.inFlight} in flight, none completed for ${formatSeconds(first.stillSeconds)}`,
    pids: held.filter((process) => diskWaitOf(process) !== 'harmless').map(({ pid }) => pid),
    devices: stuck.map(({ name }) => name),
  };
}

/** Only waits that are known to be no disk's, or waits that the pressure does not show. */
function stuckTasks(disks: DisksModel, held: readonly ProcessModel[]): PressurePattern | null {
  const long = held.filter(({ seconds, kernelThread }) => seconds >= longSeconds && !kernelThread);
  const locked = long.filter((process) => ['frozen', 'remote'].includes(diskWaitOf(process)));
  const unseen = isLow(disks) ? long.filter((process) => ['disk', 'other'].includes(diskWaitOf(process))) : [];
  const waiting = [...locked, ...unseen];
  if (waiting.length === 0) return null;
  const longest = Math.max(...waiting.map(({ seconds }) => seconds));
  const kinds = new Set(waiting.map(diskWaitOf));
  const cause =
    kinds.size === 1 && kinds.has('frozen')
      ? 'a frozen filesystem'
      : kinds.size === 1 && kinds.has('remote')
        ? 'a file server or a FUSE daemon that does not answer'
        : 'a lock, a frozen or a remote filesystem';
  const tasks = `${waiting.length} ${plural(waiting.length, 'process', 'processes')} in D for ${waiting.length === 1 ? '' : 'up to '}${formatSeconds(longest)}`;
  return {
    kind: 'stuck',
    text: `${cause}, ${isLow(disks) ? 'no slow disk' : 'and not only a busy disk'}: ${tasks}, ${levelText(disks)}`,
    short: `${cause}: ${tasks}`,
    pids: waiting.map(({ pid }) => pid),
    devices: [],
  };
}

function slowDisk(disks: DisksModel, held: readonly ProcessModel[]): PressurePattern | null {
  const waiting = held.filter((process) => diskWaitOf(process) === 'disk' && process.seconds >= 1);
  const slow = disks.list.filter(({ rates }) => (rates?.awaitMs ?? 0) >= slowAwaitMs);
  if (!isHigh(disks) || waiting.length + slow.length === 0) return null;
  const tasks = `${waiting.length} ${plural(waiting.length, 'process waits', 'processes wait')} for a disk in D`;
  const named = slow.map(({ name, rates }) => `${name} takes ${formatMs(rates?.awaitMs ?? 0)} a request`);
  const parts = [...(waiting.length === 0 ? [] : [tasks]), ...named.slice(0, 3)];
  return {
    kind: 'slow',
    text: `${[levelText(disks), ...parts].join(', ')}: a slow disk${stillText(disks) ?? ', but it moves'}`,
    short: `a slow disk: ${parts.join(', ')}`,
    pids: waiting.map(({ pid }) => pid),
    devices: slow.map(({ name }) => name),
  };
}

function busyDisk(disks: DisksModel): PressurePattern | null {
  const busy = disks.list.filter(({ rates }) => (rates?.utilPercent ?? 0) >= busyPercent);
  if (!isHigh(disks) && busy.length === 0) return null;
  const named = busy.map(({ name, rates }) => `${name} is busy ${formatPercent(rates?.utilPercent ?? 0)} of the time`);
  const text = `${[levelText(disks), ...named.slice(0, 3)].join(', ')}${stillText(disks) ?? '; nothing hangs'}`;
  return { ...patternOf('busy', text), devices: busy.map(({ name }: DiskModel) => name) };
}

function calmText(disks: DisksModel): string {
  return `${levelText(disks)}${stillText(disks) ?? ', nothing hangs'}`;
}

/** A device that completes nothing for a moment may be about to: neither `it moves` nor `it hangs` is known. Null when all move. */
function stillText({ list }: DisksModel): string | null {
  const still = list.find((disk) => heldUpSeconds(disk) !== null);
  if (still === undefined) return null;
  return `; ${still.name} has completed none of its ${still.inFlight} requests for ${formatSeconds(still.stillSeconds)}`;
}

/** The level now: of PSI the ten seconds' mean, which a single burst does not lift. */
function isHigh({ pressure, substitute }: DisksModel): boolean {
  const io = okValue(pressure);
  return io === null ? (substitute?.ioWaitPercent ?? 0) >= highIoWait : io.some.avg10 >= highPressure;
}

function isLow({ pressure, substitute }: DisksModel): boolean {
  const io = okValue(pressure);
  return io === null ? (substitute?.ioWaitPercent ?? 100) < lowPressure : io.some.avg10 < lowPressure;
}

function levelText({ pressure, substitute }: DisksModel): string {
  const io = okValue(pressure);
  if (io !== null) {
    const full = io.full === null ? '' : `, full ${formatPercent(io.full.avg10)}`;
    return `I/O pressure some ${formatPercent(io.some.avg10)}${full}`;
  }
  const ioWait = substitute?.ioWaitPercent ?? null;
  return ioWait === null ? 'pressure unknown' : `iowait ${formatPercent(ioWait)}`;
}
