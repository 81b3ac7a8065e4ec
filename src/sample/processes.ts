import type { CniPlugin } from './cni.ts';
import type { RuntimeProcess } from './runtimes.ts';

/** The processes of the node that are blocked, dead or doomed: every process is read, only these are sent. */
export interface ProcessesValue {
  /** Seconds since boot by the tree's own `uptime`: "now" for every age here. */
  readonly uptimeSeconds: number;
  /** How many processes there are. */
  readonly total: number;
  /** How many of them could not be read for lack of permission. */
  readonly unreadable: number;
  /**
   * There is no kthreadd (pid 2), which every node has: this is a pid namespace, a part of a captured node, or other users' processes
   * are hidden. A pid that is not seen may exist.
   */
  readonly partial?: true;
  /**
   * Processes in D or Z, with a thread in D, or that were killed or began to exit and still exist. A process that exits
   * normally can be among them for one poll.
   */
  readonly processes: readonly ProcessValue[];
  /** How many more there are than `processes` holds; 0 except on a node in deep trouble. */
  readonly more: number;
  /** Container runtimes that have run for long; missing if none. */
  readonly runtimes?: readonly RuntimeProcess[];
  /** CNI plugins that have run for long; missing if none. */
  readonly cniPlugins?: readonly CniPlugin[];
  /** Programs that may serve the FUSE filesystems of blocked processes; missing if none. */
  readonly fuseDaemons?: readonly FuseDaemon[];
}

/** A program whose name is that of a FUSE filesystem. */
export interface FuseDaemon {
  readonly pid: number;
  readonly comm: string;
  /** As in `stat`. */
  readonly state: string;
  /** Of the filesystem: `fuse.s3fs`. */
  readonly type: string;
}

export interface ProcessValue {
  readonly pid: number;
  /** Clock ticks after boot; with the pid, the identity of the process. */
  readonly starttime: number;
  readonly comm: string;
  /** State letter of the thread group leader (proc_pid_stat(5) field 3). It can be S or Z while a thread is in D. */
  readonly state: string;
  readonly ppid: number;
  /** The parent's comm; null if it is gone. */
  readonly parentComm: string | null;
  /** Its parent is the first process of a pid namespace, so no other process can reap it; null if unreadable. */
  readonly parentIsInit: boolean | null;
  /** Its pid in the innermost pid namespace (NSpid); null before Linux 4.1, or if unreadable. */
  readonly nsPid: number | null;
  readonly kernelThread: boolean;
  /** PF_EXITING: it has begun to exit, and waits for its children, its threads or its files. */
  readonly exiting: boolean;
  /** Number of threads, as the kernel counts them. */
  readonly threads: number;
  /** SIGKILL is pending on the process or on one of its threads listed here. */
  readonly killPending: boolean;
  /** The container whose cgroup it is in, 64 hexadecimal digits; null if none or unknown. */
  readonly containerId: string | null;
  /** The tasks (threads) in D, including the leader if it is one. Bounded. */
  readonly blocked: readonly BlockedTask[];
  /** How many more tasks are in D than `blocked` holds; missing if none. */
  readonly moreBlocked?: number;
  /** The real filesystems that a blocked process can see in its mount namespace; empty if not read. Bounded. */
  readonly volumes: readonly VolumeMount[];
}

/** A mount of a filesystem with a device, a server or a daemon behind it, as a process sees it. */
export interface VolumeMount {
  readonly mountPoint: string;
  /** The directory of the filesystem that is mounted there. */
  readonly root: string;
  /** `/dev/vda1`, `server:/export`, … */
  readonly source: string;
  /** `ext4`, `nfs4`, `fuse.sshfs`, … */
  readonly type: string;
  /** `major:minor` */
  readonly device: string;
  readonly readOnly: boolean;
}

/** The system call a task is in, from `/proc/PID/syscall`. */
export interface SyscallValue {
  readonly number: number;
  /** By the node's architecture; null if it is not in our table. */
  readonly name: string | null;
  /** The descriptor it works on, for calls whose first argument is one. */
  readonly fd: number | null;
  /** The link of that descriptor; null if unreadable. */
  readonly file: string | null;
}

/** One task in uninterruptible sleep. */
export interface BlockedTask {
  readonly tid: number;
  readonly comm: string;
  /** Kernel function it waits in; null without permission or if it has just moved on. */
  readonly wchan: string | null;
  /** Kernel stack, innermost first, without offsets; null without permission. */
  readonly stack: readonly string[] | null;
  /** Seconds since it last ran, from `se.exec_start` of `sched`; null if the kernel does not have it. */
  readonly offCpuSeconds: number | null;
  /** How often it has left the CPU, where `offCpuSeconds` is null: another number says that it ran in between. Missing if unreadable. */
  readonly switches?: number;
  /** Null if it is not in a system call (a page fault), or if unreadable. */
  readonly syscall: SyscallValue | null;
}

/** Held by the freezer of cgroup version 1 (kernel/freezer.c): SIGKILL stays pending until the thaw, and it holds no lock that a reader could wait for. */
export const isInFreezer = ({ wchan }: { readonly wchan: string | null }): boolean => wchan === '__refrigerator';
