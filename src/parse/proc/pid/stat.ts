/** The fields of `/proc/PID/stat` that rtwatch uses (proc_pid_stat(5); fs/proc/array.c do_task_stat). */
export interface PidStat {
  readonly pid: number;
  readonly comm: string;
  /** One letter: R S D T t X Z P I. `I` is an idle kernel thread, not D. */
  readonly state: string;
  readonly ppid: number;
  /** PF_* flags of include/linux/sched.h. */
  readonly flags: number;
  /** utime + stime of the whole thread group, in clock ticks. */
  readonly cpuTicks: number;
  readonly threads: number;
  /** Clock ticks after boot. */
  readonly starttime: number;
  /**
   * SIGKILL is pending on this very task (field 31, `signal`). The kernel gives it to every thread of a process it ends
   * (complete_signal of kernel/signal.c); a task that took it and is on its way out no longer shows it.
   */
  readonly killPending: boolean;
}

/** PF_EXITING: it has begun to end, and may wait for a thread, a child or a file before it can. */
export const exitingFlag = 0x4;
/** PF_KTHREAD: a thread of the kernel. */
export const kernelThreadFlag = 0x0020_0000;

const space = 0x20;
const zero = 0x30;
/** Bit n-1 of field 31 stands for signal n. */
const killBit = 0x100;
/** vsize rss rsslim startcode endcode startstack kstkesp kstkeip: from the start time to the pending signals. */
const fieldsBeforeSignal = 8;

/**
 * Parses `/proc/PID/stat`, or `/proc/PID/task/TID/stat`.
 *
 * comm can contain spaces and parentheses, so it ends at the last `)` of the line. This runs for every process on every
 * tick: it walks the digits and makes no array.
 *
 * @throws if the text is not such a line (a process that exits during the read leaves an empty file)
 */
export function parsePidStat(text: string): PidStat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const state = text[close + 2];
  if (open < 2 || close < open || state === undefined || text.charCodeAt(close + 1) !== space) {
    throw new Error('not a stat line of a process');
  }
  let at = close + 4;
  const next = (): number => {
    let value = 0;
    let sign = 1;
    let code = text.charCodeAt(at);
    if (code === 0x2d) {
      sign = -1;
      code = text.charCodeAt(++at);
    }
    if (!(code >= zero && code <= 0x39)) throw new Error('a stat line of a process ends early or holds a word');
    for (; code >= zero && code <= 0x39; code = text.charCodeAt(++at)) value = value * 10 + (code - zero);
    at++;
    return sign * value;
  };
  const skip = (fields: number): void => {
    for (let i = 0; i < fields; i++) next();
  };
  const ppid = next();
  skip(4); // pgrp session tty_nr tpgid
  const flags = next();
  skip(4); // minflt cminflt majflt cmajflt
  const cpuTicks = next() + next();
  skip(4); // cutime cstime priority nice
  const threads = next();
  skip(1); // itrealvalue
  const starttime = next();
  const pid = Number(text.slice(0, open - 1));
  if (!Number.isInteger(pid)) throw new Error('not a stat line of a process');
  const killPending = (wordAfter(text, at, fieldsBeforeSignal) & killBit) !== 0;
  return { pid, comm: text.slice(open + 1, close), state, ppid, flags, cpuTicks, threads, starttime, killPending };
}

/** The decimal number after some words; 0 where the line ends before. */
function wordAfter(text: string, from: number, words: number): number {
  let at = from;
  for (let left = words; left > 0; at++) {
    if (at >= text.length) return 0;
    if (text.charCodeAt(at) === space) left--;
  }
  let value = 0;
  for (let code = text.charCodeAt(at); code >= zero && code <= 0x39; code = text.charCodeAt(++at)) {
    value = value * 10 + (code - zero);
  }
  return value;
}
