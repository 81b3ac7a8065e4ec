import type { Reading } from '../../sample/reading.ts';
import { okValue } from '../../sample/reading.ts';
import type { DaemonStacks, FoldedStacks, StacksValue } from '../../sample/stacks.ts';
import { DumpAnalysis, type DumpReport, type KnownStacks } from '../goroutines/analysis.ts';
import { type EventStreams, eventStreamsOf } from '../goroutines/event-streams.ts';
import type { LockReport } from '../goroutines/locks/report.ts';
import { locksOfWhole, sameLock } from '../goroutines/locks/whole.ts';
import type { Tracked } from '../tracked.ts';

/** What is remembered of the polls of each daemon, by its name. */
export type StacksHistory = ReadonlyMap<string, DaemonPolls>;

interface DaemonPolls {
  readonly look: number;
  readonly report: DumpReport;
  /** Of this poll, for the next one. */
  readonly stacks: KnownStacks;
  readonly takenMonoMs: number;
  /** The counts of each poll, the newest last: a line for each pattern that was ever found. Bounded. */
  readonly counts: readonly PollCounts[];
  /** What the counts and the report say: a poll stands for half a minute, and the model is derived each second. */
  readonly trends: Trends;
  /** Of the whole dump, as long as one of its pile-ups is there. */
  readonly whole: WholePoll | null;
}

type Trends = Pick<StacksModel, 'patterns' | 'eventStreams' | 'lockPolls' | 'growing'>;

interface WholePoll {
  readonly locks: readonly LockReport[];
  readonly partial: boolean;
  readonly monoMs: number;
}

interface PollCounts {
  readonly monoMs: number;
  readonly total: number;
  readonly patterns: ReadonlyMap<string, number>;
  /** Waiters by what their lock is called. */
  readonly locks: ReadonlyMap<string, number>;
  /** The largest groups, by what they are called. */
  readonly groups: ReadonlyMap<string, number>;
}

export const noStacks: StacksHistory = new Map();

/** An hour of polls at two a minute. */
const maxPolls = 120;
/** What grows into a leak is among the largest long before. */
const maxGroups = 12;

/** The newest polls of each daemon’s goroutines after one more reading. */
export function reduceStacks(
  before: StacksHistory,
  reading: Reading<StacksValue> | undefined,
  monoMs: number,
): StacksHistory {
  const value = okValue(reading);
  if (value === null) return before;
  const next = new Map<string, DaemonPolls>();
  for (const stacks of value.daemons) {
    const known = before.get(stacks.daemon);
    const polls = rememberWhole(remember(known, stacks, monoMs), stacks, monoMs);
    if (polls !== undefined) next.set(stacks.daemon, polls);
  }
  return next;
}

function remember(
  before: DaemonPolls | undefined,
  { look, stacks }: DaemonStacks,
  monoMs: number,
): DaemonPolls | undefined {
  const folded = stacks === null ? null : okValue(stacks);
  if (folded === null || look === before?.look) return before;
  const { report, known } = analyse(folded, before?.stacks);
  const groupNames = new Map([...(before?.counts.at(-1)?.groups.keys() ?? [])].map((name) => [name, name]));
  const counts = {
    monoMs,
    total: report.total,
    patterns: new Map(report.patterns.map(({ id, count }) => [id, count])),
    locks: new Map(report.locks.map(({ name, waiters }) => [name, waiters])),
    groups: new Map(
      report.groups.slice(0, maxGroups).map(({ frames, count }) => {
        const name = frames.map(({ func }) => func).join('\n');
        // A kilobyte each: the reads of an hour share one text.
        return [groupNames.get(name) ?? name, count];
      }),
    ),
  };
  // Fewer reads than before: it is another sampler, or another daemon.
  const isSame = before !== undefined && look > before.look;
  const past = isSame ? before.counts.slice(-(maxPolls - 1)) : [];
  const old = isSame ? before.whole : null;
  const whole = old !== null && report.locks.some((lock) => sameLock(lock, old.locks) !== null) ? old : null;
  const all = [...past, counts];
  return { look, report, stacks: known, takenMonoMs: monoMs, counts: all, trends: trendsOf(report, all), whole };
}

function trendsOf(report: DumpReport, counts: readonly PollCounts[]): Trends {
  return {
    patterns: report.patterns.map(({ id, count }) => ({ id, count, ...trendOf(id, counts) })),
    eventStreams: eventStreamsOf(report),
    lockPolls: new Map(report.locks.map(({ name }) => [name, pollsInARow(name, counts)])),
    growing: growingOf(counts),
  };
}

function rememberWhole(
  polls: DaemonPolls | undefined,
  { whole }: DaemonStacks,
  monoMs: number,
): DaemonPolls | undefined {
  const dump = okValue(whole);
  if (polls === undefined || dump === null) return polls;
  return { ...polls, whole: { locks: locksOfWhole(dump), partial: dump.partial, monoMs } };
}

function analyse(
  { total, groups, rest }: FoldedStacks,
  earlier: KnownStacks = new Map(),
): { readonly report: DumpReport; readonly known: KnownStacks } {
  const analysis = new DumpAnalysis({ known: earlier });
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
  const report = analysis.finish({ form: 'debug1', total, partial: rest > 0, error: null });
  return { report, known: analysis.knownStacks };
}

/** What a daemon's goroutines are doing, as rules and views see it. */
export interface StacksModel {
  readonly daemon: string;
  readonly report: DumpReport;
  /** Since the read, in seconds. */
  readonly ageSeconds: number;
  readonly patterns: readonly PatternTrend[];
  readonly eventStreams: EventStreams;
  /** At how many consecutive reads each lock of the report had many waiters, including this one. */
  readonly lockPolls: ReadonlyMap<string, number>;
  /** Groups that grew from read to read. */
  readonly growing: readonly GroupTrend[];
  /** What the dump that was read for a pile-up says of it; null without one. */
  readonly whole: WholeLocks | null;
}

interface WholeLocks {
  readonly locks: readonly LockReport[];
  readonly partial: boolean;
  /** Since it was read, in seconds. */
  readonly ageSeconds: number;
}

export interface GroupTrend {
  /** The functions, the callee before its caller. */
  readonly funcs: readonly string[];
  readonly count: number;
  /** Since the first of the compared polls. */
  readonly grown: number;
  readonly minutes: number;
}

export interface PatternTrend {
  readonly id: string;
  readonly count: number;
  /** Over all remembered polls; null with only one. */
  readonly perMinute: number | null;
  /** How many consecutive polls have found it, including this one. */
  readonly polls: number;
}

/** By daemon; those that were never polled are missing. */
export function deriveStacks(
  { value }: Tracked<StacksValue>,
  history: StacksHistory,
  monoMs: number,
): readonly StacksModel[] | null {
  if (value === null) return null;
  return [...history].map(([daemon, { report, takenMonoMs, trends, whole }]) => ({
    daemon,
    report,
    ageSeconds: (monoMs - takenMonoMs) / 1000,
    ...trends,
    whole:
      whole === null
        ? null
        : { locks: whole.locks, partial: whole.partial, ageSeconds: (monoMs - whole.monoMs) / 1000 },
  }));
}

function trendOf(id: string, counts: readonly PollCounts[]): Pick<PatternTrend, 'perMinute' | 'polls'> {
  const first = counts[0];
  const last = counts.at(-1);
  const minutes = first === undefined || last === undefined ? 0 : (last.monoMs - first.monoMs) / 60_000;
  const delta = (last?.patterns.get(id) ?? 0) - (first?.patterns.get(id) ?? 0);
  const missing = counts.toReversed().findIndex(({ patterns }) => !patterns.has(id));
  return { perMinute: minutes > 0 ? delta / minutes : null, polls: missing < 0 ? counts.length : missing };
}

function pollsInARow(name: string, counts: readonly PollCounts[]): number {
  const missing = counts.toReversed().findIndex(({ locks }) => !locks.has(name));
  return missing < 0 ? counts.length : missing;
}

/** It takes at least this many polls, two and a half minutes, to distinguish growth from a burst. */
const minGrowthPolls = 6;

/** Those that never shrank over the last polls, and grew at most of them. */
function growingOf(counts: readonly PollCounts[]): GroupTrend[] {
  const last = counts.at(-1);
  const compared = counts.slice(-Math.max(minGrowthPolls, Math.ceil(counts.length / 2)));
  const first = compared[0];
  if (last === undefined || first === undefined || compared.length < minGrowthPolls) return [];
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
