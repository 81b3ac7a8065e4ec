import type { Reading } from './reading.ts';

/** Disk I/O: counters as the kernel keeps them; rates are the model's work. */
export interface DisksValue {
  readonly pressure: Reading<IoPressure>;
  /** Whole devices, without ram disks and without partitions. */
  readonly disks: readonly DiskCounters[];
  /** How many more there are than `disks` holds. */
  readonly more: number;
  /** Dirty of /proc/meminfo, in bytes; null when it is not told. */
  readonly dirtyBytes: number | null;
  readonly writebackBytes: number | null;
  /** procs_blocked of /proc/stat: tasks that wait for I/O (not every task in D does). */
  readonly procsBlocked: number | null;
  /** Null where `/proc/vmstat` does not tell. */
  readonly writeBack: WriteBackCounters | null;
  /** Null where `/proc/stat` does not tell. */
  readonly cpu: CpuTicks | null;
  /** What the devices are and what they hold. Told in the looks that read it (every 30 s), null in the others. */
  readonly topology: DiskTopology | null;
}

/** Dirty memory over time, from `/proc/vmstat`. The counters only grow; limits are what the kernel computes at the moment. */
export interface WriteBackCounters {
  /** nr_dirtied: bytes of page cache made dirty since boot. */
  readonly dirtiedBytes: number;
  /** nr_written: bytes of page cache whose writing ended since boot. */
  readonly writtenBytes: number;
  /** nr_dirty_threshold: here writers are made to wait (vm.dirty_ratio or vm.dirty_bytes). */
  readonly limitBytes: number | null;
  /** nr_dirty_background_threshold: here the kernel begins to write (vm.dirty_background_ratio). */
  readonly backgroundBytes: number | null;
}

/** The `cpu` line of `/proc/stat`, in clock ticks of all processors together. */
export interface CpuTicks {
  /** Idle with a task waiting for I/O. The kernel does not promise that it never shrinks. */
  readonly ioWait: number;
  readonly total: number;
}

/** The block devices by sysfs, and the mounts of the host's namespace that matter for them. */
export interface DiskTopology {
  readonly devices: readonly BlockDevice[];
  readonly mounts: Reading<DiskMounts>;
  /** How many more devices there are than were looked at. */
  readonly more: number;
}

/** A device as `/sys/block` describes it (kernel Documentation/ABI/testing/sysfs-block). */
export interface BlockDevice {
  /** The kernel's name, as in /proc/diskstats. */
  readonly name: string;
  /** `major:minor` */
  readonly device: string;
  readonly kind: 'disk' | 'partition' | 'dm' | 'md' | 'loop';
  /** What people call it: the device-mapper name, the loop device's file. */
  readonly label: string | null;
  /** RAID level of an md device. */
  readonly level: string | null;
  /** How many members an md device misses; null for others. */
  readonly missing: number | null;
  /** The disk of a partition. */
  readonly disk: string | null;
  /** The devices that a dm or md device is built on. */
  readonly slaves: readonly string[];
  /** The device itself refuses to write. */
  readonly readOnly: boolean;
  /** As queue/rotational says; null when it is not told. */
  readonly rotational: boolean | null;
}

/** What `/proc/1/mountinfo` tells of where data is. */
export interface DiskMounts {
  /** Real filesystems, the mounts of layers and of pods' tmpfs left out; bounded. */
  readonly list: readonly DiskMount[];
  readonly more: number;
  /** Directories of the runtimes, as the mounts made from them tell. */
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
  /** The filesystem is: if none of its mounts is, the kernel made it so, after an error. */
  readonly filesystemReadOnly: boolean;
  /** The filesystem says itself that it stopped after an error (ext4: `emergency_ro` since Linux 6.15, `shutdown`). */
  readonly stopped: boolean;
}

export interface RuntimeRoot {
  readonly of: 'docker' | 'containerd' | 'kubelet';
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

/** One line of /proc/diskstats (kernel Documentation/admin-guide/iostats.rst). All but `inFlight` only grow, and wrap. */
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
  /** Flushes that ended, and the time they took; null before Linux 5.5. */
  readonly flushes: number | null;
  readonly flushMs: number | null;
  readonly inFlight: number;
  /** Time with at least one request in flight. */
  readonly busyMs: number;
  /** Time weighted by the requests in flight: its rate is the mean queue length. */
  readonly weightedMs: number;
}
