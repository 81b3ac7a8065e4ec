import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PromSeries } from '../../src/fleet/answer.ts';
import { fleetOf, statusOf } from '../../src/fleet/fleet.ts';
import { answersOf, largeFleet, type MadeFleet } from '../support/fleets.ts';

const fleet = (made: MadeFleet) => fleetOf(answersOf(made), new Map());
const calm: MadeFleet = { sick: [], total: 20 };

describe('the nodes', () => {
  test('are the worst first, the oldest first among those', () => {
    const { nodes } = fleet(largeFleet);
    expect(nodes.map(({ worst }) => worst)).toEqual([
      ...Array.from({ length: 41 }, () => 'critical'),
      ...Array.from({ length: 3 }, () => 'blind'),
      ...Array.from({ length: 9 }, () => 'warning'),
    ]);
    const sinces = nodes.slice(0, 41).map(({ since }) => since ?? 0);
    expect(sinces).toEqual(sinces.toSorted((a, b) => a - b));
  });

  test('are counted once each: those without findings are the rest', () => {
    expect(fleet(largeFleet)).toMatchObject({
      total: 5000,
      critical: 41,
      notSeen: 3,
      warning: 9,
      healthy: 4947,
      unjudged: 12,
    });
  });

  test('that are critical and not seen stay critical, and say both', () => {
    const [node] = fleet({ total: 1, sick: [{ instance: 'a', blind: 'stale', findings: [{ id: 'x' }] }] }).nodes;
    expect(node).toMatchObject({ worst: 'critical', blind: 'stale', ageSeconds: 4000 });
  });

  test('of one name in two clusters are two', () => {
    const findings = [{ id: 'x' }];
    const sick = ['a', 'b'].map((cluster) => ({ instance: 'n', cluster, findings }));
    expect(fleet({ sick, total: 2 }).nodes).toHaveLength(2);
  });

  test('a moment whose finding has just resolved makes no finding', () => {
    const answers = answersOf({ sick: [{ instance: 'a', findings: [{ id: 'x' }] }], total: 1 });
    const findings = answers.findings.filter(({ labels }) => labels['__name__'] !== 'rtwatch_finding');
    expect(fleetOf({ ...answers, findings }, new Map()).nodes).toEqual([]);
  });
});

describe('the same finding on many nodes', () => {
  test('is one group, with what they have in common and most others have not', () => {
    const { groups } = fleet(largeFleet);
    expect(groups.map(({ id, severity, nodes, common }) => [id, severity, nodes.length, common])).toEqual([
      ['goroutine-leak-on-stop', 'critical', 41, 'all on dockerd 19.03.15'],
      ['stalled-disk', 'critical', 5, 'all on dockerd 19.03.15'],
      ['leaked-mount', 'warning', 9, ''],
      ['io-pressure', 'warning', 1, ''],
    ]);
  });

  test('has nothing in common when one node is on another version, or its version is unknown', () => {
    const node = (instance: string, dockerd?: string) => ({
      instance,
      findings: [{ id: 'x' }],
      ...(dockerd === undefined ? {} : { dockerd }),
    });
    const versions = { '1': 1, '2': 1, '3': 1, '4': 97 };
    const common = (...sick: ReturnType<typeof node>[]): string =>
      fleet({ sick, total: 100, versions }).groups[0]?.common ?? '';
    expect(common(node('a', '1'), node('b', '1'))).toBe('all on dockerd 1');
    expect(common(node('a', '1'), node('b', '2'))).toBe('all on dockerd 1 or dockerd 2');
    expect(common(node('a', '1'), node('b', '2'), node('c', '3'))).toBe('');
    expect(common(node('a', '1'), node('b'))).toBe('');
    expect(common(node('a', '4'), node('b', '4'))).toBe('');
    expect(common(node('a', '1'))).toBe('');
  });
});

describe('the status', () => {
  const question = { name: 'findings', answeredAt: 1, trouble: null, warning: null } as const;
  test.each([
    ['ok', calm, null],
    ['unknown', { ...calm, total: 0 }, null],
    ['unknown', { ...calm, unjudged: 1 }, null],
    ['unknown', calm, 'no answer within 10s'],
    ['unknown', { total: 3, sick: [{ instance: 'a', blind: 'down' }] }, null],
    [
      'warning',
      { total: 3, unjudged: 1, sick: [{ instance: 'a', findings: [{ id: 'x', severity: 'warning' }] }] },
      null,
    ],
    ['critical', largeFleet, 'no answer within 10s'],
  ] as const)('is %s', (status, made, trouble) => {
    expect(statusOf({ fleet: fleet(made), questions: [{ ...question, trouble }] })).toBe(status);
  });

  test('is unknown while an answer may be incomplete', () => {
    const questions = [{ ...question, warning: 'it warns: store-2 does not answer' }];
    expect(statusOf({ fleet: fleet(calm), questions })).toBe('unknown');
  });

  test('is unknown before the first answer', () => {
    expect(statusOf({ fleet: null, questions: [] })).toBe('unknown');
  });
});

test('without the counts the number of nodes is unknown, and nothing is made up', () => {
  const { counts: _, ...others } = answersOf(largeFleet);
  expect(fleetOf(others, new Map())).toMatchObject({ total: null, healthy: null, unjudged: null, critical: 41 });
});

test('whatever the labels and values are, every node has a reason to be there', () => {
  const labels = fc.dictionary(
    fc.constantFrom(
      'instance',
      'cluster',
      '__name__',
      'id',
      'severity',
      'rtwatch_blind',
      'daemon',
      'version',
      'kernel',
    ),
    fc.constantFrom('a', 'b', '', 'critical', 'warning', 'down', 'stale', 'rtwatch_finding', '__proto__'),
    { noNullPrototype: false },
  );
  const value = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
  const series = fc.array(
    fc.record({ labels, points: fc.array(fc.tuple(fc.nat(), value), { maxLength: 2 }) }),
  ) as fc.Arbitrary<PromSeries[]>;
  fc.assert(
    fc.property(fc.record({ findings: series, 'not seen': series, counts: series, versions: series }), (answers) => {
      const { nodes, groups, total } = fleetOf(answers, new Map());
      for (const { findings, blind } of nodes) expect(findings.length > 0 || blind !== null).toBe(true);
      for (const group of groups) expect(group.nodes.length).toBeGreaterThan(0);
      expect(new Set(nodes.map(({ key }) => key)).size).toBe(nodes.length);
      expect(total).toBeGreaterThanOrEqual(nodes.length);
    }),
  );
});
