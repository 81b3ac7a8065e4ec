/** The processes of the node that are blocked or dead: every process is looked at, only these are told. */
export interface ProcessesValue {
  /** Seconds since boot by the tree's own `uptime`: "now" for every age in here. */
  readonly uptimeSeconds: number;
  /** How many processes there are. */
  readonly total: number;
  /** How many of them could not be read for want of permission. */
  readonly unreadable: number;
  /** Processes in D or Z, or with a thread in D. */
  readonly processes: readonly ProcessValue[];
  /** How many more there are than `processes` holds; 0 but on a node that has gone entirely wrong. */
  readonly more: number;
}

export interface ProcessValue {
  readonly pid: number;
  /** Clock ticks after boot; with the pid, the identity of the process. */
  readonly starttime: number;
  readonly comm: string;
  /** State letter of the thread group leader (proc_pid_stat(5) field 3). It can be S or Z while a thread is in D. */
  readonly state: string;
  readonly ppid: number;
  /** The parent's comm; null when it is gone. */
  readonly parentComm: string | null;
  readonly kernelThread: boolean;
  /** Number of threads, as the kernel counts them. */
  readonly threads: number;
  /** SIGKILL is pending on the process or on one of its threads that is told here. */
  readonly killPending: boolean;
  /** The container whose cgroup it is in, 64 hexadecimal digits; null when in none or not known. */
  readonly containerId: string | null;
  /** The tasks (threads) in D, the leader too when it is one. */
  readonly blocked: readonly BlockedTask[];
}

/** One task in uninterruptible sleep. */
export interface BlockedTask {
  readonly tid: number;
  readonly comm: string;
  /** Kernel function it waits in; null without permission or when it has just moved on. */
  readonly wchan: string | null;
  /** Kernel stack, innermost first, without offsets; null without permission. */
  readonly stack: readonly string[] | null;
  /** Seconds since it last ran, from `se.exec_start` of `sched`; null where the kernel does not have it. */
  readonly offCpuSeconds: number | null;
}
