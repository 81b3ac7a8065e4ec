import type { Reading } from './reading.ts';

/** The container daemons of the node. */
export interface DaemonsValue {
  readonly daemons: readonly DaemonValue[];
  /** Open files of the whole node; null when not told. */
  readonly fileHandles: FileHandles | null;
  /** Every dockerd and containerd beside those. */
  readonly others: readonly OtherDaemon[];
}

/** A daemon that is not watched: a node can have several, each with a socket of its own. */
export interface OtherDaemon {
  readonly name: 'dockerd' | 'containerd';
  readonly pid: number;
  /** Where it listens, as `--docker-host` takes it: `unix:///run/other.sock`, `tcp://…`; empty when it is not known. */
  readonly sockets: readonly string[];
}

/** `/proc/sys/fs/file-nr` (proc_sys_fs(5)): what all processes share. */
export interface FileHandles {
  readonly allocated: number;
  /** Allocated but free for use; 0 since Linux 2.6. */
  readonly free: number;
  /** `fs.file-max`. */
  readonly max: number;
}

/** One daemon: its process as the kernel tells it, its Go runtime as its own debug endpoint tells it. */
export interface DaemonValue {
  /** `dockerd`, `containerd`, or the NAME of a `--pprof NAME=URL`. */
  readonly name: string;
  readonly process: Reading<DaemonProcess>;
  /** Where its debug endpoint is, as a URL; null when none is known. */
  readonly endpoint: string | null;
  /** That endpoint was named with `--pprof`, rather than found. */
  readonly named: boolean;
  /** The number on the pprof index page (runtime.NumGoroutine). */
  readonly goroutines: Reading<number>;
  readonly heap: Reading<GoHeap>;
  readonly version: Reading<DaemonVersion>;
  /** Round trip of `GET /_ping`; only dockerd has it. */
  readonly ping: Reading<{ readonly ms: number }>;
  /** What the engine says of its own configuration (`GET /info`, asked seldom); only dockerd has it. */
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
  /** `1` or `2`; null when the engine is too old to say. */
  readonly cgroupVersion: string | null;
  readonly loggingDriver: string;
  readonly debug: boolean;
  /** Of the storage driver devicemapper; not told for others. */
  readonly pool?: ThinPool;
}

/** A thin pool of device-mapper, as `DriverStatus` of `GET /info` tells it, with four digits. */
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
  /** State letter of its leader: T when a signal stopped it. Absent in older samples. */
  readonly state?: string;
  /** Seconds since it started, by the node's uptime at the moment of the reading. */
  readonly ageSeconds: number;
  readonly rssBytes: number;
  /** Open file descriptors; null when the fd directory may not be read. */
  readonly fds: number | null;
  /** Soft limit "Max open files"; null when unlimited or unreadable. */
  readonly fdLimit: number | null;
  readonly threads: number;
  /** Inode of its mount namespace; null when it may not be asked. */
  readonly mountNamespace: string | null;
  /**
   * Some time after its start: it listens on a unix socket that is no side door (debug, metrics). Not told while it is young, for daemons but
   * containerd, and where it may not be asked.
   */
  readonly listens?: boolean;
  /** What its descriptors are; asked less often than the number, null when never. */
  readonly fdKinds: FdKinds | null;
}

/**
 * Descriptors by what they are (readlink of `/proc/PID/fd/N`). Where there are more than are looked at, those looked at are
 * spread evenly over all.
 */
export interface FdKinds {
  /** Sockets of every family. */
  readonly sockets: number;
  /** Of the sockets, those that `/proc/PID/net/unix` knows; null when it cannot be read. */
  readonly unixSockets: number | null;
  /** Of the unix sockets, connections that were accepted: connected, with the path of the socket that listens. */
  readonly accepted: number | null;
  /** Of the accepted ones, those whose peer is gone: nobody will read what is written there. */
  readonly peerless: number | null;
  readonly pipes: number;
  readonly files: number;
  /** eventfd, epoll, timerfd, pidfd, … */
  readonly anonymous: number;
  /** More than were looked at. */
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
  /** As the daemon says, e.g. `go1.19.8`: decides the form of its dumps. */
  readonly goVersion: string | null;
  /** What the engine calls itself, where it is not Docker's: `Podman Engine`; null where it is, and for containerd. */
  readonly product: string | null;
}
