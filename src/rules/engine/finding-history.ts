import type { Model, SourceModel } from '../../model/model.ts';
import type { SourceName } from '../../sample/sample.ts';
import { chain, type Keyed } from './chains.ts';
import { containerNames, outcomeOf } from './container-outcomes.ts';
import type { Diagnosis, Lifecycle } from './diagnosis.ts';
import { matchFindings } from './finding-identity.ts';
import type { Need } from './parts.ts';
import type { Rule } from './rule.ts';
import type { Verdicts } from './run.ts';

/** What is remembered of the findings over time: bounded, and changed only by what the sources say. */
export interface FindingHistory {
  readonly monoMs: number;
  /** How many values each source has given so far. */
  readonly values: ReadonlyMap<string, ValueCount>;
  /** Those that are found, settle or cannot be judged, in the order in which they are shown. */
  readonly open: readonly FindingRecord[];
  /** Those that are over, the newest first. */
  readonly resolved: readonly FindingRecord[];
}

interface ValueCount {
  readonly count: number;
  /** CLOCK_MONOTONIC of the newest value, milliseconds; null when the source is absent. */
  readonly valueMonoMs: number | null;
}

interface FindingRecord {
  readonly key: string;
  /** As it was when it was found last. */
  readonly finding: Diagnosis;
  /** As it was when most was known of it: what is over keeps its cause. */
  readonly best: Diagnosis;
  readonly bestWorth: number;
  readonly lifecycle: Lifecycle;
  /** What people call the containers it is about, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** Since when it is not found, and how many values its sources had given when it was found last; null while it is found. */
  readonly gone: { readonly monoMs: number; readonly values: ReadonlyMap<string, number> } | null;
}

export const noFindings: FindingHistory = { monoMs: 0, values: new Map(), open: [], resolved: [] };

/** A blocked task runs for a moment between two waits, a count dips: for less than this a finding is not over. */
const settleMs = 6_000;
/** Each source it needs must have had as many chances to show it again. */
const settleValues = 2;
/** As long as the reader may have been away. */
const keepResolvedMs = 600_000;
const maxResolved = 50;
/** Of severity, remembered for one finding. */
const maxChanges = 10;

type Now = Pick<Model, 'at' | 'monoMs' | 'sources' | 'containers'>;

/**
 * Takes the verdicts of one moment in. The same moment may come again (the screen is drawn more often than Samples arrive): it
 * changes nothing. When the clock goes back the Samples are of another boot, or of an earlier place in a recording.
 */
export function reduceFindings(
  before: FindingHistory,
  verdicts: Verdicts,
  now: Now,
  rules: readonly Rule[],
): FindingHistory {
  if (now.at === 0) return noFindings;
  const history = now.monoMs < before.monoMs ? noFindings : before;
  const values = countValues(history, now);
  const unjudged = new Set(verdicts.unknown.map(({ id }) => id));
  const needsOf = (id: string): readonly Need[] => rules.find((rule) => rule.id === id)?.needs ?? [];
  const open: FindingRecord[] = [];
  const over: FindingRecord[] = [];
  for (const { found, known } of matchFindings(history, verdicts.findings)) {
    if (found !== null) open.push(known === null ? opened(found, now) : foundAgain(known, found, now));
    else if (known !== null) {
      const missed = notFound(known, history, now, unjudged.has(known.finding.id));
      if (isOver(missed, values, now, needsOf(known.finding.id))) over.push(resolved(missed, now));
      else open.push(missed);
    }
  }
  const reopened = new Set(open.map(({ key }) => key));
  const kept = [...over, ...history.resolved].filter(
    ({ key, gone }) => !reopened.has(key) && gone !== null && now.monoMs - gone.monoMs < keepResolvedMs,
  );
  return { monoMs: now.monoMs, values, open, resolved: kept.slice(0, maxResolved) };
}

/** The verdicts of now, with what was found before. */
export function verdictsWith({ open, resolved }: FindingHistory, { unknown }: Verdicts): Verdicts {
  return {
    findings: chain(open.map(keyed)),
    unknown,
    resolved: resolved.map((record): Diagnosis => ({ ...keyed(record), causes: [], consequences: [], depth: 0 })),
  };
}

/** The newest statement while it is found, the best one after: on its way out a finding loses its evidence piece by piece. */
function keyed({ finding, best, key, lifecycle }: FindingRecord): Keyed {
  return { ...(lifecycle.state === 'found' ? finding : best), key, lifecycle };
}

/** How much a statement says: which kinds of things it names, of how many containers the name is known, how sure it is. */
function worthOf({ subjects, confidence }: Diagnosis, names: ReadonlyMap<string, string>): number {
  const kinds = Object.values(subjects).filter((named) => named.length > 0).length;
  const named = subjects.containers.length === 0 ? 1 : names.size / subjects.containers.length;
  return kinds * 10 + named * 5 + { certain: 2, likely: 1, possible: 0 }[confidence];
}

function countValues(
  { values, monoMs: beforeMs }: FindingHistory,
  { sources, monoMs }: Now,
): ReadonlyMap<string, ValueCount> {
  return new Map(
    sources.map((source: SourceModel): [string, ValueCount] => {
      const { name, ageMs, status } = source;
      const { count = 0, valueMonoMs: last = null } = values.get(name) ?? {};
      const valueMonoMs = ageMs === null ? null : monoMs - ageMs;
      // That something is not there is an answer too.
      const isNew = valueMonoMs === null ? status === 'absent' && monoMs > beforeMs : valueMonoMs !== last;
      return [name, { count: isNew ? count + 1 : count, valueMonoMs }];
    }),
  );
}

function opened(finding: Diagnosis, now: Now): FindingRecord {
  const openedAt = earlier(finding.since, now.at);
  const lifecycle: Lifecycle = { openedAt, state: 'found', goneAt: null, changes: [], returns: 0, containers: [] };
  const best = { best: finding, bestWorth: worthOf(finding, containerNames(finding, now)) };
  return { key: finding.key, finding, ...best, lifecycle, names: containerNames(finding, now), gone: null };
}

/** Found as before, or again. */
function foundAgain(
  { key, finding: old, best, bestWorth, lifecycle, names, gone }: FindingRecord,
  finding: Diagnosis,
  now: Now,
): FindingRecord {
  const { at } = now;
  const wasOver = lifecycle.state === 'resolved';
  const isBack = gone !== null && lifecycle.state !== 'unjudged';
  const changed = finding.severity !== old.severity;
  const worth = worthOf(finding, containerNames(finding, now));
  return {
    key,
    finding,
    ...(wasOver || worth >= bestWorth ? { best: finding, bestWorth: worth } : { best, bestWorth }),
    lifecycle: {
      openedAt: earlier(finding.since, wasOver ? at : lifecycle.openedAt),
      state: 'found',
      goneAt: null,
      changes: changed
        ? [...lifecycle.changes, { at, from: old.severity, to: finding.severity }].slice(-maxChanges)
        : lifecycle.changes,
      returns: lifecycle.returns + (isBack ? 1 : 0),
      containers: [],
    },
    names: containerNames(finding, now, names),
    gone: null,
  };
}

function notFound(record: FindingRecord, { values }: FindingHistory, now: Now, isUnjudged: boolean): FindingRecord {
  const { lifecycle, gone } = record;
  const state = isUnjudged ? 'unjudged' : 'settling';
  // What could not be judged begins to be missed when it can be.
  const isNew = gone === null || isUnjudged || lifecycle.state !== state;
  const counts = (): ReadonlyMap<string, number> => new Map([...values].map(([name, { count }]) => [name, count]));
  return {
    ...record,
    lifecycle: { ...lifecycle, state, goneAt: isUnjudged ? null : (lifecycle.goneAt ?? now.at) },
    gone: isNew ? { monoMs: now.monoMs, values: counts() } : gone,
  };
}

function isOver(
  { lifecycle, gone }: FindingRecord,
  values: FindingHistory['values'],
  { monoMs }: Now,
  needs: readonly Need[],
): boolean {
  if (lifecycle.state !== 'settling' || gone === null || monoMs - gone.monoMs < settleMs) return false;
  const sinceGone = (name: SourceName): number => (values.get(name)?.count ?? 0) - (gone.values.get(name) ?? 0);
  return needs.every((need) => [need].flat().some((name) => sinceGone(name) >= settleValues));
}

function resolved(record: FindingRecord, now: Now): FindingRecord {
  const { lifecycle, finding, names } = record;
  const containers = finding.subjects.containers.map((id) => outcomeOf(id, names.get(id) ?? id.slice(0, 12), now));
  return { ...record, lifecycle: { ...lifecycle, state: 'resolved', containers } };
}

function earlier(since: number | null, at: number): number {
  return since === null ? at : Math.min(since, at);
}
