import fs from 'node:fs';

/** One process, read without rtwatch's own parsers: they are what is tested. */
export interface Process {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  /** Clock ticks after boot: with the pid, the identity of a process. */
  readonly starttime: number;
}

/**
 * All processes. Reads `stat` only, which never blocks: ps, pgrep, lsof and fuser read `cmdline` too, and hang when a
 * process of the node does.
 */
export function processes(): Process[] {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => processOf(Number(pid))).filter((found) => found !== null);
}

/** The process with that pid, or null when there is none. */
export function processOf(pid: number): Process | null {
  const stat = tryRead(`/proc/${pid}/stat`);
  // proc_pid_stat(5): the second field is in parentheses and may hold spaces and parentheses itself.
  const [, comm = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(stat ?? '') ?? [];
  if (stat === null || rest === '') return null;
  const fields = rest.trim().split(' ');
  return { pid, comm, state: fields[0] ?? '', ppid: Number(fields[1]), starttime: Number(fields[19]) };
}

/** Whether it still runs. A zombie does not: it waits for a parent that is none of the tests'. */
export function isRunning({ pid, starttime }: Process): boolean {
  const now = processOf(pid);
  return now !== null && now.starttime === starttime && now.state !== 'Z' && now.state !== 'X';
}

/** The processes that a process started, and those that they started. */
export function descendantsOf(pid: number, all: readonly Process[] = processes()): Process[] {
  const children = all.filter((process) => process.ppid === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, all)]);
}

/** The processes of a container, by cgroup. */
export function processesOfContainer(id: string): Process[] {
  return processes().filter(({ pid }) => tryRead(`/proc/${pid}/cgroup`)?.includes(id));
}

/** SIGKILL is bit 8 of the masks of pending signals, of the thread and of the process (proc_pid_status(5)). */
export function killPending(pid: number): boolean {
  const masks = (tryRead(`/proc/${pid}/status`) ?? '').matchAll(/^(?:SigPnd|ShdPnd):\s+([0-9a-f]+)$/gm);
  return [...masks].some(([, mask]) => (BigInt(`0x${mask}`) & 0x100n) !== 0n);
}

/** The kernel function it sleeps in. */
export function wchanOf(pid: number): string | null {
  return tryRead(`/proc/${pid}/wchan`);
}

/** Its arguments. Only for processes of the tests' own that cannot be blocked: this read waits for a blocked one. */
export function argumentsOf(pid: number): string[] {
  return (tryRead(`/proc/${pid}/cmdline`) ?? '').split('\0').slice(0, -1);
}

/** Its working directory: a readlink, so a dead filesystem below does not hold it up. */
export function workingDirectoryOf(pid: number): string | null {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

export interface Mount {
  readonly path: string;
  readonly type: string;
  readonly device: string;
}

/** The mounts below a folder, the deepest and newest first: the order to unmount them in. */
export function mountsBelow(folder: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    // proc_pid_mountinfo(5): the fields before " - " vary in number, the fifth is the place.
    const [before = '', after = ''] = line.split(' - ');
    const escaped = before.split(' ')[4] ?? '';
    const path = escaped.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
    const [type = '', device = ''] = after.split(' ');
    if (path.startsWith(`${folder}/`)) mounts.unshift({ path, type, device });
  }
  return mounts.sort((a, b) => b.path.split('/').length - a.path.split('/').length);
}

function tryRead(path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
