import { describe, expect, test } from 'vitest';
import { parseLogLine } from '../../../src/parse/log/line.ts';
import type { LogClock } from '../../../src/parse/log/time.ts';

const clock: LogClock = { nowMs: Date.UTC(2026, 10, 21, 12), utcOffsetMinutes: 60, bootAtMs: Date.UTC(2026, 10, 20) };
const at = Date.UTC(2026, 10, 21, 9, 8, 7);
const said = 'Container failed to exit within 10s of signal 15 - using the force';
const logfmt = `level=info msg="${said}" container=c30b`;
const json = JSON.stringify({ level: 'info', msg: said, container: 'c30b' });

describe('a line is the same whatever wrote its time and its program before it', () => {
  test.each([
    ['syslog with a host', `Nov 21 10:08:07 node-1 dockerd[2021]: ${logfmt}`, 'dockerd', true],
    ['syslog without a host', `Nov 21 10:08:07 dockerd[2021]: ${logfmt}`, 'dockerd', true],
    ['syslog with its priority', `<30>Nov 21 10:08:07 node-1 dockerd[2021]: ${logfmt}`, 'dockerd', true],
    ['rsyslog with an ISO time', `2026-11-21T10:08:07.000000+01:00 node-1 dockerd[2021]: ${logfmt}`, 'dockerd', false],
    ['journalctl -o short', `Nov 21 10:08:07 node-1 dockerd[2021]: ${logfmt}`, 'dockerd', true],
    ['journalctl -o short --no-hostname', `Nov 21 10:08:07 dockerd[2021]: ${logfmt}`, 'dockerd', true],
    ['journalctl -o short-precise', `Nov 21 10:08:07.000000 node-1 dockerd[2021]: ${logfmt}`, 'dockerd', true],
    ['journalctl -o short-iso', `2026-11-21T10:08:07+0100 node-1 dockerd[2021]: ${logfmt}`, 'dockerd', false],
    ['journalctl -o short-full', `Sat 2026-11-21 10:08:07 CET node-1 dockerd[2021]: ${logfmt}`, 'dockerd', false],
    ['journalctl -o short-unix', `${at / 1000}.000000 node-1 dockerd[2021]: ${logfmt}`, 'dockerd', false],
    [
      'journalctl -o json',
      JSON.stringify({
        __REALTIME_TIMESTAMP: `${at}000`,
        _SYSTEMD_UNIT: 'docker.service',
        SYSLOG_IDENTIFIER: 'dockerd',
        _PID: '2021',
        MESSAGE: logfmt,
      }),
      'dockerd',
      false,
    ],
    ['logrus text', `time="2026-11-21T09:08:07Z" ${logfmt}`, null, false],
    ['logrus JSON', json.replace('{', '{"time":"2026-11-21T09:08:07Z",'), null, false],
    ['logrus on a terminal', `INFO[2026-11-21T09:08:07Z] ${said}`, null, false],
    [
      'docker json-file',
      JSON.stringify({ log: `${logfmt}\n`, stream: 'stderr', time: '2026-11-21T09:08:07.000000000Z' }),
      null,
      false,
    ],
    ['the CRI', `2026-11-21T10:08:07.000000000+01:00 stderr F ${logfmt}`, null, false],
    ['the CRI around logrus JSON', `2026-11-21T10:08:07.000000000+01:00 stderr F ${json}`, null, false],
    ['klog', `I1121 10:08:07.000000    2021 kuberuntime.go:1] ${said}`, 'kubelet', true],
    ['klog in the journal', `Nov 21 10:08:07 n kubelet[2021]: E1121 10:08:07.000000 2021 a.go:1] ${said}`, 'kubelet', true],
    [
      'klog in rsyslog',
      `2026-11-21T10:08:07+01:00 n kubelet[2021]: E1121 10:08:07.000000 2021 a.go:1] ${said}`,
      'kubelet',
      false,
    ],
    ['a year in the line inside', `Nov 21 10:08:07 n dockerd[2021]: time="2026-11-21T09:08:07Z" ${logfmt}`, 'dockerd', false],
  ])('%s', (_, line, unit, yearInferred) => {
    const parsed = parseLogLine(line, clock);
    expect(parsed).toMatchObject({ at, message: said, unit, yearInferred });
    expect([2021, null]).toContain(parsed.pid);
  });

  test('a word with a colon that stands alone is no program', () => {
    expect(parseLogLine(`time="2026-11-21T09:08:07Z" level=error msg="a: b"`, clock).message).toBe('a: b');
  });
});
