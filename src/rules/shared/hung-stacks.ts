import type { LogsModel } from '../../model/logs/logs.ts';
import { type Wait, waitOf } from '../../model/processes/waits.ts';
import type { LogLine } from '../../sample/logs.ts';

/** A task that the kernel reported, and what the stack that it printed after that line says. */
export interface HungStack {
  readonly pid: number;
  readonly comm: string;
  readonly wait: Wait;
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
  for (const { task, frames } of stacksOf(lines)) {
    if (frames.length === 0 || task.pid === null || !pids.has(task.pid)) continue;
    const wait = waitOf(
      {
        tid: task.pid,
        comm: task.comm ?? '',
        wchan: frames[0] ?? null,
        stack: frames,
        syscall: null,
        offCpuSeconds: null,
      },
      [],
    );
    if (wait.kind === 'unknown') continue;
    found.delete(wait.text);
    found.set(wait.text, { pid: task.pid, comm: task.comm ?? 'a task', wait });
  }
  return [...found.values()].reverse();
}

interface PrintedStack {
  readonly task: LogLine;
  readonly frames: string[];
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
      open = { task: line, frames: [] };
      stacks.push(open);
    } else if (others.has(line.sign)) open = null;
    else if (line.sign === 'kernel-stack-wait' && open !== null && isTogether(line, open.task)) {
      open.frames.push(functionIn(line.text));
    }
  }
  return stacks;
}

const isTogether = (line: LogLine, task: LogLine): boolean =>
  line.origin === task.origin && Math.abs((line.at ?? 0) - (task.at ?? 0)) <= togetherMs;

/** `fuse_flush+0x17a/0x1e0 [fuse]`; on arm the second of two: `(schedule+0x50/0xa8) from [<7f50b754>] (btrfs_…+0x128/0x158)`. */
function functionIn(text: string): string {
  const names = [...text.matchAll(/([\w.]+)\+0x[0-9a-f]+\/0x/g)].map(([, name = '']) => name);
  return names.at(-1) ?? '';
}
