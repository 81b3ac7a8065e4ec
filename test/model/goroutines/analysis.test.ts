import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventStreamsOf } from '../../../src/model/goroutines/event-streams.ts';
import type { Goroutine } from '../../../src/sample/goroutines.ts';
import { containerd, daemon, docker, goroutine, middleware, oldLock, report } from './goroutine.ts';

const stacks = [
  [`${daemon('Kill')}(0xc00013e9a0?, 0xc000055b00)`, `${daemon('containerStop')}(0x1, 0xc000055b00)`, ...middleware],
  [`${daemon('Kill')}(0xc00013e9a0?, 0xc000e04900)`, `${daemon('containerStop')}(0x1, 0xc000e04900)`, ...middleware],
  [`${docker}container.(*State).Wait.func1()`],
  [...oldLock('0xc000000100'), daemon('ContainerInspectCurrent'), ...middleware],
  [...oldLock('0xc00045c638'), 'go.etcd.io/bbolt.(*DB).beginRWTx(0x1)', `${containerd}metadata.(*DB).Update(0x1)`],
  ['main.main()'],
  [],
];

const anyGoroutine: fc.Arbitrary<Goroutine> = fc
  .record({
    stack: fc.constantFrom(...stacks),
    state: fc.constantFrom('chan receive', 'select', 'semacquire', 'running', null),
    waitMinutes: fc.option(fc.nat(500)),
    count: fc.integer({ min: 1, max: 5 }),
    lockedToThread: fc.boolean(),
    createdBy: fc.constantFrom(null, `${docker}container.(*State).Wait`),
  })
  .map(({ stack, ...change }) => goroutine(stack, change));

describe('the report of a dump', () => {
  test('has the counts of its groups, their patterns and their meaning', () => {
    const dump = report([goroutine(stacks[0] ?? []), goroutine(stacks[1] ?? []), goroutine(['main.main()'])]);
    expect(dump).toMatchObject({ total: 3, partial: false, error: null, form: 'debug2' });
    expect(dump.groups).toMatchObject([
      { count: 2, pattern: 'stop-waits-for-exit', delta: null },
      { count: 1, pattern: null, delta: null },
    ]);
    const stop = dump.patterns.find(({ id }) => id === 'stop-waits-for-exit');
    expect(stop).toMatchObject({ count: 2, subjects: 2, noun: 'container', harmless: false });
    expect(stop?.references).toContain('https://github.com/moby/moby/pull/42956');
  });

  test('takes over how the dump ended', () => {
    expect(report([], { total: 900, partial: true, error: 'line 12: cut off' })).toEqual({
      total: 900,
      partial: true,
      error: 'line 12: cut off',
      form: 'debug2',
      groups: [],
      patterns: [],
      locks: [],
      hasMain: false,
      program: null,
      abort: null,
    });
  });

  test('is partial without goroutine 1, which every whole dump has; forms without ids do not say', () => {
    const excerpt = report([goroutine(['main.a(0x1)'], { id: 7 })]);
    expect(excerpt).toMatchObject({ partial: true, error: expect.stringContaining('goroutine 1') });
    expect(report([goroutine(['main.a(0x1)'], { id: 1 })])).toMatchObject({ partial: false, error: null });
    expect(report([goroutine(['main.a'], { id: null })])).toMatchObject({ partial: false, error: null });
  });

  test('names a group after what most of it does', () => {
    const stop = stacks[0] ?? [];
    const { groups } = report([
      goroutine(stop.slice(0, 2), { state: 'running', count: 3 }),
      goroutine(stop.slice(0, 2), { count: 2 }),
    ]);
    expect(groups).toMatchObject([{ count: 5, pattern: 'stop-waits-for-exit' }]);
  });

  test('still counts patterns beyond the stacks that are kept', () => {
    const noise = [goroutine(['a.a()']), goroutine(['a.b()'])];
    const { groups, patterns } = report([...noise, goroutine(stacks[0] ?? [], { count: 9 })], {}, 2);
    expect(groups[0]).toMatchObject({ isRest: true, count: 9, pattern: null });
    expect(patterns.find(({ id }) => id === 'stop-waits-for-exit')).toMatchObject({ count: 9, subjects: 1 });
  });

  test('is the same in whatever order the goroutines come', () => {
    fc.assert(
      fc.property(fc.array(anyGoroutine, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (goroutines, chance) => {
        const shuffled = goroutines
          .map((each) => ({ each, rank: Number(chance.next().value) }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ each }) => each);
        expect(report(shuffled)).toEqual(report(goroutines));
      }),
    );
  });

  test('never counts less when goroutines are added', () => {
    fc.assert(
      fc.property(
        fc.array(anyGoroutine, { maxLength: 20 }),
        fc.array(anyGoroutine, { maxLength: 10 }),
        (some, more) => {
          const before = report(some);
          const after = report([...some, ...more]);
          for (const { id, count, subjects } of before.patterns) {
            const now = after.patterns.find((pattern) => pattern.id === id);
            expect(now?.count).toBeGreaterThanOrEqual(count);
            expect(now?.subjects ?? 0).toBeGreaterThanOrEqual(subjects ?? 0);
          }
          const sum = (groups: readonly { count: number }[]): number =>
            groups.reduce((all, { count }) => all + count, 0);
          expect(sum(before.groups)).toBe(before.total);
          expect(sum(after.groups)).toBe(after.total);
          expect(after.groups.length).toBeGreaterThanOrEqual(before.groups.length);
        },
      ),
    );
  });
});

describe('the event stream', () => {
  const stream = goroutine([`${docker}libcontainerd/remote.(*client).processEventStream(0x1)`], { state: 'select' });
  const dockerd = goroutine(['main.(*DaemonCli).start(0x1)', 'main.main()']);

  test('is present when both are there', () => {
    expect(eventStreamsOf(report([dockerd, stream, stream]))).toEqual({ status: 'present', count: 2, because: null });
  });

  test('is incomplete with one, and missing with none', () => {
    expect(eventStreamsOf(report([dockerd, stream]))).toMatchObject({ status: 'incomplete', count: 1 });
    expect(eventStreamsOf(report([dockerd]))).toMatchObject({ status: 'missing', count: 0 });
    expect(eventStreamsOf(report([goroutine([daemon('execCommandGC')]), dockerd])).status).toBe('missing');
  });

  test('is unknown in an excerpt: what is absent proves nothing without main.main', () => {
    expect(eventStreamsOf(report([goroutine([daemon('execCommandGC')], { id: null })]))).toMatchObject({
      status: 'unknown',
      because: expect.stringContaining('main.main'),
    });
  });

  test('is unknown in a dump that is not whole, or not of dockerd', () => {
    expect(eventStreamsOf(report([dockerd], { partial: true }))).toMatchObject({
      status: 'unknown',
      because: 'the dump is not whole',
    });
    expect(eventStreamsOf(report([goroutine([`${containerd}services/server.(*Server).ServeGRPC`])]))).toMatchObject({
      status: 'unknown',
      because: 'this is not a dump of dockerd',
    });
  });
});
