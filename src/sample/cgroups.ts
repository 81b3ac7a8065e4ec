import type { PressureLine } from './disks.ts';
import type { Reading } from './reading.ts';

/** The control groups of the containers: their I/O, their pressure, and what the kernel keeps of memory groups. */
export interface CgroupsValue {
  /** `v1`, `v2`, or `hybrid` (v1 controllers beside a v2 hierarchy). */
  readonly version: 'v1' | 'v2' | 'hybrid';
  /** The groups of containers. */
  readonly groups: readonly CgroupValue[];
  /** How many more groups of containers there are than are told: those with the least I/O. */
  readonly more: number;
  readonly memory: MemoryCgroups;
}

export interface CgroupValue {
  /** Path below the hierarchy's mount. */
  readonly path: string;
  /** Of the innermost container that the path names; null in older recordings, which hold the slices of services too. */
  readonly containerId: string | null;
  /** How long before the Sample it was read, in milliseconds: on a crowded node the groups take turns. */
  readonly ageMs: number;
  /** `io.pressure`; absent on v1, and where PSI is off. */
  readonly ioPressure: Reading<{ readonly some: PressureLine; readonly full: PressureLine | null }>;
  /** Bytes since the group was made, all devices together; null when no controller counts them. */
  readonly io: { readonly readBytes: number; readonly writeBytes: number } | null;
  /** It is frozen, or told to be; not told when it is neither. */
  readonly freezer?: CgroupFreezer;
}

/** The freezer of a control group that does not run. */
export interface CgroupFreezer {
  /** All its tasks are frozen; false while some are not yet. */
  readonly frozen: boolean;
  /** It was told to freeze itself; false when a group above was; null when that is not told. */
  readonly self: boolean | null;
  /** The file to write to for thawing it. */
  readonly file: string;
  /** Its processes. Bounded. */
  readonly pids: readonly number[];
  /** Seconds since the first of these last ran; null where the kernel does not tell. */
  readonly offCpuSeconds: number | null;
}

/** Memory control groups as the kernel keeps them, for the leak of kernel memory accounting on 3.10. */
export interface MemoryCgroups {
  /** What the kernel counts (`/proc/cgroups`, or nr_descendants + nr_dying_descendants on v2); null when not told. */
  readonly counted: number | null;
  /** Directories there are under the hierarchy; null when not told. */
  readonly visible: number | null;
  /** Groups removed but still held by charged memory (v2 tells them, on v1 it is the difference). */
  readonly dying: number | null;
  /**
   * v1: the most groups that any other hierarchy counts (`/proc/cgroups`). Nothing holds a removed group there, so this is
   * what the memory hierarchy ought to count. Null on v2, and where there is no other.
   */
  readonly elsewhere: number | null;
  /** `cgroup.memory=nokmem` on the kernel's command line. */
  readonly nokmem: boolean;
  /** Kernel memory accounting is at work in a container's group; null when there is none to ask. */
  readonly accounting: KmemAccounting | null;
}

export interface KmemAccounting {
  /** The group that was asked. */
  readonly path: string;
  /** memory.kmem.usage_in_bytes; null when not readable. */
  readonly usageBytes: number | null;
  /** Rows of memory.kmem.slabinfo; 0 when it is empty, null when it cannot be read (accounting is off). */
  readonly slabs: number | null;
}
