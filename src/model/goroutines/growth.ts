import type { DumpReport, ReportedGroup } from './analysis.ts';
import { shortName, stackName } from './frames.ts';
import { stackKey } from './groups.ts';

type Change = 'new' | 'grown' | 'same' | 'shrunk' | 'gone';

interface GroupGrowth {
  readonly change: Change;
  readonly before: number;
  readonly after: number;
  readonly delta: number;
  /** Null when the time between is not known. */
  readonly perMinute: number | null;
  /** The one of the next dump; of the previous one when it is gone. */
  readonly group: ReportedGroup;
}

interface PatternGrowth {
  readonly id: string;
  readonly before: number;
  readonly after: number;
  readonly delta: number;
  readonly perMinute: number | null;
}

/** What changed between two dumps. */
export interface DumpGrowth {
  readonly minutes: number | null;
  readonly delta: number;
  readonly perMinute: number | null;
  /** One of the dumps is not whole: what seems gone, or new, may only be missing from it. */
  readonly isUncertain: boolean;
  /** What has grown most first, what has shrunk most last. */
  readonly groups: readonly GroupGrowth[];
  /** In the same order. */
  readonly patterns: readonly PatternGrowth[];
}

/**
 * What grew from one dump to the next, in goroutines. `minutes` lie between them; null where no time is known, then no rate is given.
 */
export function compareDumps(previous: DumpReport, next: DumpReport, minutes: number | null): DumpGrowth {
  const rate = (delta: number): number | null => (minutes === null || minutes <= 0 ? null : delta / minutes);
  const grow = (before: number, after: number) => ({
    before,
    after,
    delta: after - before,
    perMinute: rate(after - before),
  });
  const { pairs, gone } = pair(previous.groups, next.groups);
  const ids = new Set([...next.patterns, ...previous.patterns].map(({ id }) => id));
  const countOf = (report: DumpReport, id: string): number =>
    report.patterns.find((pattern) => pattern.id === id)?.count ?? 0;
  return {
    minutes,
    delta: next.total - previous.total,
    perMinute: rate(next.total - previous.total),
    isUncertain: previous.partial || next.partial,
    groups: [
      ...next.groups.map((group) => {
        const before = pairs.get(group)?.count ?? null;
        return { change: changeOf(before, group.count), ...grow(before ?? 0, group.count), group };
      }),
      ...gone.map((group) => ({ change: 'gone' as const, ...grow(group.count, 0), group })),
    ].sort((a, b) => b.delta - a.delta || compareNames(stackName(a.group.frames), stackName(b.group.frames))),
    patterns: [...ids]
      .map((id) => ({ id, ...grow(countOf(previous, id), countOf(next, id)) }))
      .sort((a, b) => b.delta - a.delta || compareNames(a.id, b.id)),
  };
}

/** The next report with what changed since the previous one beside each group. */
export function withDeltas(previous: DumpReport, next: DumpReport): DumpReport {
  const { pairs } = pair(previous.groups, next.groups);
  return {
    ...next,
    groups: next.groups.map((group) => ({ ...group, delta: group.count - (pairs.get(group)?.count ?? 0) })),
  };
}

function changeOf(before: number | null, after: number): Change {
  if (before === null) return 'new';
  if (before === after) return 'same';
  return after > before ? 'grown' : 'shrunk';
}

function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Which group of the previous dump is which of the next: each with at most one, the closest first. The same lines are the
 * same build; without lines, the same stack of another build, or at another line of a loop; the short names alone, another
 * import root or another form of dump.
 */
function pair(
  previous: readonly ReportedGroup[],
  next: readonly ReportedGroup[],
): { readonly pairs: ReadonlyMap<ReportedGroup, ReportedGroup>; readonly gone: readonly ReportedGroup[] } {
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
  return { pairs, gone: left };
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
