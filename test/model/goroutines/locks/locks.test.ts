import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DumpAnalysis, type DumpReport } from '../../../../src/model/goroutines/analysis.ts';
import { Debug1Parser } from '../../../../src/parse/go/goroutines/debug1.ts';
import { Debug2Parser } from '../../../../src/parse/go/goroutines/debug2.ts';
import { recording } from '../../../parse/go/goroutines/recordings.ts';
import { docker, goroutine, oldLock, readLock, report } from '../goroutine.ts';
import { lockWorld } from './world.ts';

const main = goroutine(['main.main()'], { state: 'select' });
const store = 'example.org/program/store.(*Store)';
const cache = 'example.org/program/cache.(*Cache)';
const waiter = (
  id: number,
  address: string,
  func: string,
  object: string,
  waitMinutes: number | null = 20,
  ...outer: string[]
) => goroutine([...oldLock(address), `${func}(${object})`, ...outer], { id, state: 'semacquire', waitMinutes });

describe('the holder of a lock', () => {
  test('is found among decoys, and never another one', () => {
    fc.assert(
      fc.property(lockWorld, fc.boolean(), ({ lock, waiters, holder, decoys }, isThere) => {
        const { locks } = report([main, ...decoys, ...waiters, ...(isThere ? [holder] : [])]);
        const found = locks.find(({ address }) => address === lock);
        expect(found?.waiters).toBe(waiters.length);
        if (isThere) expect(found?.holder).toMatchObject({ goroutine: 55 });
        else expect(found?.holder).toBeNull();
        expect(found?.deadlock).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('can be the waiter itself: further out it is past where another waiter shows that the lock is taken', () => {
    const inner = waiter(36, '0xc000b10020', `${store}.Drop`, '0xc000b10000', 202, `${store}.Close(0xc000b10000)`);
    const other = waiter(40, '0xc000b10020', `${store}.Close`, '0xc000b10000', 30);
    // Close of the other one waits at line 13, that of the first is at line 14 and has called Drop.
    expect(report([main, inner, other]).locks).toMatchObject([
      { deadlock: [36], holder: { goroutine: 36, probably: true } },
    ]);
    // Healthy twins: a method of the object that is not known to take the lock, and one of another object.
    const twin = waiter(36, '0xc000b10020', `${store}.Drop`, '0xc000b10000', 202, `${store}.Range(0xc000b10000)`);
    expect(report([main, twin, other]).locks).toMatchObject([{ deadlock: [], holder: null }]);
    const apart = waiter(36, '0xc000b10020', `${store}.Drop`, '0xc000b10000', 202, `${store}.Close(0xc000c20000)`);
    expect(report([main, apart, other]).locks).toMatchObject([{ deadlock: [], holder: null }]);
  });

  // https://github.com/containerd/containerd/issues/9103
  test('is a create of a shim that handles the exit of its own process', () => {
    const service = 'github.com/containerd/containerd/runtime/v2/runc/task.(*service)';
    const outer = [`${service}.handleStarted(0xc000024a80)`, `${service}.Create(0xc000024a80)`];
    const itself = waiter(36, '0xc000024a80', `${service}.handleProcessExit`, '0xc000024a80', 202, ...outer);
    const { locks } = report([main, itself]);
    expect(locks).toMatchObject([{ deadlock: [36], name: 'the lock of the shim’s task service' }]);
  });

  test('is reported with what it does, how long, and where it took the lock', () => {
    const holder = goroutine(
      [
        'sync.runtime_Semacquire(0xc005964560)',
        'sync.(*WaitGroup).Wait(0xc005964558)',
        'example.org/fluent.(*Fluent).Close(0xc0059644d0)',
        `${store}.Drop(0xc000b10000)`,
      ],
      { id: 1908, state: 'semacquire', waitMinutes: 53 },
    );
    const { locks } = report([main, waiter(7, '0xc000b10020', `${store}.Get`, '0xc000b10000'), holder]);
    expect(locks).toMatchObject([
      {
        name: 'the lock of a store.Store',
        kind: 'mutex',
        holder: {
          goroutine: 1908,
          doing: 'fluent.(*Fluent).Close',
          waitMinutes: 53,
          path: ['fluent.(*Fluent).Close', 'store.(*Store).Drop'],
        },
      },
    ]);
  });

  test('is not one that has not come to the call of Lock yet', () => {
    const early = goroutine(['example.org/other.Read(0x1)', `${store}.Get(0xc000b10000)`, 'main.serve()'], {
      id: 9,
      state: 'IO wait',
      waitMinutes: 30,
    });
    const frames = early.frames.map((frame, n) => (n === 1 ? { ...frame, line: 3 } : frame));
    const { locks } = report([main, waiter(7, '0xc000b10020', `${store}.Get`, '0xc000b10000'), { ...early, frames }]);
    expect(locks[0]?.holder).toBeNull();
  });

  test('of several as likely ones is none, and all are named', () => {
    const inside = (id: number) =>
      goroutine(['example.org/other.Read(0x1)', `${store}.Put(0xc000b10000)`, 'main.serve()'], {
        id,
        state: 'IO wait',
        waitMinutes: 30,
      });
    const { locks } = report([main, waiter(7, '0xc000b10020', `${store}.Get`, '0xc000b10000'), inside(8), inside(9)]);
    expect(locks[0]).toMatchObject({ holder: null, candidates: [{ goroutine: 8 }, { goroutine: 9 }] });
  });
});

describe('locks behind locks', () => {
  const first = ['0xc000b10000', '0xc000b10020'] as const;
  const second = ['0xc000c10000', '0xc000c10040'] as const;

  test('are followed to what waits for something else', () => {
    const holder = waiter(8, second[1], `${cache}.Load`, second[0], 25, `${store}.Put(${first[0]})`, 'main.serve()');
    const last = goroutine(['golang.org/x/sys/unix.Unmount(0x1)', `${cache}.Drop(${second[0]})`, 'main.serve()'], {
      id: 9,
      state: 'syscall',
      waitMinutes: 26,
    });
    const { locks } = report([main, waiter(7, first[1], `${store}.Get`, first[0]), holder, last]);
    const lock = locks.find(({ address }) => address === first[1]);
    expect(lock).toMatchObject({ holder: { goroutine: 8, waitsFor: second[1] }, deadlock: [] });
    expect(lock?.chain).toMatchObject([{ lock: second[1], holder: { goroutine: 9, doing: 'unix.Unmount' } }]);
  });

  test('held crosswise are a deadlock', () => {
    const one = waiter(8, second[1], `${cache}.Load`, second[0], 25, `${store}.Put(${first[0]})`, 'main.serve()');
    const other = waiter(9, first[1], `${store}.Get`, first[0], 25, `${cache}.Evict(${second[0]})`, 'main.evict()');
    const { locks } = report([main, one, other, waiter(7, first[1], `${store}.Get`, first[0])]);
    for (const lock of locks) expect(lock.deadlock.toSorted()).toEqual([8, 9]);
    expect(locks).toHaveLength(2);
  });
});

describe('a lock for readers and writers', () => {
  test('is one lock, although its readers show no address', () => {
    const reader = (id: number) =>
      goroutine([...readLock, `${store}.Get(0xc000b10000)`], { id, state: 'sync.RWMutex.RLock', waitMinutes: 12 });
    const writer = goroutine(
      [
        'sync.runtime_SemacquireRWMutex(0x0?, 0x0?, 0x0?)',
        'sync.(*RWMutex).Lock(0xc000b10020)',
        `${store}.Set(0xc000b10000)`,
      ],
      { id: 5, state: 'sync.RWMutex.Lock', waitMinutes: 13 },
    );
    const { locks } = report([main, reader(6), reader(7), writer]);
    expect(locks).toMatchObject([
      { address: '0xc000b10020', kind: 'rwmutex', waiters: 3, readers: 2, pendingWriter: 5 },
    ]);
  });

  test.each([
    ['Go 1.6, Mutex', ['sync.runtime_Semacquire(0xc820482bd4)', 'sync.(*Mutex).Lock(0xc820482bd0)'], '0xc820482bd0'],
    ['Go 1.4, Mutex', ['sync.(*Mutex).Lock(0xc208961650)'], '0xc208961650'],
    [
      'Go 1.10, RWMutex',
      ['sync.runtime_Semacquire(0xc421056a74)', 'sync.(*RWMutex).RLock(0xc421056a68)'],
      '0xc421056a68',
    ],
    [
      'Go 1.10, RWMutex inlined',
      ['sync.runtime_Semacquire(0xc421056a74)', 'sync.(*RWMutex).RLock(...)'],
      '0xc421056a68',
    ],
    ['Go 1.13', oldLock('0xc000055b00'), '0xc000055b00'],
  ])('has its address in %s', (_, lines, address) => {
    const { locks } = report([
      main,
      goroutine([...lines, `${store}.Get(0xc000000000)`], { id: 5, state: 'semacquire', waitMinutes: 3 }),
    ]);
    expect(locks).toMatchObject([{ address, waiters: 1 }]);
  });

  test('is no WaitGroup and no Cond', () => {
    const waits = [
      ['sync.runtime_Semacquire(0xc005964560)', 'sync.(*WaitGroup).Wait(0xc005964558)', 'main.f()'],
      ['sync.runtime_notifyListWait(0xc005964560)', 'sync.(*Cond).Wait(0xc005964558)', 'main.f()'],
    ];
    expect(
      report([main, ...waits.map((lines) => goroutine(lines, { state: 'semacquire', waitMinutes: 99 }))]).locks,
    ).toEqual([]);
  });
});

describe('nothing is said', () => {
  test('of short contention', () => {
    const few = Array.from({ length: 9 }, (_, n) =>
      waiter(n + 2, '0xc000b10020', `${store}.Get`, '0xc000b10000', null),
    );
    expect(report([main, ...few]).locks).toEqual([]);
  });

  test.each(['stop-leak-t0.dockerd', 'stop-leak-t1.dockerd', 'stop-leak-t2.dockerd'])(
    'of %s, where no lock is held',
    (name) => {
      expect(read(name).locks).toEqual([]);
    },
  );
});

test('of a real dump the holder of the database is the one in fsync', () => {
  const { locks } = read('containerd-hang-t2.containerd');
  const database = locks.find(({ name }) => name.includes('database'));
  expect(database?.holder?.path.join(' ')).toMatch(/Commit|Fsync|fdatasync|Sync/);
  expect(locks.flatMap(({ deadlock }) => deadlock)).toEqual([]);
});

test('without addresses the holder is reported by its functions, with less certainty', () => {
  const waiting = goroutine(
    [
      'sync.runtime_SemacquireMutex',
      'sync.(*Mutex).lockSlow',
      'sync.(*Mutex).Lock',
      `${docker}layer.(*layerStore).CreateRWLayer`,
    ],
    { id: null, state: null, count: 60 },
  );
  const holder = goroutine(
    [
      'syscall.Syscall',
      'golang.org/x/sys/unix.Unmount',
      `${docker}daemon/graphdriver/overlay2.(*Driver).Put`,
      `${docker}layer.(*layerStore).CreateRWLayer`,
      `${docker}daemon.(*Daemon).create`,
    ],
    { id: null, state: null },
  );
  const { locks } = report([waiting, holder], { form: 'debug1' });
  expect(locks).toMatchObject([
    {
      name: 'the lock of the layer store',
      waiters: 60,
      address: null,
      isFolded: true,
      holder: { goroutine: null, doing: 'unix.Unmount', probably: true },
    },
  ]);
});

test('a million goroutines are held in bounded memory', () => {
  const analysis = new DumpAnalysis();
  const leak = goroutine([`${store}.Get(0xc000b10000)`], { id: 5 });
  const stuck = waiter(7, '0xc000b10020', `${store}.Get`, '0xc000b10000');
  for (let n = 0; n < 300_000; n++) analysis.add(n % 2 === 0 ? leak : stuck);
  const { locks } = analysis.finish({ form: 'debug2', total: 300_000, partial: false, error: null });
  expect(locks).toMatchObject([{ waiters: 150_000 }]);
});

function read(name: string): DumpReport {
  const analysis = new DumpAnalysis();
  const isFolded = !fs.existsSync(new URL(`../../../recordings/goroutines/${name}.debug2.txt.gz`, import.meta.url));
  const parser = isFolded ? new Debug1Parser((one) => analysis.add(one)) : new Debug2Parser((one) => analysis.add(one));
  parser.feed(recording(`${name}.${isFolded ? 'debug1' : 'debug2'}.txt`).toString());
  return analysis.finish(parser.end());
}
