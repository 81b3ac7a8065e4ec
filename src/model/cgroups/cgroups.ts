import type { CgroupsValue, CgroupUse, CgroupValue } from '../../sample/cgroups.ts';
import { okValue, type Reading } from '../../sample/reading.ts';
import type { Tracked } from '../tracked.ts';

/** The newest counters of each group and the rates from them, by path; as many as a Sample holds. */
export type CgroupsHistory = ReadonlyMap<string, CgroupMark>;

interface CgroupMark {
  readonly containerId: string | null;
  readonly use: UseMark | null;
  /** When the counters were read, in milliseconds of CLOCK_MONOTONIC. */
  readonly monoMs: number;
  readonly io: CgroupValue['io'];
  readonly stallMicros: number | null;
  readonly rates: CgroupRates;
  /** Since when it is seen frozen, in milliseconds of CLOCK_MONOTONIC; null when it is not. */
  readonly frozenMonoMs: number | null;
}

/** The newest reading of what a group uses, and when it was read, in milliseconds of CLOCK_MONOTONIC. */
interface UseMark {
  readonly monoMs: number;
  readonly value: CgroupUse;
  /** Percent of one core; null before the second reading. */
  readonly cpuPercent: number | null;
}

/** The activity of a group between its two newest readings; null if one is missing or a counter was reset. */
interface CgroupRates {
  /** Share of the time in which some task of the group waited for I/O, percent: avg10 lags. */
  readonly stallPercent: number | null;
  readonly readBytesPerSec: number | null;
  readonly writeBytesPerSec: number | null;
}

export const noCgroups: CgroupsHistory = new Map();

const noRates: CgroupRates = { stallPercent: null, readBytesPerSec: null, writeBytesPerSec: null };
/** Readings that lie closer together give no rate worth telling. */
const leastMs = 500;

/** The newest counters of each group after one more reading; none after one that failed; one that is pending changes nothing. */
export function reduceCgroups(
  before: CgroupsHistory,
  reading: Reading<CgroupsValue> | undefined,
  monoMs: number,
): CgroupsHistory {
  if (reading === undefined || reading.status === 'pending') return before;
  const groups = okValue(reading)?.groups ?? [];
  return new Map(groups.map((group) => [group.path, mark(before.get(group.path), group, monoMs)]));
}

function mark(old: CgroupMark | undefined, group: CgroupValue, sampledMs: number): CgroupMark {
  const use = group.use === undefined ? null : markUse(old?.use ?? null, group.use, sampledMs);
  const monoMs = sampledMs - group.ageMs;
  // Not read again: it was another group's turn.
  if (old !== undefined && monoMs - old.monoMs < leastMs) return { ...old, use };
  const { io } = group;
  const stallMicros = okValue(group.ioPressure)?.some.totalMicros ?? null;
  const elapsedMs = old === undefined ? 0 : monoMs - old.monoMs;
  const perMs = (now: number | undefined | null, then: number | undefined | null): number | null =>
    now == null || then == null || now < then || elapsedMs <= 0 ? null : (now - then) / elapsedMs;
  const perSec = (rate: number | null): number | null => (rate === null ? null : rate * 1000);
  const stall = perMs(stallMicros, old?.stallMicros);
  return {
    containerId: group.containerId,
    use,
    monoMs,
    io,
    stallMicros,
    frozenMonoMs: group.freezer === undefined ? null : (old?.frozenMonoMs ?? monoMs),
    rates: {
      stallPercent: stall === null ? null : Math.min(100, stall / 10),
      readBytesPerSec: perSec(perMs(io?.readBytes, old?.io?.readBytes)),
      writeBytesPerSec: perSec(perMs(io?.writeBytes, old?.io?.writeBytes)),
    },
  };
}

function markUse(old: UseMark | null, value: CgroupUse, sampledMs: number): UseMark {
  const monoMs = sampledMs - value.ageMs;
  const elapsedMs = old === null ? 0 : monoMs - old.monoMs;
  if (old !== null && elapsedMs < leastMs) return old;
  const [now, then] = [value.cpuMicros, old?.value.cpuMicros ?? null];
  const isRate = now !== null && then !== null && now >= then && elapsedMs > 0;
  return { monoMs, value, cpuPercent: isRate ? (now - then) / elapsedMs / 10 : null };
}

/** What a container uses, and what limits it. Null is unknown; a limit is also null without one. */
export interface ContainerUse extends Omit<CgroupUse, 'ageMs' | 'cpuMicros'> {
  /** Percent of one core, since the reading before. */
  readonly cpuPercent: number | null;
  /** Share of the time in which some task waited for I/O, percent. */
  readonly ioStallPercent: number | null;
}

/** By id of the container. */
export function containerUses(history: CgroupsHistory): ReadonlyMap<string, ContainerUse> {
  const uses = new Map<string, ContainerUse>();
  for (const { containerId, use, rates } of history.values()) {
    if (containerId === null) continue;
    const {
      memoryBytes = null,
      memoryLimitBytes = null,
      pids = null,
      pidsLimit = null,
      oomKills = null,
    } = use?.value ?? {};
    const ioStallPercent = rates.stallPercent;
    const cpuPercent = use?.cpuPercent ?? null;
    uses.set(containerId, { cpuPercent, memoryBytes, memoryLimitBytes, pids, pidsLimit, oomKills, ioStallPercent });
  }
  return uses;
}

/** A control group as rules and views see it. */
export interface CgroupModel extends CgroupValue, CgroupRates {
  /** What people call the container; null when the engine does not know it. */
  readonly name: string | null;
  /** How long it was seen frozen; null when it is not. */
  readonly frozenSeconds: number | null;
}

export interface CgroupsModel extends CgroupsValue {
  /** Those of containers, the ones that wait most for I/O first. */
  readonly containers: readonly CgroupModel[];
}

/** The control groups as rules and views see them; null before the first reading. */
export function deriveCgroups(
  { value }: Tracked<CgroupsValue>,
  history: CgroupsHistory,
  nameOf: (containerId: string) => string | null,
): CgroupsModel | null {
  if (value === null) return null;
  const containers = value.groups.flatMap((group): CgroupModel[] =>
    group.containerId === null
      ? []
      : [
          {
            ...group,
            ...(history.get(group.path)?.rates ?? noRates),
            name: nameOf(group.containerId),
            frozenSeconds: frozenSeconds(history.get(group.path), group),
          },
        ],
  );
  return { ...value, containers: containers.sort(byAttention) };
}

function frozenSeconds(mark: CgroupMark | undefined, { freezer }: CgroupValue): number | null {
  if (freezer === undefined || mark === undefined || mark.frozenMonoMs === null) return null;
  return (mark.monoMs - mark.frozenMonoMs) / 1000;
}

/** Those that wait most first, in whole percents so that idle ones keep their places; then those that move most. */
function byAttention(a: CgroupModel, b: CgroupModel): number {
  return waits(b) - waits(a) || moves(b) - moves(a) || (label(a) < label(b) ? -1 : label(a) > label(b) ? 1 : 0);
}

const waits = (group: CgroupModel): number =>
  Math.round(group.stallPercent ?? okValue(group.ioPressure)?.some.avg10 ?? 0);

/** In tenths of a megabyte a second. */
const moves = ({ readBytesPerSec, writeBytesPerSec }: CgroupModel): number =>
  Math.round(((readBytesPerSec ?? 0) + (writeBytesPerSec ?? 0)) / 1e5);

const label = ({ name, path }: CgroupModel): string => name ?? path;
