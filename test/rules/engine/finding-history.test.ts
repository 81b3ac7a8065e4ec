import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chain } from '../../../src/rules/engine/chains.ts';
import { lastedSeconds } from '../../../src/rules/engine/diagnosis.ts';
import {
  type FindingHistory,
  noFindings,
  reduceFindings,
  verdictsWith,
} from '../../../src/rules/engine/finding-history.ts';
import { type Finding, rule } from '../../../src/rules/engine/rule.ts';
import { type Unknown, type Verdicts, withKeys } from '../../../src/rules/engine/run.ts';
import type { SourceName } from '../../../src/sample/sample.ts';
import { finding } from '../../support/findings.ts';
import { idOf, noon } from '../../support/samples.ts';

const ruleOf = (id: string, needs: readonly SourceName[]) =>
  rule({ id, needs, uses: [], matters: true, judge: () => [] });
const rules = [ruleOf('quick', ['processes']), ruleOf('slow', ['processes', 'mounts'])];

/** What a moment says: its second, what is found, and how old the values of the sources are. */
interface Moment {
  readonly second: number;
  readonly found?: readonly Finding[];
  readonly unknown?: readonly Unknown[];
  /** Second of the newest value of the mounts; absent: each moment has a new one. */
  readonly mountsAt?: number | null;
}

const verdictsOf = ({ found = [], unknown = [] }: Moment): Verdicts => ({ findings: chain(withKeys(found)), unknown });

function step(history: FindingHistory, moment: Moment): FindingHistory {
  const { second, mountsAt = second } = moment;
  const source = (name: SourceName, ageMs: number | null) => ({
    name,
    status: ageMs === null ? ('absent' as const) : ('ok' as const),
    tookMs: 1,
    detail: null,
    ageMs,
  });
  const now = {
    at: noon + second * 1000,
    monoMs: 5_000_000 + second * 1000,
    containers: null,
    sources: [source('processes', 0), source('mounts', mountsAt === null ? null : (second - mountsAt) * 1000)],
  };
  return reduceFindings(history, verdictsOf(moment), now, rules);
}

const historyAfter = (moments: readonly Moment[]): FindingHistory => moments.reduce(step, noFindings);
const verdictsAfter = (moments: readonly Moment[]): Verdicts =>
  verdictsWith(historyAfter(moments), verdictsOf(moments.at(-1) ?? { second: 0 }));
/** Every second from one to another, both included. */
const during = (from: number, to: number, moment: Omit<Moment, 'second'> = {}): Moment[] =>
  Array.from({ length: to - from + 1 }, (_, n) => ({ second: from + n, ...moment }));
const states = ({ findings, resolved = [] }: Verdicts): string[] =>
  [...findings, ...resolved].map(({ key, lifecycle }) => `${key} ${lifecycle?.state}`);

const one = finding('quick', { pids: [7] });

describe('a finding that is followed', () => {
  test('was opened when it was first found, or when it says it began', () => {
    expect(verdictsAfter([{ second: 3, found: [one] }]).findings[0]?.lifecycle).toMatchObject({
      openedAt: noon + 3000,
      state: 'found',
    });
    const began = finding('quick', { pids: [7] }, { since: noon - 60_000 });
    expect(verdictsAfter([{ second: 3, found: [began] }]).findings[0]?.lifecycle?.openedAt).toBe(noon - 60_000);
    // When it began may be known later.
    const moments = [
      { second: 3, found: [one] },
      { second: 4, found: [began] },
      { second: 5, found: [one] },
    ];
    expect(verdictsAfter(moments).findings[0]?.lifecycle?.openedAt).toBe(noon - 60_000);
  });

  test('settles for six seconds when it is not found any more, with its last words', () => {
    const moments = [{ second: 0, found: [one] }, ...during(1, 6)];
    expect(states(verdictsAfter(moments))).toEqual(['quick 7 settling']);
    expect(verdictsAfter(moments).findings[0]).toMatchObject({ title: one.title, lifecycle: { goneAt: noon + 1000 } });
    expect(states(verdictsAfter([...moments, { second: 7 }]))).toEqual(['quick 7 resolved']);
  });

  test('that is over keeps the statement that knew most, not the last one', () => {
    const known = finding(
      'quick',
      { containers: [idOf('a')], pids: [7], mounts: ['/data'], devices: ['/dev/loop0'] },
      { title: 'dd waits for /data, which is frozen' },
    );
    const less = finding('quick', { containers: [idOf('a')] }, { title: 'SIGKILL sent 5 times, no exit' });
    const moments = [...during(0, 9, { found: [known] }), ...during(10, 12, { found: [less] })];
    expect(verdictsAfter(moments).findings[0]?.title).toBe(less.title);
    expect(verdictsAfter([...moments, { second: 13 }]).findings[0]?.title).toBe(known.title);
    const [over] = verdictsAfter([...moments, ...during(13, 30)]).resolved ?? [];
    expect(over).toMatchObject({ title: known.title, subjects: known.subjects, lifecycle: { goneAt: noon + 13_000 } });
    // What comes back after it was over is another story.
    const again = [...moments, ...during(13, 30), ...during(31, 33, { found: [less] }), ...during(34, 50)];
    expect(verdictsAfter(again).resolved?.[0]?.title).toBe(less.title);
  });

  test('that is over and knew as much to the end keeps its last words', () => {
    const at = (seconds: number): Finding => finding('quick', { pids: [7] }, { title: `blocked for ${seconds}s` });
    const moments = Array.from({ length: 10 }, (_, second) => ({ second, found: [at(second)] }));
    expect(verdictsAfter([...moments, ...during(10, 20)]).resolved?.[0]?.title).toBe('blocked for 9s');
  });

  test('is over with the time when it was first missed, and how long it lasted', () => {
    const [over] = verdictsAfter([...during(0, 100, { found: [one] }), ...during(101, 120)]).resolved ?? [];
    expect(over?.lifecycle).toMatchObject({ openedAt: noon, goneAt: noon + 101_000, state: 'resolved', returns: 0 });
    expect(over?.lifecycle === undefined ? null : lastedSeconds(over.lifecycle)).toBe(101);
  });

  test('is not over before each source it needs had two chances to show it again', () => {
    const slow = finding('slow', { mounts: ['/data'] });
    const moments = [{ second: 0, found: [slow] }, ...during(1, 20, { mountsAt: 0 })];
    expect(states(verdictsAfter(moments))).toEqual(['slow /data settling']);
    expect(states(verdictsAfter([...moments, ...during(21, 30, { mountsAt: 21 })]))).toEqual(['slow /data settling']);
    expect(states(verdictsAfter([...moments, ...during(21, 30, { mountsAt: 21 }), { second: 31 }]))).toEqual([
      'slow /data resolved',
    ]);
  });

  test('is over too when the source it needs is not there any more', () => {
    const slow = finding('slow', { mounts: ['/data'] });
    expect(states(verdictsAfter([{ second: 0, found: [slow] }, ...during(1, 9, { mountsAt: null })]))).toEqual([
      'slow /data resolved',
    ]);
  });

  test('stays as long as its rule cannot judge, and settles afterwards', () => {
    const unknown = [{ id: 'quick', because: 'it failed', matters: true }];
    const moments = [{ second: 0, found: [one] }, ...during(1, 60, { unknown })];
    expect(states(verdictsAfter(moments))).toEqual(['quick 7 unjudged']);
    expect(states(verdictsAfter([...moments, ...during(61, 66)]))).toEqual(['quick 7 settling']);
    expect(states(verdictsAfter([...moments, ...during(61, 67)]))).toEqual(['quick 7 resolved']);
    expect(verdictsAfter([...moments, { second: 61, found: [one] }]).findings[0]?.lifecycle).toMatchObject({
      state: 'found',
      returns: 0,
    });
  });

  test('that comes and goes is one, and counted', () => {
    const moments = during(0, 40).map((moment) => ({ ...moment, found: moment.second % 4 === 0 ? [one] : [] }));
    const { findings, resolved } = verdictsAfter(moments);
    expect(resolved).toEqual([]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.lifecycle).toMatchObject({ openedAt: noon, state: 'found', goneAt: null, returns: 10 });
  });

  test('that comes back after it was over is opened anew, and is not reported twice', () => {
    const moments = [{ second: 0, found: [one] }, ...during(1, 30), { second: 31, found: [one] }];
    const { findings, resolved } = verdictsAfter(moments);
    expect(resolved).toEqual([]);
    expect(findings[0]?.lifecycle).toMatchObject({ openedAt: noon + 31_000, state: 'found', returns: 1 });
  });

  test('shows how its severity changed', () => {
    const mild = finding('quick', { pids: [7] }, { severity: 'warning' });
    const { findings } = verdictsAfter([
      { second: 0, found: [mild] },
      { second: 1, found: [mild] },
      { second: 2, found: [one] },
    ]);
    expect(findings[0]?.lifecycle?.changes).toEqual([{ at: noon + 2000, from: 'warning', to: 'critical' }]);
  });

  test('is the same one while what it is about grows and shrinks', () => {
    const held = (...containers: string[]) => finding('quick', { containers: containers.map(idOf) });
    const { findings, resolved } = verdictsAfter([
      { second: 0, found: [held('b', 'c')] },
      { second: 1, found: [held('a', 'b', 'c')] },
      { second: 2, found: [held('a', 'c')] },
      { second: 3, found: [held('c')] },
    ]);
    expect(resolved).toEqual([]);
    expect(findings.map(({ key, lifecycle, subjects }) => [key, lifecycle?.openedAt, subjects.containers])).toEqual([
      [`quick ${idOf('b')}`, noon, [idOf('c')]],
    ]);
  });

  test('goes on alone when another about the same container ends', () => {
    const first = finding('quick', { containers: [idOf('a')], pids: [7] });
    const second = finding('quick', { containers: [idOf('a')], pids: [8] });
    const { findings, resolved } = verdictsAfter([
      { second: 0, found: [first, second] },
      ...during(1, 9, { found: [second] }),
    ]);
    expect(findings.map(({ subjects }) => subjects.pids)).toEqual([[8]]);
    expect(resolved?.map(({ subjects }) => subjects.pids)).toEqual([[7]]);
  });

  test('keeps its place among the others while it settles', () => {
    const [a, b, c] = [1, 2, 3].map((pid) => finding('quick', { pids: [pid] })) as [Finding, Finding, Finding];
    const { findings } = verdictsAfter([
      { second: 0, found: [a, b, c] },
      { second: 1, found: [a, c] },
      { second: 2, found: [c] },
    ]);
    expect(findings.map(({ key }) => key)).toEqual(['quick 1', 'quick 2', 'quick 3']);
  });
});

describe('the history', () => {
  test('changes nothing when the same moment comes again', () => {
    const moments = [{ second: 0, found: [one] }, ...during(1, 4)];
    expect(historyAfter([...moments, ...Array.from({ length: 20 }, () => ({ second: 4 }))])).toEqual(
      historyAfter(moments),
    );
  });

  test('forgets what is over after ten minutes, and reports fifty at most', () => {
    const many = Array.from({ length: 80 }, (_, pid) => finding('quick', { pids: [pid] }));
    const moments = [{ second: 0, found: many }, ...during(1, 30)];
    expect(verdictsAfter(moments).resolved).toHaveLength(50);
    expect(verdictsAfter([...moments, { second: 595 }]).resolved).toHaveLength(50);
    expect(verdictsAfter([...moments, { second: 601 }]).resolved).toEqual([]);
  });

  test('begins anew when the clock goes back, and is empty before the first Sample', () => {
    const { findings, resolved } = verdictsAfter([{ second: 900, found: [one] }, { second: 10 }]);
    expect([...findings, ...(resolved ?? [])]).toEqual([]);
    expect(
      reduceFindings(noFindings, verdictsOf({ second: 0 }), { at: 0, monoMs: 0, sources: [], containers: null }, rules),
    ).toBe(noFindings);
  });

  test('whatever comes and goes: what is found is reported as found, and nothing is reported twice', () => {
    const pids = fc.subarray([1, 2, 3, 4, 5]);
    const steps = fc.array(fc.record({ pids, wait: fc.integer({ min: 0, max: 9 }), knows: fc.boolean() }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (all) => {
        let history = noFindings;
        let second = 0;
        for (const { pids, wait, knows } of all) {
          second += wait;
          const found = knows ? pids.map((pid) => finding('quick', { pids: [pid] })) : [];
          const unknown = knows ? [] : [{ id: 'quick', because: 'failed', matters: true }];
          history = step(history, { second, found, unknown });
          const { findings, resolved = [] } = verdictsWith(history, verdictsOf({ second }));
          const isFound = findings.filter(({ lifecycle }) => lifecycle?.state === 'found').map(({ key }) => key);
          expect(isFound.toSorted()).toEqual(found.map(({ subjects }) => `quick ${subjects.pids[0]}`).toSorted());
          const keys = [...findings, ...resolved].map(({ key }) => key);
          expect(new Set(keys).size).toBe(keys.length);
          for (const { lifecycle } of resolved) expect(lifecycle?.goneAt).toBeLessThanOrEqual(noon + second * 1000);
        }
      }),
      { numRuns: 300 },
    );
  });
});
