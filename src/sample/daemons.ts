import type { Reading } from './reading.ts';

/** The container daemons of the node. */
export interface DaemonsValue {
  readonly daemons: readonly DaemonValue[];
  /** Open files of the whole node; null if unknown. */
  readonly fileHandles: FileHandles | null;
  /** Every other dockerd and containerd. */
  readonly others: readonly OtherDaemon[];
}

/** A daemon that is not watched: a node can have several, each with its own socket. */
export interface OtherDaemon {
  readonly name: 'dockerd' | 'containerd';
  readonly pid: number;
  /** Where it listens, in the form that `--docker-host` accepts: `unix:///run/other.sock`, `tcp://…`; empty if unknown. */
  readonly sockets: readonly string[];
}

/** `/proc/sys/fs/file-nr` (proc_sys_fs(5)): the limit that all processes share. */
export interface FileHandles {
  readonly allocated: number;
  /** Allocated but free for use; 0 since Linux 2.6. */
  readonly free: number;
  /** `fs.file-max`. */
  readonly max: number;
}

/** One daemon: its process according to the kernel, its Go runtime according to its own debug endpoint. */
export interface DaemonValue {
  /** `dockerd`, `containerd`, or the NAME of a `--pprof NAME=URL`. */
  readonly name: string;
  readonly process: Reading<DaemonProcess>;
  /** What answers Docker’s API here, where it is not dockerd: known by its process or its socket, before it answers. */
  readonly engine?: 'podman';
  /** It does not run, and is not asked: systemd has its socket and would start it. Also of the containerd of such a dockerd. */
  readonly startsOnRequest?: true;
  /** URL of its debug endpoint; null if none is known. */
  readonly endpoint: string | null;
  /** The endpoint was given with `--pprof`, not found. */
  readonly named: boolean;
  /** The number on the pprof index page (runtime.NumGoroutine). */
  readonly goroutines: Reading<number>;
  readonly heap: Reading<GoHeap>;
  readonly version: Reading<DaemonVersion>;
  /** Round trip of `GET /_ping`; only dockerd has it. */
  readonly ping: Reading<{ readonly ms: number }>;
  /** The engine's own configuration (`GET /info`, requested rarely); only dockerd has it. */
  readonly settings: Reading<EngineSettings>;
}

/** The part of `GET /info` that decides what can go wrong. */
export interface EngineSettings {
  /** `DockerRootDir` */
  readonly rootDir: string;
  readonly liveRestore: boolean;
  /** `overlay2`, `devicemapper`, … */
  readonly storageDriver: string;
  /** `systemd` or `cgroupfs`. */
  readonly cgroupDriver: string;
  /** `1` or `2`; null if the engine is too old to report it. */
  readonly cgroupVersion: string | null;
  readonly loggingDriver: string;
  readonly debug: boolean;
  /** Of the storage driver devicemapper; absent for others. */
  readonly pool?: ThinPool;
}

/** A thin pool of device-mapper, as `DriverStatus` of `GET /info` gives it, with four digits. */
export interface ThinPool {
  readonly name: string;
  readonly data: PoolSpace;
  readonly metadata: PoolSpace | null;
}

export interface PoolSpace {
  readonly usedBytes: number;
  readonly totalBytes: number;
}

export interface DaemonProcess {
  readonly pid: number;
  /** Clock ticks after boot (proc_pid_stat(5) field 22, 100 a second): with the pid, the identity of a process. */
  readonly starttime: number;
  /** State letter of its leader: T if a signal stopped it. Missing in older samples. */
  readonly state?: string;
  /** Seconds since it started, by the node's uptime at the time of the reading. */
  readonly ageSeconds: number;
  readonly rssBytes: number;
  /** Open file descriptors; null if the fd directory is unreadable. */
  readonly fds: number | null;
  /** Soft limit "Max open files"; null when unlimited or unreadable. */
  readonly fdLimit: number | null;
  readonly threads: number;
  /** Inode of its mount namespace; null if unreadable. */
  readonly mountNamespace: string | null;
  /**
   * Some time after its start: it listens on a unix socket other than its debug and metrics sockets. Missing while it is young, for daemons
   * other than containerd, and if unreadable.
   */
  readonly listens?: boolean;
  /** Its descriptors by type; read less often than their number, null if never read. */
  readonly fdKinds: FdKinds | null;
}

/**
 * Descriptors by type (readlink of `/proc/PID/fd/N`). If there are more than are read, those read are spread evenly over
 * all.
 */
export interface FdKinds {
  /** Sockets of every family. */
  readonly sockets: number;
  /** Of the sockets, those that `/proc/PID/net/unix` lists; null if it is unreadable. */
  readonly unixSockets: number | null;
  /** Of the unix sockets, accepted connections: connected, with the path of the listening socket. */
  readonly accepted: number | null;
  /** Of the accepted ones, those whose peer is gone: no process will read what is written there. */
  readonly peerless: number | null;
  readonly pipes: number;
  readonly files: number;
  /** eventfd, epoll, timerfd, pidfd, … */
  readonly anonymous: number;
  /** More than were read. */
  readonly unseen: number;
}

/** From `memstats` of `/debug/vars` (Go runtime.MemStats). */
export interface GoHeap {
  /** HeapAlloc: bytes of allocated objects, reachable or not yet swept. */
  readonly allocBytes: number;
  /** HeapInuse: bytes in spans that hold at least one object. */
  readonly inuseBytes: number;
}

export interface DaemonVersion {
  readonly version: string;
  /** As the daemon reports it, e.g. `go1.19.8`: decides the form of its dumps. */
  readonly goVersion: string | null;
  /** The engine's own name if it is not Docker: `Podman Engine`; null for Docker and for containerd. */
  readonly product: string | null;
}
