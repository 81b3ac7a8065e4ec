import { describe, expect, test } from 'vitest';
import type { Goroutine } from '../../../../src/sample/goroutines.ts';
import { docker, goroutine, report } from '../goroutine.ts';

const syslog = 'log/syslog.(*Writer)';
const lock = 'sync.(*Mutex).Lock(0xc208d39608)';
const close = goroutine([lock, `${syslog}.Close(0xc208d395c0)`], { id: 63, state: 'semacquire' });
const write = goroutine([lock, `${syslog}.writeAndRetry(0xc208d395c0)`], { id: 64, state: 'semacquire' });
const logged = `${docker}daemon/logger/syslog.(*syslogger).Log(0xc208cc0c58)`;
const holder = goroutine(
  ['net.Dial(0xf6bd90)', `${syslog}.connect(0xc208d395c0)`, `${syslog}.writeAndRetry(0xc208d395c0)`, logged],
  { id: 65, state: 'IO wait' },
);
const main: Goroutine = goroutine(['main.main'], { id: 1 });

test('in a few goroutines that were pasted each wait for a lock is reported, and a holder in the standard library', () => {
  expect(report([close, write, holder]).locks).toMatchObject([
    { address: '0xc208d39608', waiters: 2, holder: { goroutine: 65 } },
  ]);
});

test('in a whole dump waits of a moment are omitted', () => {
  expect(report([main, close, write, holder]).locks).toEqual([]);
});

test('in a large part of a dump waits of a moment are omitted', () => {
  const others = Array.from({ length: 30 }, (_, n) => goroutine(['main.serve'], { id: 100 + n, state: 'select' }));
  expect(report([close, write, holder, ...others]).locks).toEqual([]);
});

describe('a container whose lock is held without a wait of Go’s own', () => {
  const container = '0xc4201ca400';
  const wanter = (id: number): Goroutine =>
    goroutine(
      [
        'sync.(*Mutex).Lock(0xc4201ca408)',
        `${docker}daemon.(*Daemon).reducePsContainer(0xc420428000, ${container}, 0x1)`,
      ],
      { id, state: 'semacquire', waitMinutes: 9 },
    );
  const busy = (...calls: readonly string[]): Goroutine =>
    goroutine([...calls, `${docker}daemon.(*Daemon).ContainerRm(0xc420428000, 0xc42b1e2f50)`], {
      id: 73750,
      state: 'runnable',
    });

  // https://github.com/moby/moby/issues/32809
  test('is held by what writes its configuration to the disk', () => {
    const sync = busy('syscall.Fsync(0x6)', `${docker}container.(*Container).ToDisk(${container})`);
    expect(report([wanter(1), wanter(2), sync]).locks).toMatchObject([
      { waiters: 2, holder: { goroutine: 73750, probably: false } },
    ]);
  });

  // https://github.com/moby/moby/issues/25993
  test('is held by docker ps --size, which measures its layer', () => {
    const size = busy(
      'os.Lstat(0xc82a3ae1e0)',
      `${docker}daemon.(*Daemon).getSize(0xc420428000, ${container})`,
      `${docker}daemon.(*Daemon).transformContainer(0xc420428000, ${container}, 0x1)`,
    );
    expect(report([wanter(1), size]).locks).toMatchObject([{ holder: { goroutine: 73750 } }]);
  });

  test('is not held by what writes another one, nor by a removal that only names it', () => {
    const other = busy('syscall.Fsync(0x6)', `${docker}container.(*Container).ToDisk(0xc4209f0000)`);
    const removal = busy(
      'os.Lstat(0x1)',
      `${docker}daemon.(*Daemon).cleanupContainer(0xc420428000, ${container}, 0x1)`,
    );
    expect(report([wanter(1), other]).locks).toMatchObject([{ holder: null }]);
    expect(report([wanter(1), removal]).locks).toMatchObject([{ holder: null }]);
  });
});
