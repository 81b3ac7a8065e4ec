import type { Reading } from './reading.ts';

/** Disk I/O: counters as the kernel keeps them; the model computes the rates. */
export interface DisksValue {
  readonly pressure: Reading<IoPressure>;
  /** Whole devices, without ram disks and without partitions. */
  readonly disks: readonly DiskCounters[];
  /** How many more there are than `disks` holds. */
  readonly more: number;
  /** Dirty of /proc/meminfo, in bytes; null if unknown. */
  readonly dirtyBytes: number | null;
  readonly writebackBytes: number | null;
  /** procs_blocked of /proc/stat: tasks that wait for I/O (not every task in D does). */
  readonly procsBlocked: number | null;
  /** Null if `/proc/vmstat` does not report it. */
  readonly writeBack: WriteBackCounters | null;
  /** Null if `/proc/stat` does not report it. */
  readonly cpu: CpuTicks | null;
  /** The devices and what is on them. Sent with the polls that read it (every 30 s), null in the others. */
  readonly topology: DiskTopology | null;
}

/**
 * Dirty memory over time, from `/proc/vmstat`. The counters only grow; the limits are what the kernel computes at the
 * moment.
 */
export interface WriteBackCounters {
  /** nr_dirtied: bytes of page cache made dirty since boot. */
  readonly dirtiedBytes: number;
  /** nr_written: bytes of page cache whose writeback completed since boot. */
  readonly writtenBytes: number;
  /** nr_dirty_threshold: from here on writers are throttled (vm.dirty_ratio or vm.dirty_bytes). */
  readonly limitBytes: number | null;
  /** nr_dirty_background_threshold: from here on the kernel writes back (vm.dirty_background_ratio). */
  readonly backgroundBytes: number | null;
}

/** The `cpu` line of `/proc/stat`, in clock ticks of all processors together. */
export interface CpuTicks {
  /** Idle with a task waiting for I/O. The kernel does not guarantee that it only grows. */
  readonly ioWait: number;
  readonly total: number;
}

/** The block devices according to sysfs, and the mounts of the host's namespace that matter for them. */
export interface DiskTopology {
  readonly devices: readonly BlockDevice[];
  readonly mounts: Reading<DiskMounts>;
  /** How many more devices there are than were read. */
  readonly more: number;
}

/** A device as `/sys/block` describes it (kernel Documentation/ABI/testing/sysfs-block). */
export interface BlockDevice {
  /** The kernel's name, as in /proc/diskstats. */
  readonly name: string;
  /** `major:minor` */
  readonly device: string;
  readonly kind: 'disk' | 'partition' | 'dm' | 'md' | 'loop';
  /** Its usual name: the device-mapper name, the loop device's file. */
  readonly label: string | null;
  /** RAID level of an md device. */
  readonly level: string | null;
  /** How many members of an md device are missing; null for other devices. */
  readonly missing: number | null;
  /** The disk of a partition. */
  readonly disk: string | null;
  /** The devices that a dm or md device is built on. */
  readonly slaves: readonly string[];
  /** The device itself rejects writes. */
  readonly readOnly: boolean;
  /** From queue/rotational; null if unknown. */
  readonly rotational: boolean | null;
}

/** Where data is, according to `/proc/1/mountinfo`. */
export interface DiskMounts {
  /** Real filesystems, without the mounts of layers and of pods' tmpfs; bounded. */
  readonly list: readonly DiskMount[];
  readonly more: number;
  /** Directories of the runtimes, according to the mounts in them. */
  readonly roots: readonly RuntimeRoot[];
  /** The root filesystems that containerd mounted for its containers, and how many of them with `volatile`. */
  readonly taskOverlays: { readonly total: number; readonly volatile: number };
}

export interface DiskMount {
  /** `major:minor`; `0:N` for a filesystem without one (btrfs, NFS). */
  readonly device: string;
  readonly source: string;
  readonly path: string;
  /** The directory of the filesystem that is mounted; not `/` for a bind mount or a subvolume. */
  readonly root: string;
  readonly type: string;
  /** This mount is read-only. */
  readonly readOnly: boolean;
  /** The filesystem itself is read-only: if none of its mounts is, the kernel did it after an error. */
  readonly filesystemReadOnly: boolean;
  /** The filesystem reports that it stopped after an error (ext4: `emergency_ro` since Linux 6.15, `shutdown`). */
  readonly stopped: boolean;
}

export interface RuntimeRoot {
  readonly of: 'docker' | 'podman' | 'containerd' | 'kubelet' | 'crio';
  readonly path: string;
}

/** /proc/pressure/io: shares of time in percent, totals in microseconds. */
export interface IoPressure {
  readonly some: PressureLine;
  readonly full: PressureLine | null;
}

export interface PressureLine {
  readonly avg10: number;
  readonly avg60: number;
  readonly totalMicros: number;
}

/**
 * One line of /proc/diskstats (kernel Documentation/admin-guide/iostats.rst). All fields except `inFlight` only grow, and
 * wrap.
 */
export interface DiskCounters {
  readonly name: string;
  /** `major:minor` */
  readonly device: string;
  readonly reads: number;
  readonly readSectors: number;
  readonly readMs: number;
  readonly writes: number;
  readonly writtenSectors: number;
  readonly writeMs: number;
  /** Null before Linux 4.18. */
  readonly discards: number | null;
  /** Completed flushes, and the time they took; null before Linux 5.5. */
  readonly flushes: number | null;
  readonly flushMs: number | null;
  readonly inFlight: number;
  /** Time with at least one request in flight. */
  readonly busyMs: number;
  /** Time weighted by the requests in flight: its rate is the mean queue length. */
  readonly weightedMs: number;
}
