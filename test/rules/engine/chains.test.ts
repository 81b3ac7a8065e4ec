import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChainLink, chainLinks } from '../../../src/rules/engine/chain-links.ts';
import { chain } from '../../../src/rules/engine/chains.ts';
import type { Diagnosis } from '../../../src/rules/engine/diagnosis.ts';
import type { Finding, Subjects } from '../../../src/rules/engine/rule.ts';
import { withKeys } from '../../../src/rules/engine/run.ts';
import { finding } from '../../support/findings.ts';
import { idOf } from '../../support/samples.ts';

const chained = (findings: readonly Finding[], links?: readonly ChainLink[]) => chain(withKeys(findings), links);
/** `id < its causes`, indented as deep as it is told. */
const outline = (findings: readonly Finding[], links?: readonly ChainLink[]): string[] =>
  chained(findings, links).map(
    ({ id, depth, causes }) =>
      `${'  '.repeat(depth)}${id}${causes.length === 0 ? '' : ` < ${causes.map((key) => key.split(' ')[0]).join(', ')}`}`,
  );

const about: Subjects = {
  containers: [idOf('a')],
  pids: [7],
  mounts: ['/data'],
  devices: ['vda'],
  daemons: ['dockerd'],
};
const other: Subjects = {
  containers: [idOf('b')],
  pids: [8],
  mounts: ['/srv'],
  devices: ['vdb'],
  daemons: ['containerd'],
};

describe('each pair of the table', () => {
  test.each(chainLinks.map((link) => [`${link.effect} < ${link.cause}`, link] as const))(
    '%s: the cause is told first, and its effect below it',
    (_, { effect, cause, beside }) => {
      const ordered = chained([finding(effect, about), finding(cause, about)]);
      expect(ordered.map(({ id, depth }) => [id, depth])).toEqual([
        [cause, 0],
        [effect, 1],
      ]);
      expect(ordered[1]?.causes).toEqual(beside ? [] : [ordered[0]?.key]);
      expect(ordered[0]?.causes).toEqual([]);
    },
  );

  test.each(chainLinks.map((link) => [`${link.effect} < ${link.cause}`, link] as const))(
    '%s: they stand alone when they are about different things',
    (_, { effect, cause }) => {
      const ordered = chained([finding(effect, about), finding(cause, other)]);
      expect(ordered.map(({ depth, causes }) => [depth, causes])).toEqual([
        [0, []],
        [0, []],
      ]);
    },
  );

  test('never leads back to where it began', () => {
    const causesOf = (id: string): string[] =>
      chainLinks.filter(({ effect }) => effect === id).map(({ cause }) => cause);
    const reach = (id: string, seen: readonly string[]): void => {
      expect(seen).not.toContain(id);
      for (const cause of causesOf(id)) reach(cause, [...seen, id]);
    };
    for (const { effect } of chainLinks) reach(effect, []);
  });

  test('is in it once', () => {
    const pairs = chainLinks.map(({ effect, cause }) => `${effect} < ${cause}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });
});

describe('a chain', () => {
  test('goes from the container that cannot exit to the descriptors that run out', () => {
    expect(
      outline([
        finding('fd-exhaustion', { daemons: ['dockerd'] }),
        finding('growing-heap', { daemons: ['dockerd'] }, { severity: 'warning' }),
        finding('goroutine-leak-on-stop', { daemons: ['dockerd'], containers: [idOf('a')] }),
        finding('unkillable-container', { containers: [idOf('a')], pids: [7] }),
      ]),
    ).toEqual([
      'unkillable-container',
      '  goroutine-leak-on-stop < unkillable-container',
      '    fd-exhaustion < goroutine-leak-on-stop',
      '    growing-heap < goroutine-leak-on-stop',
    ]);
  });

  test('is reported at its longest way, and all causes are named', () => {
    expect(
      outline([
        finding('unkillable-container', { containers: [idOf('a')], devices: ['/dev/vda'] }),
        finding('stalled-task-delete', { containers: [idOf('a')] }),
        finding('io-pressure', { devices: ['vda'] }, { severity: 'warning' }),
      ]),
    ).toEqual([
      'io-pressure',
      '  stalled-task-delete < io-pressure',
      '    unkillable-container < stalled-task-delete, io-pressure',
    ]);
  });

  test('with the worst in it comes first, and what only informs last', () => {
    expect(
      outline([
        finding('risky-configuration', {}, { severity: 'info' }),
        finding('unreaped-zombie', {}, { severity: 'warning' }),
        finding('leaked-mount', { containers: [idOf('c')] }, { severity: 'warning' }),
        finding('stuck-removal', { containers: [idOf('c')] }),
      ]),
    ).toEqual(['leaked-mount', '  stuck-removal < leaked-mount', 'unreaped-zombie', 'risky-configuration']);
  });

  test('has an outdated engine beside the leak that it makes unbounded, when that one is more than a hint', () => {
    const leak = finding('goroutine-leak-on-stop', { daemons: ['dockerd'] });
    const outdated = finding('outdated-engine', { daemons: ['dockerd'] }, { severity: 'warning' });
    expect(outline([outdated, leak])).toEqual(['goroutine-leak-on-stop', '  outdated-engine']);
    expect(outline([{ ...outdated, severity: 'info' }, leak])).toEqual(['goroutine-leak-on-stop', 'outdated-engine']);
  });

  test('of one container is not that of another', () => {
    const containers = ['a', 'b', 'c'].map(idOf);
    const ordered = chained([
      ...containers.map((id) => finding('stuck-removal', { containers: [id] })),
      finding('leaked-mount', { containers: containers.slice(1) }),
    ]);
    expect(ordered.map(({ id, depth }) => `${depth} ${id}`)).toEqual([
      '0 stuck-removal',
      '0 leaked-mount',
      '1 stuck-removal',
      '1 stuck-removal',
    ]);
  });

  test('does not hold against what the finding itself rules out', () => {
    const ruledOut = [{ id: 'leaked-mount', because: 'the error is another' }];
    expect(
      outline([finding('stuck-removal', about, { ruledOut }), finding('leaked-mount', about, { severity: 'warning' })]),
    ).toEqual(['stuck-removal', 'leaked-mount']);
  });

  test('joins by node where the table says so, and by what is not named', () => {
    const links: ChainLink[] = [{ effect: 'b', cause: 'a', join: ['node'] }];
    expect(outline([finding('b', about), finding('a', other)], links)).toEqual(['a', '  b < a']);
    expect(
      outline([
        finding('stalled-task-delete', { containers: [idOf('a')] }),
        finding('io-pressure', { devices: ['vda'] }),
      ]),
    ).toEqual(['io-pressure', '  stalled-task-delete < io-pressure']);
  });

  test('that a faulty table bends into a ring is cut open', () => {
    const links: ChainLink[] = [
      { effect: 'a', cause: 'b', join: ['node'] },
      { effect: 'b', cause: 'c', join: ['node'] },
      { effect: 'c', cause: 'a', join: ['node'] },
      { effect: 'a', cause: 'a', join: ['node'] },
    ];
    expect(
      outline(
        ['a', 'b', 'c'].map((id) => finding(id)),
        links,
      ),
    ).toEqual(['c', '  b < c', '    a < b']);
  });

  test('names at its root all that follows from it, also through others, and is as severe as the worst of these', () => {
    const ordered = chained([
      finding('fd-exhaustion', { daemons: ['dockerd'] }),
      finding('goroutine-leak-on-stop', { daemons: ['dockerd'], containers: [idOf('a')] }, { severity: 'warning' }),
      finding('unkillable-container', { containers: [idOf('a')], pids: [7] }, { severity: 'warning' }),
      finding('outdated-engine', { daemons: ['dockerd'] }, { severity: 'info' }),
    ]);
    const [root, leak, descriptors, beside] = ordered;
    expect(root).toMatchObject({ severity: 'critical', consequences: [leak?.key, descriptors?.key] });
    expect(leak).toMatchObject({ severity: 'critical', consequences: [descriptors?.key] });
    expect(descriptors?.consequences).toEqual([]);
    expect(beside).toMatchObject({ severity: 'info', consequences: [] });
  });

  test('of a dead mount has one root, with the thirty containers that hang on it', () => {
    const containers = Array.from({ length: 30 }, (_, n) =>
      finding('unkillable-container', { containers: [`c${n}`], pids: [n] }),
    );
    const mount = finding(
      'frozen-filesystem',
      { mounts: ['/data'], pids: containers.map((_, n) => n) },
      { severity: 'warning' },
    );
    const ordered = chained([...containers, mount]);
    expect(ordered.filter(({ depth }) => depth === 0).map(({ id }) => id)).toEqual(['frozen-filesystem']);
    expect(ordered[0]?.consequences).toHaveLength(30);
    expect(ordered.slice(1).every(({ causes }) => causes[0] === ordered[0]?.key)).toBe(true);
  });

  test('of thousands reads each finding as often as one of hundreds does', () => {
    /** @returns the chain of a leak behind so many, and how often the subjects of a finding were read */
    const leakBehind = (count: number): { ordered: Diagnosis[]; reads: number } => {
      let reads = 0;
      const many = Array.from({ length: count }, (_, n) => finding('unkillable-container', { containers: [`${n}`] }));
      const leak = finding('goroutine-leak-on-stop', { containers: many.map((_, n) => `${n}`), daemons: ['dockerd'] });
      const counted = withKeys([...many, leak]).map((keyed) =>
        Object.defineProperty({ ...keyed }, 'subjects', {
          enumerable: true,
          get: () => {
            reads++;
            return keyed.subjects;
          },
        }),
      );
      return { ordered: chain(counted), reads };
    };
    const { ordered, reads } = leakBehind(3000);
    expect(reads / 3001).toBeCloseTo(leakBehind(300).reads / 301, 1);
    expect(ordered).toHaveLength(3001);
    expect(ordered[1]).toMatchObject({ id: 'goroutine-leak-on-stop', depth: 1 });
    expect(ordered[1]?.causes).toHaveLength(3000);
  });
});

const ids = [...new Set(chainLinks.flatMap(({ effect, cause }) => [effect, cause]))];
const some = <T>(...all: T[]) => fc.subarray(all);
const anyFinding = fc
  .record({
    id: fc.constantFrom(...ids),
    severity: fc.constantFrom('critical', 'warning', 'info'),
    containers: some('a', 'b'),
    pids: some(1, 2),
    devices: some('vda', '/dev/vdb'),
    daemons: some('dockerd', 'containerd'),
  })
  .map(({ id, severity, ...subjects }) => finding(id, subjects, { severity: severity as Finding['severity'] }));

test('whatever is found: each is reported once, below one that explains it, and no cause is unknown', () => {
  fc.assert(
    fc.property(fc.array(anyFinding, { maxLength: 25 }), (findings) => {
      const ordered = chained(findings);
      const keys = ordered.map(({ key }) => key);
      expect(keys.toSorted()).toEqual(
        withKeys(findings)
          .map(({ key }) => key)
          .toSorted(),
      );
      expect(new Set(keys).size).toBe(keys.length);
      for (const [place, { depth, causes, severity }] of ordered.entries()) {
        for (const cause of causes) expect(keys).toContain(cause);
        expect(depth).toBeLessThanOrEqual((ordered[place - 1]?.depth ?? -1) + 1);
        if (severity === 'info') expect(depth).toBe(0);
      }
      expect(chained(findings)).toEqual(ordered);
    }),
    { numRuns: 500 },
  );
});
