import type { PressureLine } from './disks.ts';
import type { Reading } from './reading.ts';

/** The control groups of the containers: their I/O, their pressure, and the kernel's accounting of memory groups. */
export interface CgroupsValue {
  /** `v1`, `v2`, or `hybrid` (v1 controllers beside a v2 hierarchy). */
  readonly version: 'v1' | 'v2' | 'hybrid';
  /** The groups of containers, without those that have had no task for a minute. */
  readonly groups: readonly CgroupValue[];
  /** How many more groups of containers exist than `groups` holds: those with the least I/O. */
  readonly more: number;
  readonly memory: MemoryCgroups;
}

export interface CgroupValue {
  /** Path below the hierarchy's mount. */
  readonly path: string;
  /** The innermost container that the path names; null in older recordings, which also hold the slices of services. */
  readonly containerId: string | null;
  /** How long before the Sample it was read, in milliseconds: on a crowded node the groups take turns. */
  readonly ageMs: number;
  /** `io.pressure`; absent on v1, and where PSI is off. */
  readonly ioPressure: Reading<{ readonly some: PressureLine; readonly full: PressureLine | null }>;
  /** Bytes since the group was made, all devices together; null when no controller counts them. */
  readonly io: { readonly readBytes: number; readonly writeBytes: number } | null;
  /** Frozen, or being frozen; missing if neither. */
  readonly freezer?: CgroupFreezer;
  /** What it uses and what limits it; missing before it was read, and in older recordings. */
  readonly use?: CgroupUse;
}

/** CPU, memory and processes of a control group, with the groups below it. Null is what the kernel does not report. */
export interface CgroupUse {
  /** How long before the Sample it was read, in milliseconds: the groups take turns, other than for `ageMs`. */
  readonly ageMs: number;
  /** CPU time since the group was made, in microseconds. */
  readonly cpuMicros: number | null;
  /** Charged memory, the page cache included: what the limit is compared with. */
  readonly memoryBytes: number | null;
  /** Null also without a limit. */
  readonly memoryLimitBytes: number | null;
  /** Threads count as well. */
  readonly pids: number | null;
  /** Null also without a limit. */
  readonly pidsLimit: number | null;
  /** Tasks that the OOM killer killed since the group was made. */
  readonly oomKills: number | null;
}

/** The freezer of a control group that is not thawed. */
export interface CgroupFreezer {
  /** All its tasks are frozen; false while some still run. */
  readonly frozen: boolean;
  /** This group itself was frozen; false if a parent group was; null if unknown. */
  readonly self: boolean | null;
  /** The file to write to in order to thaw it. */
  readonly file: string;
  /** Its processes. Bounded. */
  readonly pids: readonly number[];
  /** Seconds since the first of these last ran; null if the kernel does not report it. */
  readonly offCpuSeconds: number | null;
}

/** Memory control groups as the kernel keeps them, for the leak of kernel memory accounting on 3.10. */
export interface MemoryCgroups {
  /** What the kernel counts (`/proc/cgroups`, or nr_descendants + nr_dying_descendants on v2); null if unknown. */
  readonly counted: number | null;
  /** Directories that exist in the hierarchy; null if unknown. */
  readonly visible: number | null;
  /** Groups that were removed but are still held by charged memory (reported on v2; the difference on v1). */
  readonly dying: number | null;
  /**
   * v1: the largest number of groups that any other hierarchy counts (`/proc/cgroups`). Nothing holds a removed group there,
   * so the memory hierarchy should count as many. Null on v2, and if there is no other hierarchy.
   */
  readonly elsewhere: number | null;
  /** `cgroup.memory=nokmem` on the kernel's command line. */
  readonly nokmem: boolean;
  /** Whether kernel memory accounting is active in a container's group; null if there is no group to read. */
  readonly accounting: KmemAccounting | null;
}

export interface KmemAccounting {
  /** The group that was read. */
  readonly path: string;
  /** memory.kmem.usage_in_bytes; null if unreadable. */
  readonly usageBytes: number | null;
  /** Rows of memory.kmem.slabinfo; 0 when it is empty, null when it cannot be read (accounting is off). */
  readonly slabs: number | null;
}
