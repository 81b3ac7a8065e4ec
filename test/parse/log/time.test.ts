import { expect, test } from 'vitest';
import { clockOf, type LogClock, localTime } from '../../../src/parse/log/time.ts';

/** The log of 2023 is read in 2026, on a machine that has UTC. */
const read: LogClock = { nowMs: Date.UTC(2026, 10, 21), utcOffsetMinutes: 0, bootAtMs: null };
const of = (...lines: string[]): LogClock => clockOf(new TextEncoder().encode(lines.join('\n')), read);
const noon = { year: null, month: 5, day: 12, time: '12:00:00' };
const at = (clock: LogClock): string | undefined => {
  const time = localTime(noon, clock);
  return time === null ? undefined : new Date(time).toISOString();
};

test('a line without a year is of the latest year that is not to come, where no other line tells it', () => {
  expect(at(of('May 12 11:18:37 node kubelet[9]: x'))).toBe('2026-05-12T12:00:00.000Z');
  expect(at(of())).toBe('2026-05-12T12:00:00.000Z');
});

// https://github.com/projectcalico/calico/issues/7647
test('a line that has its time twice tells year and zone of the others', () => {
  const clock = of(
    'May 12 11:18:37 k8s-master01 kubelet[39085]: I0512 11:18:37.276291   39085 util.go:48] "No"',
    'May 12 11:18:48 k8s-master01 containerd[1220]: time="2023-05-12T11:18:48.470993151+08:00" level=error msg="x"',
  );
  expect(at(clock)).toBe('2023-05-12T04:00:00.000Z');
});

test('a line that waited for some seconds tells the same zone; one of another hour tells none', () => {
  const line = (time: string): string => `May 12 ${time} n dockerd[1]: time="2023-05-12T11:18:48Z" level=info msg=x`;
  expect(at(of(line('16:48:55')))).toBe('2023-05-12T06:30:00.000Z');
  expect(at(of(line('11:33:48')))).toBe('2023-05-12T12:00:00.000Z');
});

test('the first line of journalctl or of a klog file tells the year, and so does a line far behind', () => {
  expect(at(of('-- Logs begin at Sun 2020-01-12 11:40:48 CST, end at Thu 2020-05-30 15:23:27 CST. --'))).toBe(
    '2020-05-12T12:00:00.000Z',
  );
  expect(at(of('-- Journal begins at Fri 2021-05-07 10:00:00 CEST, ends at Mon 2022-05-16 10:00:00 CEST. --'))).toBe(
    '2022-05-12T12:00:00.000Z',
  );
  expect(at(of('==> Last Start <==', 'Log file created at: 2024/06/21 15:09:05'))).toBe('2024-05-12T12:00:00.000Z');
  const far = 'May 12 11:18:37 node kernel: x\n'.repeat(4000);
  expect(at(of(`${far}May 12 12:00:00 node dockerd[1]: time="2021-05-12T12:00:00Z" level=info msg=x`))).toBe(
    '2021-05-12T12:00:00.000Z',
  );
});

test('a line with a whole date tells the year alone', () => {
  expect(at(of('2023-05-12T11:18:48Z node dockerd[1]: x'))).toBe('2023-05-12T12:00:00.000Z');
  expect(at(of('time="2023-01-01T00:00:00.5+01:00" level=info msg=x'))).toBe('2023-05-12T12:00:00.000Z');
  // The last days of a year beside the first of the next.
  expect(localTime({ year: null, month: 12, day: 31, time: '23:59:00' }, of('2023-01-01T00:00:10Z n a[1]: x'))).toBe(
    Date.UTC(2022, 11, 31, 23, 59),
  );
});

test('a date in what a line says tells nothing', () => {
  expect(at(of('May 12 11:18:37 node kubelet[9]: certificate has expired: 2022-01-01T00:00:00Z is before'))).toBe(
    '2026-05-12T12:00:00.000Z',
  );
});
