import type { DumpReport, ReportedGroup } from './analysis.ts';
import { shortName } from './frames.ts';
import { stackKey } from './groups.ts';

interface PatternGrowth {
  readonly id: string;
  readonly delta: number;
  /** Null when the time between is not known. */
  readonly perMinute: number | null;
}

/** What changed between two dumps, in goroutines. What changed of a group is beside it: see `withDeltas`. */
export interface DumpGrowth {
  readonly delta: number;
  readonly perMinute: number | null;
  /** One of the dumps is not whole: what seems new may only be missing from it. */
  readonly isUncertain: boolean;
  /** Of the patterns of the next dump. */
  readonly patterns: readonly PatternGrowth[];
}

/**
 * What grew from one dump to the next, in goroutines. `minutes` lie between them; null where no time is known, then no rate is given.
 */
export function compareDumps(previous: DumpReport, next: DumpReport, minutes: number | null): DumpGrowth {
  const grow = (before: number, after: number) => ({
    delta: after - before,
    perMinute: minutes === null || minutes <= 0 ? null : (after - before) / minutes,
  });
  const before = new Map(previous.patterns.map(({ id, count }) => [id, count]));
  return {
    ...grow(previous.total, next.total),
    isUncertain: previous.partial || next.partial,
    patterns: next.patterns.map(({ id, count }) => ({ id, ...grow(before.get(id) ?? 0, count) })),
  };
}

/** The next report with what changed since the previous one beside each group. */
export function withDeltas(previous: DumpReport, next: DumpReport): DumpReport {
  const pairs = pair(previous.groups, next.groups);
  return {
    ...next,
    groups: next.groups.map((group) => ({ ...group, delta: group.count - (pairs.get(group)?.count ?? 0) })),
  };
}

/**
 * Which group of the previous dump is which of the next: each with at most one, the closest first. The same lines are the
 * same build; without lines, the same stack of another build, or at another line of a loop; the short names alone, another
 * import root or another form of dump.
 */
function pair(
  previous: readonly ReportedGroup[],
  next: readonly ReportedGroup[],
): ReadonlyMap<ReportedGroup, ReportedGroup> {
  const pairs = new Map<ReportedGroup, ReportedGroup>();
  let left = previous;
  for (const keyOf of [keyWithLines, keyWithoutLines, keyOfNames]) {
    const waiting = Map.groupBy(left, keyOf);
    for (const group of next) {
      if (pairs.has(group)) continue;
      const other = waiting.get(keyOf(group))?.shift();
      if (other !== undefined) pairs.set(group, other);
    }
    left = [...waiting.values()].flat();
  }
  return pairs;
}

const restKey = '(rest)';

function keyWithLines(group: ReportedGroup): string {
  return group.isRest ? restKey : stackKey(group);
}

function keyWithoutLines({ frames, createdBy, isRest }: ReportedGroup): string {
  if (isRest) return restKey;
  return [createdBy ?? '', ...frames.map(({ func }) => func)].join('\n');
}

/** `debug=1` hides the runtime's frames and has no creator. */
function keyOfNames({ frames, isRest }: ReportedGroup): string {
  if (isRest) return restKey;
  return frames
    .filter(({ func }) => !func.startsWith('runtime.'))
    .map(({ func }) => shortName(func))
    .join('\n');
}
