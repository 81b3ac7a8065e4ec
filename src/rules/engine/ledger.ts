import type { Model, SourceModel } from '../../model/model.ts';
import type { SourceName } from '../../sample/sample.ts';
import { chain, type Keyed } from './chains.ts';
import type { Course, Diagnosis } from './diagnosis.ts';
import { mergeFound } from './ledger-merge.ts';
import type { Need } from './parts.ts';
import type { Rule } from './rule.ts';
import type { Verdicts } from './run.ts';

/** What is remembered of the findings over time: bounded, and changed only by looks at the node. */
export interface Ledger {
  readonly monoMs: number;
  /** How many values each source has given so far. */
  readonly looks: ReadonlyMap<string, Looks>;
  /** Those that are found, settle or cannot be judged, in the order in which they are told. */
  readonly open: readonly Entry[];
  /** Those that are over, the newest first. */
  readonly resolved: readonly Entry[];
}

export interface Looks {
  readonly count: number;
  /** CLOCK_MONOTONIC of the newest value, milliseconds; null when the source is absent. */
  readonly valueMonoMs: number | null;
}

export interface Entry {
  readonly key: string;
  /** As it was when it was found last. */
  readonly finding: Diagnosis;
  readonly course: Course;
  /** Since when it is not found, and how many values its sources had given when it was found last; null while it is found. */
  readonly gone: { readonly monoMs: number; readonly looks: ReadonlyMap<string, number> } | null;
}

export const emptyLedger: Ledger = { monoMs: 0, looks: new Map(), open: [], resolved: [] };

/** A blocked task runs for a moment between two waits, a count dips: for less than this a finding is not over. */
const settleMs = 6_000;
/** Each source it needs must have had as many chances to show it again. */
const settleLooks = 2;
/** So long a person may have looked away. */
const keepResolvedMs = 600_000;
const maxResolved = 50;
/** Of severity, remembered for one finding. */
const maxChanges = 10;

type Now = Pick<Model, 'at' | 'monoMs' | 'sources'>;

/**
 * Takes the verdicts of one moment in. The same moment may come again (the screen is drawn more often than the node is looked
 * at): it changes nothing. When the clock goes back the Samples are of another boot, or of an earlier place in a recording.
 */
export function reduceLedger(before: Ledger, verdicts: Verdicts, now: Now, rules: readonly Rule[]): Ledger {
  if (now.at === 0) return emptyLedger;
  const ledger = now.monoMs < before.monoMs ? emptyLedger : before;
  const looks = countLooks(ledger, now);
  const known = mergeFound(ledger, verdicts.findings);
  const unjudged = new Set(verdicts.unknown.map(({ id }) => id));
  const needs = new Map(rules.map((rule) => [rule.id, rule.needs]));
  const open: Entry[] = [];
  const over: Entry[] = [];
  for (const { found, entry } of known) {
    if (found !== null) open.push(entry === null ? opened(found, now) : foundAgain(entry, found, now));
    else if (entry !== null) {
      const missed = notFound(entry, ledger, now, unjudged.has(entry.finding.id));
      if (isOver(missed, looks, now, needs.get(entry.finding.id) ?? [])) over.push(resolved(missed));
      else open.push(missed);
    }
  }
  const reopened = new Set(open.map(({ key }) => key));
  const kept = [...over, ...ledger.resolved].filter(
    ({ key, gone }) => !reopened.has(key) && gone !== null && now.monoMs - gone.monoMs < keepResolvedMs,
  );
  return { monoMs: now.monoMs, looks, open, resolved: kept.slice(0, maxResolved) };
}

/** The verdicts with what was found before, as they are told. */
export function ledgerVerdicts({ open, resolved }: Ledger, { unknown }: Verdicts): Verdicts {
  return {
    findings: chain(open.map(keyed)),
    unknown,
    resolved: resolved.map((entry): Diagnosis => ({ ...keyed(entry), causes: [], depth: 0 })),
  };
}

const keyed = ({ finding, key, course }: Entry): Keyed => ({ ...finding, key, course });

function countLooks({ looks, monoMs: beforeMs }: Ledger, { sources, monoMs }: Now): ReadonlyMap<string, Looks> {
  return new Map(
    sources.map((source: SourceModel): [string, Looks] => {
      const { name, ageMs, status } = source;
      const { count = 0, valueMonoMs: last = null } = looks.get(name) ?? {};
      const valueMonoMs = ageMs === null ? null : monoMs - ageMs;
      // That something is not there is an answer too.
      const isNew = valueMonoMs === null ? status === 'absent' && monoMs > beforeMs : valueMonoMs !== last;
      return [name, { count: isNew ? count + 1 : count, valueMonoMs }];
    }),
  );
}

function opened(finding: Diagnosis, { at }: Now): Entry {
  const openedAt = earlier(finding.since, at);
  const course: Course = { openedAt, state: 'found', goneAt: null, changes: [], returns: 0 };
  return { key: finding.key, finding, course, gone: null };
}

/** Found as before, or again. */
function foundAgain({ key, finding: old, course, gone }: Entry, finding: Diagnosis, { at }: Now): Entry {
  const wasOver = course.state === 'resolved';
  const isBack = gone !== null && course.state !== 'unjudged';
  const changed = finding.severity !== old.severity;
  return {
    key,
    finding,
    course: {
      openedAt: earlier(finding.since, wasOver ? at : course.openedAt),
      state: 'found',
      goneAt: null,
      changes: changed
        ? [...course.changes, { at, from: old.severity, to: finding.severity }].slice(-maxChanges)
        : course.changes,
      returns: course.returns + (isBack ? 1 : 0),
    },
    gone: null,
  };
}

function notFound(entry: Entry, { looks }: Ledger, { at, monoMs }: Now, isUnjudged: boolean): Entry {
  const counts = (): ReadonlyMap<string, number> => new Map([...looks].map(([name, { count }]) => [name, count]));
  const state = isUnjudged ? 'unjudged' : 'settling';
  // What could not be judged begins to be missed when it can be.
  const gone =
    entry.gone === null || isUnjudged || entry.course.state !== state ? { monoMs, looks: counts() } : entry.gone;
  return {
    ...entry,
    course: { ...entry.course, state, goneAt: isUnjudged ? null : (entry.course.goneAt ?? at) },
    gone,
  };
}

function isOver({ course, gone }: Entry, looks: Ledger['looks'], { monoMs }: Now, needs: readonly Need[]): boolean {
  if (course.state !== 'settling' || gone === null || monoMs - gone.monoMs < settleMs) return false;
  const sinceGone = (name: SourceName): number => (looks.get(name)?.count ?? 0) - (gone.looks.get(name) ?? 0);
  return needs.every((need) => [need].flat().some((name) => sinceGone(name) >= settleLooks));
}

function resolved(entry: Entry): Entry {
  return { ...entry, course: { ...entry.course, state: 'resolved' } };
}

function earlier(since: number | null, at: number): number {
  return since === null ? at : Math.min(since, at);
}
