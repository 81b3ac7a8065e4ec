import { expect, test } from 'vitest';
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
