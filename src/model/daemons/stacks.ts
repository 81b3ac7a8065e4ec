import type { Reading } from '../../sample/reading.ts';
import { okValue } from '../../sample/reading.ts';
import type { DaemonStacks, FoldedStacks, StacksValue } from '../../sample/stacks.ts';
import { DumpAnalysis, type DumpReport } from '../goroutines/analysis.ts';
import { type EventStreams, eventStreamsOf } from '../goroutines/event-streams.ts';
import type { Tracked } from '../tracked.ts';

/** What is remembered of each daemon's looks, by its name. */
export type StacksHistory = ReadonlyMap<string, DaemonLooks>;

interface DaemonLooks {
  readonly look: number;
  readonly report: DumpReport;
  readonly takenMonoMs: number;
  /** The counts of each look, the newest last: a line for each pattern that was ever found. Bounded. */
  readonly counts: readonly LookCounts[];
}

interface LookCounts {
  readonly monoMs: number;
  readonly total: number;
  readonly patterns: ReadonlyMap<string, number>;
  /** Waiters by what their lock is called. */
  readonly locks: ReadonlyMap<string, number>;
  /** The largest groups, by what they are called. */
  readonly groups: ReadonlyMap<string, number>;
}

export const noStacks: StacksHistory = new Map();

/** An hour of looks at two a minute. */
const maxLooks = 120;
/** What grows into a leak is among the largest long before. */
const maxGroups = 12;

export function reduceStacks(
  before: StacksHistory,
  reading: Reading<StacksValue> | undefined,
  monoMs: number,
): StacksHistory {
  const value = okValue(reading);
  if (value === null) return before;
  const next = new Map<string, DaemonLooks>();
  for (const stacks of value.daemons) {
    const known = before.get(stacks.daemon);
    const looks = remember(known, stacks, monoMs);
    if (looks !== undefined) next.set(stacks.daemon, looks);
  }
  return next;
}

function remember(
  before: DaemonLooks | undefined,
  { look, stacks }: DaemonStacks,
  monoMs: number,
): DaemonLooks | undefined {
  const folded = stacks === null ? null : okValue(stacks);
  if (folded === null || look === before?.look) return before;
  const report = analyse(folded);
  const counts = {
    monoMs,
    total: report.total,
    patterns: new Map(report.patterns.map(({ id, count }) => [id, count])),
    locks: new Map(report.locks.map(({ name, waiters }) => [name, waiters])),
    groups: new Map(
      report.groups.slice(0, maxGroups).map(({ frames, count }) => [frames.map(({ func }) => func).join('\n'), count]),
    ),
  };
  // Fewer looks than before: it is another sampler's, or another daemon's.
  const past = before === undefined || look < before.look ? [] : before.counts.slice(-(maxLooks - 1));
  return { look, report, takenMonoMs: monoMs, counts: [...past, counts] };
}

function analyse({ total, groups, rest }: FoldedStacks): DumpReport {
  const analysis = new DumpAnalysis();
  for (const { count, funcs } of groups) {
    analysis.add({
      id: null,
      count,
      state: null,
      waitMinutes: null,
      lockedToThread: false,
      frames: funcs.map((func) => ({ func, file: null, line: null, args: null })),
      elided: false,
      createdBy: null,
    });
  }
  return analysis.finish({ form: 'debug1', total, partial: rest > 0, error: null });
}

/** What a daemon's goroutines are doing, as rules and views see it. */
export interface StacksModel {
  readonly daemon: string;
  readonly report: DumpReport;
  /** Since the look, in seconds. */
  readonly ageSeconds: number;
  readonly patterns: readonly PatternTrend[];
  readonly eventStreams: EventStreams;
  /** In how many looks in a row each lock of the report was waited for by many, this one included. */
  readonly lockLooks: ReadonlyMap<string, number>;
  /** Groups that grew from look to look. */
  readonly growing: readonly GroupTrend[];
}

export interface GroupTrend {
  /** The functions, the callee before its caller. */
  readonly funcs: readonly string[];
  readonly count: number;
  /** Since the first of the looks compared. */
  readonly grown: number;
  readonly minutes: number;
}

export interface PatternTrend {
  readonly id: string;
  readonly count: number;
  /** Over all looks that are remembered; null with only one. */
  readonly perMinute: number | null;
  /** How many looks in a row have found it, this one included. */
  readonly looks: number;
}

/** By daemon; those that were never looked at are not in it. */
export function deriveStacks(
  { value }: Tracked<StacksValue>,
  history: StacksHistory,
  monoMs: number,
): readonly StacksModel[] | null {
  if (value === null) return null;
  return [...history].map(([daemon, { report, takenMonoMs, counts }]) => ({
    daemon,
    report,
    ageSeconds: (monoMs - takenMonoMs) / 1000,
    patterns: report.patterns.map(({ id, count }) => ({ id, count, ...trendOf(id, counts) })),
    eventStreams: eventStreamsOf(report),
    lockLooks: new Map(report.locks.map(({ name }) => [name, looksInARow(name, counts)])),
    growing: growingOf(counts),
  }));
}

function trendOf(id: string, counts: readonly LookCounts[]): Pick<PatternTrend, 'perMinute' | 'looks'> {
  const first = counts[0];
  const last = counts.at(-1);
  const minutes = first === undefined || last === undefined ? 0 : (last.monoMs - first.monoMs) / 60_000;
  const delta = (last?.patterns.get(id) ?? 0) - (first?.patterns.get(id) ?? 0);
  const missing = counts.toReversed().findIndex(({ patterns }) => !patterns.has(id));
  return { perMinute: minutes > 0 ? delta / minutes : null, looks: missing < 0 ? counts.length : missing };
}

function looksInARow(name: string, counts: readonly LookCounts[]): number {
  const missing = counts.toReversed().findIndex(({ locks }) => !locks.has(name));
  return missing < 0 ? counts.length : missing;
}

/** So many looks, two minutes and a half at the least, tell growth from a burst. */
const minGrowthLooks = 6;

/** Those that never shrank over the last looks, and grew in most of them. */
function growingOf(counts: readonly LookCounts[]): GroupTrend[] {
  const last = counts.at(-1);
  const compared = counts.slice(-Math.max(minGrowthLooks, Math.ceil(counts.length / 2)));
  const first = compared[0];
  if (last === undefined || first === undefined || compared.length < minGrowthLooks) return [];
  return [...last.groups].flatMap(([key, count]) => {
    const steps = compared
      .slice(1)
      .map(({ groups }, n) => (groups.get(key) ?? 0) - (compared[n]?.groups.get(key) ?? 0));
    const up = steps.filter((step) => step > 0).length;
    if (steps.some((step) => step < 0) || up < steps.length * 0.6) return [];
    const grown = count - (first.groups.get(key) ?? 0);
    return [{ funcs: key.split('\n'), count, grown, minutes: (last.monoMs - first.monoMs) / 60_000 }];
  });
}
