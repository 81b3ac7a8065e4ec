import type { MemoryCgroups } from '../../sample/cgroups.ts';
import type { ContainerChurn } from '../../sample/containers.ts';
import type { LogTally } from '../../sample/logs.ts';
import { type WayOut, waysOut } from './kernel-memory-remedies.ts';
import { type KernelFate, kernelFate } from './rhel-kernel.ts';

/**
 * What the kernel's accounting of memory per control group does to the node.
 *
 * Linux before 4.0 cannot take back the kernel memory that was charged to a removed group: with accounting on (as runc
 * switched it on for every container from 1.0-rc3 to rc93) every container leaves a group and its slab caches behind, until
 * none can be made: `mkdir …: cannot allocate memory`, or, at 65,535 groups, `no space left on device`.
 */
export interface KernelMemoryModel {
  /** Whether this kernel loses them. */
  readonly kernel: KernelFate;
  /** Whether kernel memory is accounted in containers; null if unknown. */
  readonly accounting: boolean | null;
  /** The verdict. */
  readonly verdict: KernelMemoryVerdict;
  /** Memory groups that were removed and are still counted; null if unknown. */
  readonly leakedGroups: number | null;
  readonly countedGroups: number | null;
  readonly liveContainers: number | null;
  /** Containers made in an hour, by the engine's events; null when they do not reach back far enough. */
  readonly churnPerHour: number | null;
  /** Groups that can still be made. */
  readonly headroom: number | null;
  /** Hours until the ids are used up, if every container made leaves a group; null when none is lost. */
  readonly hoursToExhaustion: number | null;
  /** Lines of the logs that say that it has begun to fail. */
  readonly failures: KernelMemoryFailures;
  /** What ends it; empty when there is nothing to end. */
  readonly waysOut: readonly WayOut[];
}

/**
 * - `none`: this kernel takes the memory back.
 * - `off`: it would not, but nothing is accounted.
 * - `risk`: accounted on such a kernel, and nothing has piled up yet.
 * - `leaking`: groups of removed containers pile up.
 * - `failing`: and the kernel refuses to make more.
 * - `unknown`: the version of the kernel is not known; or, on such a kernel, no container could be asked and nothing has piled up.
 */
type KernelMemoryVerdict = 'none' | 'off' | 'risk' | 'leaking' | 'failing' | 'unknown';

interface KernelMemoryFailures {
  /** `mkdir …: cannot allocate memory`. */
  readonly noMemory: number;
  /** `mkdir …: no space left on device`: the ids are used up. */
  readonly noIds: number;
  /** The kernel could not make a slab cache. */
  readonly noCache: number;
}

export interface KernelMemoryInput {
  /** As `uname -r` says; null when it is not known. */
  readonly kernel: string | null;
  readonly memory: MemoryCgroups;
  readonly liveContainers: number | null;
  readonly churn: ContainerChurn | null;
  /** The moment, milliseconds since 1970. */
  readonly at: number;
  readonly tallies: readonly LogTally[];
}

/** MEM_CGROUP_ID_MAX (mm/memcontrol.c): ids have 16 bits and begin at 1. */
const maxGroups = 65_535;
/** On every node a few removed groups are held for a while, by pages that are not reclaimed yet. */
const manyLeaked = 500;
/** Of removed groups for each container that lives. */
const manyLeakedPerContainer = 5;
const leastChurnMs = 600_000;

/** Whether memory groups of removed containers stay in the kernel, and what of it is certain. */
export function judgeKernelMemory(input: KernelMemoryInput): KernelMemoryModel {
  const { memory, liveContainers } = input;
  const kernel = kernelFate(input.kernel);
  const accounting = isAccounting(memory);
  const leakedGroups = leakedOf(memory);
  const failures = failuresOf(input.tallies);
  const headroom = memory.counted === null ? null : Math.max(0, maxGroups - memory.counted);
  const churnPerHour = churnOf(input.churn, input.at);
  const verdict = verdictOf({ kernel, accounting, leakedGroups, liveContainers, failures });
  const isLost = verdict === 'risk' || verdict === 'leaking' || verdict === 'failing';
  return {
    kernel,
    accounting,
    verdict,
    leakedGroups,
    countedGroups: memory.counted,
    liveContainers,
    churnPerHour,
    headroom,
    hoursToExhaustion:
      isLost && headroom !== null && churnPerHour !== null && churnPerHour > 0 ? headroom / churnPerHour : null,
    failures,
    waysOut: isLost ? waysOut(input.kernel ?? '') : [],
  };
}

function isAccounting({ nokmem, accounting }: MemoryCgroups): boolean | null {
  if (accounting !== null) return (accounting.slabs ?? 0) > 0 || (accounting.usageBytes ?? 0) > 0;
  return nokmem ? false : null;
}

/** The directories of a captured or half-seen tree are too few: what the other hierarchies count stands beside them. */
function leakedOf({ counted, visible, elsewhere, dying }: MemoryCgroups): number | null {
  if (dying !== null) return dying;
  if (counted === null || (visible === null && elsewhere === null)) return null;
  return Math.max(0, counted - Math.max(visible ?? 0, elsewhere ?? 0));
}

function failuresOf(tallies: readonly LogTally[]): KernelMemoryFailures {
  const count = (sign: string): number =>
    tallies.filter((tally) => tally.sign === sign).reduce((sum, tally) => sum + tally.count, 0);
  return {
    noMemory: count('cgroup-no-memory'),
    noIds: count('memcg-ids-exhausted'),
    noCache: count('kmem-cache-failed'),
  };
}

/** Every container made makes a group. */
function churnOf(churn: ContainerChurn | null, at: number): number | null {
  const elapsedMs = churn === null ? 0 : at - churn.since;
  return churn === null || elapsedMs < leastChurnMs ? null : (churn.created / elapsedMs) * 3_600_000;
}

function verdictOf(
  known: Pick<KernelMemoryModel, 'kernel' | 'accounting' | 'leakedGroups' | 'liveContainers' | 'failures'>,
): KernelMemoryVerdict {
  const { kernel, accounting, leakedGroups, liveContainers, failures } = known;
  if (kernel === 'spared') return 'none';
  const many = Math.max(manyLeaked, (liveContainers ?? 0) * manyLeakedPerContainer);
  const isLeaking = leakedGroups !== null && leakedGroups >= many;
  const isFailing = failures.noMemory + failures.noIds + failures.noCache > 0;
  if (accounting === false) return 'off';
  // A kernel that takes them back can hold as many for a while: without its version only a failure decides.
  if (kernel === 'unknown') return isLeaking && isFailing ? 'failing' : 'unknown';
  // Without a readable group only the number of removed groups can decide.
  if (accounting === null) return isLeaking ? (isFailing ? 'failing' : 'leaking') : 'unknown';
  if (isFailing) return 'failing';
  return isLeaking ? 'leaking' : 'risk';
}
