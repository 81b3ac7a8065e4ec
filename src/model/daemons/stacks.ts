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
}

export const noStacks: StacksHistory = new Map();

/** An hour of looks at two a minute. */
const maxLooks = 120;

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
