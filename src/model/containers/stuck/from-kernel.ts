import { formatSeconds } from '../../../base/durations.ts';
import type { ShimFacts, StuckEvidence, StuckFacts, StuckTask } from './evidence.ts';

/** A process that SIGKILL can end is gone within milliseconds. */
const killPatienceMs = 3000;
/** No healthy read or write takes as long. */
const longSeconds = 10;
const sigkill = 9;

/** What the kernel shows of a container: tasks that SIGKILL waits for, tasks in D, and its shim. */
export function fromKernel(facts: StuckFacts): StuckEvidence[] {
  return [...killPending(facts), ...blockedTasks(facts), ...shimTrouble(facts), ...workerTrouble(facts)];
}

/**
 * SIGKILL is pending (SigPnd and ShdPnd of proc_pid_status(5)) on a task that still exists. A zombie keeps the bit although it
 * has obeyed, so one counts only while a thread of it is in D.
 */
function killPending({ at, tasks, kill }: StuckFacts): StuckEvidence[] {
  const doomed = tasks.filter((task) => task.killPending && (task.inD || !['Z', 'X', 'R'].includes(task.state)));
  const [worst] = doomed.toSorted(byWait);
  if (worst === undefined) return [];
  const sent = kill?.signals.find(({ signal }) => signal === sigkill) ?? null;
  const seenSince = at - Math.max(...doomed.map(({ killPendingMs }) => killPendingMs));
  const proven = doomed.some(
    (task) =>
      task.killPendingMs >= killPatienceMs ||
      (task.inD && task.killPendingPolls >= 2 && sent !== null) ||
      // Whenever the signal came: this wait is no short one.
      (task.inD && task.exact && (task.seconds ?? 0) >= longSeconds && task.waits?.killable !== true),
  );
  const others = doomed.length > 1 ? `, and on ${doomed.length - 1} more` : '';
  return [
    {
      kind: 'kill-pending',
      text: `SIGKILL pending on ${nameOf(worst)} ${stateWords(worst)}${others}`,
      source: `/proc/${worst.pid}/status`,
      since: toSecond(Math.min(seenSince, sent?.firstAt ?? seenSince)),
      beganBefore: sent === null,
      strength: proven ? 'proof' : 'sign',
      witness: 'task',
      phase: 'stop',
    },
  ];
}

/**
 * Tasks in D for long. Alone that concerns only the process; with a stop request, the container cannot exit. A wait that
 * SIGKILL ends (vfork, NFS) blocks no stop.
 */
function blockedTasks({ at, tasks, kill }: StuckFacts): StuckEvidence[] {
  const asked =
    kill !== null && (at - kill.firstAt >= longSeconds * 1000 || kill.signals.some(({ signal }) => signal === sigkill));
  return tasks
    .filter(({ inD, seconds, waits }) => inD && (seconds ?? 0) >= longSeconds && waits?.killable !== true)
    .toSorted(byWait)
    .slice(0, 3)
    .map((task): StuckEvidence => {
      const seconds = task.seconds ?? 0;
      const waits =
        task.waits === null ? (task.wchan === null ? '' : `, waiting in ${task.wchan}`) : `: ${waitWords(task)}`;
      const zombie = task.state === 'Z';
      return {
        kind: zombie ? 'zombie-leader' : 'task-blocked',
        text: `${nameOf(task)} ${zombie ? 'is dead, but a thread of it has been in D' : 'has been in D'} for ${task.exact ? '' : 'at least '}${formatSeconds(seconds)}${waits}`,
        source: zombie ? `/proc/${task.pid}/task` : `/proc/${task.pid}/stat`,
        since: toSecond(at - seconds * 1000),
        beganBefore: !task.exact,
        strength: asked ? 'proof' : 'sign',
        witness: 'task',
        phase: 'stop',
      };
    });
}

/** dockerd reaches a container only through its shim: a stopped one holds up kill, exec and inspect (which waits for kill's lock). */
function shimTrouble({ at, shim, sandbox }: StuckFacts): StuckEvidence[] {
  if (shim === null) return [];
  const common = {
    source: `/proc/${shim.pid}/stat`,
    since: toSecond(at - shim.troubledMs),
    beganBefore: true,
    strength: 'sign',
    witness: 'shim',
    // Nothing of the pod is left to be stopped.
    phase: sandbox?.ready === false ? 'removal' : 'stop',
  } as const;
  if (shim.state === 'T') {
    return [
      {
        ...common,
        kind: 'shim-stopped',
        text: `its shim (pid ${shim.pid}) was stopped by a signal (T) and does not answer`,
      },
    ];
  }
  if (!isBlocked(shim) || shim.troubledMs < longSeconds * 1000) return [];
  const where = shim.waits.length === 0 ? '' : `, waiting in ${shim.waits.slice(0, 3).join(' and ')}`;
  return [{ ...common, kind: 'shim-blocked', text: `a thread of its shim (pid ${shim.pid}) is in D${where}` }];
}

/** A backup freezes a volume for a second or two; nothing else freezes one. */
const longFrozenSeconds = 5;

/** The engine removes it, and the kernel holds the engine in that: the removal ends when this wait ends. */
function workerTrouble({ at, worker }: StuckFacts): StuckEvidence[] {
  if (worker === null) return [];
  const { pid, comm, tids, seconds, exact, waits, how } = worker;
  const patience = waits.kind === 'frozen-filesystem' ? longFrozenSeconds : longSeconds;
  if (seconds < patience || waits.killable) return [];
  const threads = tids.length === 1 ? 'a thread' : `${tids.length} threads`;
  const which = how === 'one of several' ? ', at the removal of this container or of another' : '';
  return [
    {
      kind: 'daemon-blocked',
      text: `${threads} of ${comm} (pid ${pid}) in D for ${exact ? '' : 'at least '}${formatSeconds(seconds)}: ${waitWords(worker)}${which}`,
      source: `/proc/${pid}/task`,
      since: toSecond(at - seconds * 1000),
      beganBefore: !exact,
      strength: how === 'one of several' ? 'sign' : 'proof',
      witness: 'daemon',
      phase: 'removal',
    },
  ];
}

/** Whether the shim, or a thread of it, is in D. */
export function isBlocked({ state, waits }: Pick<ShimFacts, 'state' | 'waits'>): boolean {
  return state === 'D' || waits.length > 0;
}

/** What holds up the others first: in D with SIGKILL pending, then in D, the longest wait first. */
export function byWait(a: StuckTask, b: StuckTask): number {
  const rank = ({ inD, killPending }: StuckTask): number => (inD ? 0 : 2) + (killPending ? 0 : 1);
  return rank(a) - rank(b) || (b.seconds ?? 0) - (a.seconds ?? 0) || a.pid - b.pid;
}

/** `write() to a frozen ext4 filesystem, /data`; empty when not known. */
export function waitWords({ waits, wchan }: Pick<StuckTask, 'waits' | 'wchan'>): string {
  if (waits === null || (waits.kind === 'unknown' && wchan !== null)) return wchan ?? '';
  const { mount, text } = waits;
  return mount === null || text.includes(mount.mountPoint) ? text : `${text}, ${mount.mountPoint}`;
}

function nameOf({ comm, pid }: StuckTask): string {
  return `${comm} ${pid}`;
}

function stateWords(task: StuckTask): string {
  if (!task.inD) return 'which waits to be let go';
  const where = waitWords(task);
  return `in D${where === '' ? '' : ` (${where})`}`;
}

/** To the second: the same from one poll to the next. */
function toSecond(at: number): number {
  return Math.round(at / 1000) * 1000;
}
