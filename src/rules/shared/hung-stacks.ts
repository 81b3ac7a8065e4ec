import type { LogsModel } from '../../model/logs/logs.ts';
import { type Wait, waitOf } from '../../model/processes/waits.ts';
import type { LogLine } from '../../sample/logs.ts';

/** A task that the kernel reported, and what the stack that it printed after that line says. */
export interface HungStack {
  readonly pid: number;
  readonly comm: string;
  /** What it is in, to stand after "in". */
  readonly text: string;
  /** Null where only its work is known, and not what that waits for. */
  readonly wait: Wait | null;
  /** The device that a worker works for; null if none is named. */
  readonly device: string | null;
}

/** Reports that begin a stack of their own: what follows them is none of a hung task. */
const others: ReadonlySet<string> = new Set(['soft-lockup', 'rcu-stall', 'kernel-oops', 'page-allocation-failed']);
/** The kernel writes a stack in one go. */
const togetherMs = 5000;

/**
 * What tasks waited for, by the stacks that the kernel printed; each kind of wait once, by the newest report.
 *
 * @param pids of those tasks
 */
export function hungStacks({ lines }: LogsModel, pids: ReadonlySet<number>): HungStack[] {
  const found = new Map<string, HungStack>();
  for (const stack of stacksOf(lines)) {
    const { task, work, device } = stack;
    if (task.pid === null || !pids.has(task.pid)) continue;
    const wait = waitIn(stack);
    const text = wait?.text ?? (work === null ? null : `its work ${work}`);
    if (text === null) continue;
    found.delete(text);
    found.set(text, { pid: task.pid, comm: task.comm ?? 'a task', text, wait, device });
  }
  return [...found.values()].reverse();
}

/** A task that sleeps is in one of these: they are no leftovers. Before 3.18 the first frame is the one that called schedule(). */
const ofScheduler = /^(?:schedule(?:_preempt_disabled)?$|io_schedule|_*cv_(?:timed)?wait)/;

function waitIn({ task, frames, guesses, work }: PrintedStack): Wait | null {
  const all = frames.length > 0 ? frames : guesses.some((name) => ofScheduler.test(name)) ? guesses : [];
  // The function of its work is the outermost frame, which is cut off or has no question mark.
  const stack = work === null ? all : [...all, work.replace(/ .*$/, '')];
  if (stack.length === 0) return null;
  const { pid, comm = '' } = task;
  const wait = waitOf({ tid: pid ?? 0, comm, wchan: stack[0] ?? null, stack, syscall: null, offCpuSeconds: null }, []);
  return wait.kind === 'unknown' ? null : wait;
}

interface PrintedStack {
  readonly task: LogLine;
  readonly frames: string[];
  /** With a question mark. Where even schedule() has one, the kernel marks all of them so: it was built without frame pointers (3.x, 4.9). */
  readonly guesses: string[];
  /** Of a worker: the function that it runs, and its workqueue. */
  work: string | null;
  device: string | null;
}

function stacksOf(lines: readonly LogLine[]): PrintedStack[] {
  const stacks: PrintedStack[] = [];
  let open: PrintedStack | null = null;
  let before: LogLine | null = null;
  for (const line of lines) {
    // Of a flood the older lines are not kept: what is left of a stack would be its outer part.
    if (before !== null && line.n !== before.n + 1) open = null;
    before = line;
    // After the line of a hung task stands the one of the list that sysrq w prints, too.
    const isSame = line.sign === 'task-in-d' && open?.task.pid === line.pid && open.frames.length === 0;
    if (isSame) continue;
    if (line.sign === 'hung-task' || line.sign === 'task-in-d') {
      open = { task: line, frames: [], guesses: [], work: null, device: null };
      stacks.push(open);
    } else if (others.has(line.sign)) open = null;
    else if (open !== null && isTogether(line, open.task)) note(open, line);
  }
  return stacks;
}

function note(open: PrintedStack, line: LogLine): void {
  if (line.sign === 'kernel-stack-wait') open.frames.push(functionIn(line.text));
  else if (line.sign === 'kernel-stack-guess') open.guesses.push(functionIn(line.text));
  else if (line.sign === 'kernel-worker') {
    open.work = workIn(line.text);
    open.device = line.device ?? null;
  }
}

/** `Workqueue: hv_vmbus_con vmbus_onmessage_work`, `Workqueue: events_freezable virtscsi_handle_event [virtio_scsi]` */
function workIn(text: string): string | null {
  const [, queue, work] = /Workqueue: (\S{1,64}) ([\w.]{1,80})/.exec(text) ?? [];
  return work === undefined ? null : `${work} (workqueue ${queue})`;
}

/** A report of the kernel, and a line that belongs to it. */
export const isTogether = (line: LogLine, task: LogLine): boolean =>
  line.origin === task.origin && Math.abs((line.at ?? 0) - (task.at ?? 0)) <= togetherMs;

/** `fuse_flush+0x17a/0x1e0 [fuse]`; on arm the second of two: `(schedule+0x50/0xa8) from [<7f50b754>] (btrfs_…+0x128/0x158)`. */
function functionIn(text: string): string {
  const names = [...text.matchAll(/([\w.]+)\+0x[0-9a-f]+\/0x/g)].map(([, name = '']) => name);
  return names.at(-1) ?? '';
}
