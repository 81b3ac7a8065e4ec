import type { Model } from '../../../model/model.ts';
import type { ProcessModel } from '../../../model/processes/processes.ts';
import type { Glyphs } from '../theme/glyphs.ts';

/** A row of the process tree: a process that is blocked or dead, or a parent of one. */
export interface ProcessRow extends ProcessModel {
  /** Before its name, in the tree. */
  readonly indent?: string;
  /** It is there only for those below it: nothing is wrong with it that this pane shows. */
  readonly isParent?: true;
}

/** What is known of a process that may be a parent. */
type Known = Pick<ProcessModel, 'pid' | 'starttime' | 'comm' | 'containerId' | 'containerName'> & {
  /** Null where a tree begins: of a shim, or of a parent that is known by name only. */
  readonly ppid: number | null;
};

/** Deeper levels are not indented further; a chain that is longer is cut. */
const maxDepth = 6;
const maxChain = 32;

/**
 * The processes below their parents, up to the shim of their container, as far as parents are known. A tree stands where its
 * first process stood.
 */
export function processTree(rows: readonly ProcessModel[], model: Model, { branch }: Glyphs): ProcessRow[] {
  const listed = new Map(rows.map((row) => [row.pid, row]));
  const known = knownParents(model);
  const below = new Map<number | null, number[]>();
  const placed = new Set<number>();
  const place = (pid: number, parent: number | null): void => {
    if (placed.has(pid)) return;
    placed.add(pid);
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [pid]);
    else siblings.push(pid);
  };
  for (const row of rows) {
    for (let pid = row.pid, steps = 0; !placed.has(pid); steps++) {
      const parent = steps >= maxChain ? null : parentOf(pid, listed, known);
      place(pid, parent);
      if (parent === null) break;
      pid = parent;
    }
  }
  const drawn: ProcessRow[] = [];
  const seen = new Set<number>();
  const draw = (pid: number, depth: number): void => {
    if (seen.has(pid)) return;
    seen.add(pid);
    const indent = depth === 0 ? '' : `${'  '.repeat(Math.min(depth, maxDepth) - 1)}${branch} `;
    const row = listed.get(pid);
    drawn.push({ ...(row ?? parentRow(known.get(pid) ?? nameless(pid, rows))), indent });
    for (const child of below.get(pid) ?? []) draw(child, depth + 1);
  };
  for (const root of below.get(null) ?? []) draw(root, 0);
  // Pids that were reused may close a ring: then nothing of it hangs on a root.
  for (const { pid } of rows) draw(pid, 0);
  return drawn;
}

function parentOf(
  pid: number,
  listed: ReadonlyMap<number, ProcessModel>,
  known: ReadonlyMap<number, Known>,
): number | null {
  const row = listed.get(pid);
  // All kernel threads have the same parent.
  const ppid = row === undefined ? (known.get(pid)?.ppid ?? null) : row.kernelThread ? null : row.ppid;
  if (ppid === null || ppid <= 0) return null;
  return listed.has(ppid) || known.has(ppid) || row !== undefined ? ppid : null;
}

function knownParents({ shims, processes }: Model): ReadonlyMap<number, Known> {
  const known = new Map<number, Known>();
  const outside = { containerId: null, containerName: null };
  for (const { pid, starttime, comm, containers } of shims?.shims ?? []) {
    known.set(pid, { pid, starttime, comm, ppid: null, ...outside });
    for (const { containerId, tasks } of containers) {
      for (const task of tasks) known.set(task.pid, { ...task, containerId, containerName: null });
    }
  }
  for (const { containerId, tasks } of shims?.orphans ?? []) {
    for (const task of tasks) known.set(task.pid, { ...task, containerId, containerName: null });
  }
  for (const sleeper of processes?.sleepers ?? []) known.set(sleeper.pid, sleeper);
  return known;
}

/** A parent of which only its children say the name. */
function nameless(pid: number, rows: readonly ProcessModel[]): Known {
  const child = rows.find(({ ppid }) => ppid === pid);
  const outside = { containerId: null, containerName: null };
  return { pid, starttime: 0, comm: child?.parentComm ?? '?', ppid: null, ...outside };
}

function parentRow({ pid, starttime, comm, ppid, containerId, containerName }: Known): ProcessRow {
  return {
    pid,
    starttime,
    comm,
    containerId,
    containerName,
    ppid: ppid ?? 0,
    isParent: true,
    state: 'S',
    seconds: 0,
    secondsFrom: 'first-seen',
    seenSeconds: 0,
    wchan: null,
    stack: null,
    syscall: null,
    waits: null,
    zombie: null,
    doomed: false,
    blockerPid: null,
    killPending: false,
    blockedTids: null,
    moreBlocked: 0,
    parentComm: null,
    nsPid: null,
    kernelThread: false,
  };
}
