import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLogLine } from '../../../src/parse/log/line.ts';
import type { LogClock } from '../../../src/parse/log/time.ts';
import { anyText, expectNoHang, expectToBear } from '../any-text.ts';

const clock: LogClock = {
  nowMs: Date.UTC(2026, 10, 21, 12),
  utcOffsetMinutes: 0,
  bootAtMs: Date.UTC(2026, 10, 21, 6),
};
const parse = (line: string, change: Partial<LogClock> = {}) => parseLogLine(line, { ...clock, ...change });
const at = Date.UTC(2026, 10, 21, 6, 42, 1);
const id = 'c30bc32ac3030bdd789834d1212db4ab0ceb9c9bb572670a709b571805300d91';

const logfmt = `time="2026-11-21T06:42:01.123456789Z" level=info msg="Container failed to exit within 10s of signal 15 - using the force" container=${id}`;
const journal = JSON.stringify({
  __CURSOR: 's=1;i=2',
  __REALTIME_TIMESTAMP: '1795243321123456',
  _TRANSPORT: 'stdout',
  _SYSTEMD_UNIT: 'docker.service',
  SYSLOG_IDENTIFIER: 'dockerd',
  _PID: '25893',
  MESSAGE: logfmt,
});
const klog = `E1121 06:42:01.123456    1234 remote_runtime.go:276] "StopContainer from runtime service failed" err="rpc error" containerID="${id}"`;
const samples = [
  logfmt,
  journal,
  klog,
  `Nov 21 06:42:01 node-7 dockerd[25893]: ${logfmt}`,
  `2026-11-21T06:42:01.123456+00:00 node-7 kubelet[77]: ${klog}`,
  `{"level":"error","msg":"a \\"b\\"","time":"2026-11-21T06:42:01Z","error":"c"}`,
  '[ 2521.123456] INFO: task dd:24852 blocked for more than 120 seconds.',
  '[Sat Nov 21 06:42:01 2026] INFO: task dd:24852 blocked for more than 120 seconds.',
];

test.each([
  ['of dmesg -H, its first', '[Sep11 18:40] INFO: task dd:1', Date.UTC(2026, 8, 11, 18, 40)],
  ['of dmesg -H, the next', '[  +0.000015] INFO: task dd:1', null],
  ['of dmesg -H -T -x', 'kern  :info  : [  +0.010370] [Sat Nov 21 06:42:01 2026] [T88870] INFO: task dd:1', at],
  ['with the task that wrote it', '[ 2521.000000][  T129] INFO: task dd:1', at],
  ['of talosctl dmesg', '10.0.0.9: kern:   alert: [2026-11-21T06:42:01Z]: INFO: task dd:1', at],
  ['of the syslog of LinuxKit', '2026-11-21 06:42:01 +0000 UTC kern.alert kernel: INFO: task dd:1', at],
  ['of logread', 'Sat Nov 21 06:42:01 2026 kern.warn kernel: [ 2521.643812] INFO: task dd:1', at],
  ['of a journal without times', 'kernel: INFO: task dd:1', null],
  ['of dmesg -T in German', '[Sa Nov 21 06:42:01 2026] INFO: task dd:1', at],
  ['of dmesg -T in French', '[sam. nov. 21 06:42:01 2026] INFO: task dd:1', at],
  ['of dmesg -T in Chinese', '[六 11月 21 06:42:01 2026] INFO: task dd:1', at],
  ['of the journal in Chinese', '11月 21 06:42:01 node-7 kernel: INFO: task dd:1', at],
  ['of the journal in French', 'nov. 21 06:42:01 node-7 kernel: INFO: task dd:1', at],
  ['of dmesg -T in an unknown language', '[Sze Lis 21 06:42:01 2026] INFO: task dd:1', null],
  ['through a relay', 'Nov 21 06:42:01 127.0.0.1 node-7 kernel: [ 2521.1] INFO: task dd:1', at],
  ['of vmcore-dmesg', '<4>INFO: task dd:1', null],
  ['quoted with the numbers of its lines', '> 247 [ 2521.000000] INFO: task dd:1', at],
  ['of cat -n', '   247\t[ 2521.000000] INFO: task dd:1', at],
  ['of grep -n', '1261929:Nov 21 06:42:01 node-7 kernel: INFO: task dd:1', at],
  ['around one of grep -n', '1262024-Nov 21 06:42:01 node-7 kernel: INFO: task dd:1', at],
  ['indented', '    Nov 21 06:42:01 kernel: [ 2521.921740] INFO: task dd:1', at],
  ['of audit.log', 'node=n7 type=AVC msg=audit(1795243321.000:235338): INFO: task dd:1', at],
  ['of syslog-ng', '2026-11-21 06:42:01 err kernel: INFO: task dd:1', at],
])('a line of the kernel %s', (_, line, time) => {
  expect(parse(line)).toMatchObject({ unit: 'kernel', message: 'INFO: task dd:1', at: time });
});

test('numbers and indentation that are of the message itself stay', () => {
  for (const line of ['    return 7', '12: 34', '> quoted', '  3 files', '2026-11-21 06:42:01 WARN Pool: low'])
    expect(parse(line)).toMatchObject({ at: null, unit: null, message: line });
});

test('after a time alone, the first word of a line of the kernel is no program', () => {
  const line = '2026-11-21T06:42:01.000Z INFO: task dd:24852 blocked for more than 1228 seconds.';
  expect(parse(line)).toMatchObject({ at, unit: null, message: line.slice(25) });
  expect(parse('2026-11-21T06:42:01.000Z java: INFO: task dd:24852')).toMatchObject({ unit: 'other' });
});

test.each([
  ['env[2655]', 'dockerd'],
  ['start-containerd.sh[1562]', 'containerd'],
  ['microk8s.daemon-containerd[9]', 'containerd'],
  ['kubelet.service[10153]', 'kubelet'],
  ['kubelet-containerd.sh[13958]', 'kubelet'],
  ['kubelet.daemon[3377]', 'kubelet'],
  ['origin-node[29837]', 'kubelet'],
  ['systemd-udevd[337]', 'systemd'],
  ['containerd-shim[7]', 'other'],
  ['kubelet-exporter[7]', 'other'],
  ['web-1[77]', 'other'],
])('the writer %s is of %s', (program, unit) => {
  expect(parse(`Nov 21 06:42:01 node-7 ${program}: ${logfmt}`).unit).toBe(unit);
});

test.each([
  [
    'its kubelet',
    String.raw`I1121 06:42:01.000000     920 kubelet.go:2347] \"Skipping\" err=\"PLEG\"`,
    'kubelet',
    '"Skipping" err="PLEG"',
  ],
  [
    'its containerd',
    String.raw`time=\"2026-11-21T06:42:01Z\" level=error msg=\"no such task\"`,
    'containerd',
    'no such task',
  ],
])('a line in which k0s says what %s said is of that one', (_, said, unit, message) => {
  const line = `Nov 21 06:42:01 node-7 k0s[900]: time="2026-11-21 06:42:01" level=info msg="${said}" component=${unit}`;
  expect(parse(`${line} stream=stderr`)).toMatchObject({ at, unit, message });
});

test('what k0s says of its kubelet itself is not of the kubelet; a line of klog in its own is, up to 0.10 without a stream', () => {
  const k0s = (said: string): string =>
    `Nov 21 06:42:01 node-7 k0s[900]: time="2026-11-21 06:42:01" level=info msg="${said}" component=kubelet`;
  expect(parse(k0s('respawning in 5s'))).toMatchObject({ at, unit: 'other' });
  expect(parse(k0s('F1121 06:42:01.000000     580 server.go:269] failed to run Kubelet'))).toMatchObject({
    at,
    unit: 'kubelet',
    message: 'failed to run Kubelet',
  });
});

describe('a bare logfmt line', () => {
  test.each([
    ['quoted in an answer', "> Jul 02 22:25:39 docker systemd[1]: docker.service: Failed with result 'signal'."],
    [
      'without its host, which left a space',
      "Jul 02 22:25:39  systemd[1]: docker.service: Failed with result 'signal'.",
    ],
  ])('a line of syslog, %s', (_, line) => {
    expect(parseLogLine(line, clock)).toMatchObject({
      unit: 'systemd',
      pid: 1,
      message: "docker.service: Failed with result 'signal'.",
    });
    expect(parseLogLine(line, clock).at).not.toBeNull();
  });

  test('gives its time, its message and its fields', () => {
    const line = parse(logfmt);
    expect(line).toMatchObject({
      at: at + 123,
      unit: null,
      message: 'Container failed to exit within 10s of signal 15 - using the force',
    });
    expect(line.fields.get('container')).toBe(id);
    expect(line.fields.get('level')).toBe('info');
  });

  test('may have its fields in any order', () => {
    expect(
      parse(`level=error msg="x \\"y\\"\\n\\u0041" id=7 error="why not" time="2026-11-21T06:42:01Z"`),
    ).toMatchObject({
      at,
      message: 'x "y"\nA: why not',
    });
  });

  test('may have a message that is one word, and may end within a quotation', () => {
    expect(parse('time="2026-11-21T06:42:01Z" level=info msg=serving... address=/run/x').message).toBe('serving...');
    expect(parse('time="2026-11-21T06:42:01Z" level=info msg="cut he').message).toBe('cut he');
  });

  test('keeps its own zone', () => {
    expect(parse('time="2026-11-21T14:42:01.5+08:00" msg=x').at).toBe(at + 500);
  });
});

describe('a syslog line', () => {
  test.each([
    ['with the time of RFC 3164', 'Nov 21 06:42:01 node-7 dockerd[25893]: hello'],
    ['of SONiC, with the severity', 'Nov 21 06:42:01.000000 node-7 INFO dockerd[25893]: hello'],
    ['of SONiC, the year first', '2026 Nov 21 06:42:01.000000 node-7 INFO dockerd[25893]: hello'],
    ['of SONiC, the year last', 'Nov 21 06:42:01.000000+00:00 2026 node-7 INFO dockerd[25893]: hello'],
    ['with a priority', '<30>Nov 21 06:42:01 node-7 dockerd[25893]: hello'],
    ['of RFC 5424', '<30>1 2026-11-21T06:42:01.000000+00:00 node-7 dockerd 25893 - - hello'],
    ['of RFC 5424 with data', '<30>1 2026-11-21T06:42:01Z node-7 dockerd 25893 ID47 [origin ip="10.0.0.1"] hello'],
    ['of RFC 5424 without its priority', '2026-11-21T06:42:01.000000+00:00 node-7 dockerd 25893 - -  hello'],
    ['with the time of RFC 3339', '2026-11-21T06:42:01.000000+00:00 node-7 dockerd[25893]: hello'],
  ])('%s gives time, unit, pid and message', (_, line) => {
    expect(parse(line)).toMatchObject({ at, unit: 'dockerd', pid: 25_893, message: 'hello' });
  });

  test.each([
    ['dockerd', 'dockerd'],
    ['dockerd-current', 'dockerd'],
    ['balenad', 'dockerd'],
    ['containerd', 'containerd'],
    ['kubelet', 'kubelet'],
    ['hyperkube', 'kubelet'],
    ['kernel', 'kernel'],
    ['a9f3c1', 'other'],
    ['CRON', 'other'],
  ])('of %s is of %s', (program, unit) => {
    expect(parse(`Nov 21 06:42:01 node-7 ${program}[1]: x`).unit).toBe(unit);
  });

  test('with logfmt inside gives the inner message and the finer time', () => {
    expect(parse(`Nov 21 06:42:01 node-7 dockerd[25893]: ${logfmt}`)).toMatchObject({
      at: at + 123,
      unit: 'dockerd',
      pid: 25_893,
      message: 'Container failed to exit within 10s of signal 15 - using the force',
    });
  });

  test('is of the last year when it would be of the future', () => {
    expect(parse('Dec 31 23:59:59 n dockerd: x').at).toBe(Date.UTC(2025, 11, 31, 23, 59, 59));
    expect(parse('Jan  1 00:00:00 n dockerd: x', { nowMs: Date.UTC(2027, 0, 1) - 500 }).at).toBe(Date.UTC(2027, 0, 1));
  });

  test('is in the node’s time zone', () => {
    expect(parse('Nov 21 14:42:01 n dockerd: x', { utcOffsetMinutes: 480 }).at).toBe(at);
  });

  test('of the kernel loses the ring buffer’s time', () => {
    expect(parse('Nov 21 06:42:01 n kernel: [ 2521.100000] INFO: task dd:1 blocked')).toMatchObject({
      at,
      unit: 'kernel',
      message: 'INFO: task dd:1 blocked',
    });
  });
});

describe('an entry of the journal', () => {
  const entry = (fields: Record<string, unknown>) =>
    parse(JSON.stringify({ __REALTIME_TIMESTAMP: '1795243321123456', MESSAGE: 'hello', ...fields }));

  test('gives time, unit, pid, and what is in its message', () => {
    expect(parse(journal)).toMatchObject({ unit: 'dockerd', pid: 25_893 });
    expect(entry({ _SYSTEMD_UNIT: 'docker.service' })).toMatchObject({
      at: 1_795_243_321_123,
      unit: 'dockerd',
      message: 'hello',
    });
  });

  test('is of the kernel by its transport, and of the unit where the identifier says nothing', () => {
    expect(entry({ _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'dockerd' }).unit).toBe('kernel');
    expect(entry({ SYSLOG_IDENTIFIER: 'sh', _SYSTEMD_UNIT: 'containerd.service' }).unit).toBe('containerd');
    expect(entry({ SYSLOG_IDENTIFIER: 'sshd', _SYSTEMD_UNIT: 'ssh.service' }).unit).toBe('other');
  });

  test('that dockerd’s log driver wrote is a container’s', () => {
    expect(entry({ _SYSTEMD_UNIT: 'docker.service', SYSLOG_IDENTIFIER: 'dockerd', CONTAINER_ID: 'a9' }).unit).toBe(
      'other',
    );
  });

  test('may have its message as bytes, or none', () => {
    expect(entry({ MESSAGE: [104, 105, 255, 33] }).message).toBe('hi\ufffd!');
    expect(entry({ MESSAGE: null }).message).toBe('');
  });

  test('of systemd 219 has spaces', () => {
    expect(parse('{ "__REALTIME_TIMESTAMP" : "1795243321123456", "MESSAGE" : "hello" }').message).toBe('hello');
  });
});

test('a containerd JSON line gives the same as logfmt', () => {
  const json = `{"error":"context deadline exceeded","level":"error","msg":"get state for x","time":"2026-11-21T06:42:01.5Z"}`;
  expect(parse(json)).toMatchObject({
    at: at + 500,
    unit: null,
    message: 'get state for x: context deadline exceeded',
  });
});

test('a klog line gives its time and pid, and is the kubelet’s', () => {
  expect(parse(klog)).toMatchObject({ at: at + 123.456, unit: 'kubelet', pid: 1234 });
  expect(parse(klog).message).toMatch(/^"StopContainer from runtime/);
  expect(parse(`Nov 21 06:42:01 n cron[5]: ${klog}`)).toMatchObject({ unit: 'other', pid: 5 });
});

describe('a line of the ring buffer', () => {
  test('counts from the boot, where that is known', () => {
    expect(parse('[ 2521.000000] x')).toMatchObject({ at, unit: 'kernel', message: 'x' });
    expect(parse('<4>[ 2521.000000] x').at).toBe(at);
    expect(parse('[ 2521.000000] x', { bootAtMs: null })).toMatchObject({ at: null, unit: 'kernel' });
  });

  test('of dmesg -T has a date', () => {
    expect(parse('[Sat Nov 21 06:42:01 2026] x')).toMatchObject({ at, unit: 'kernel', message: 'x' });
  });
});

test.each(['', 'no form at all', '{"not": "closed"', '[oops] x', 'Foo 21 06:42:01', 'Nov 41 06:42:01 n dockerd: x'])(
  '%j has no time',
  (line) => {
    expect(parse(line).at).toBeNull();
  },
);

test('any text is a line that is never longer than what it was made of', () => {
  fc.assert(
    fc.property(anyText(samples), (text) => {
      const { message, at: time, pid } = parse(text);
      expect(message.length).toBeLessThanOrEqual(text.length);
      for (const number of [time, pid]) if (number !== null) expect(number).toSatisfy(Number.isFinite);
    }),
    { numRuns: 2000 },
  );
  expectToBear(parse, samples);
});

test('no text takes long', () =>
  expectNoHang(parse, [...samples, 'time="', 'msg=\\"', 'a="b" ', '{"a":', 'Nov 21 ', '[ 1.1] ']));

const winterClock: LogClock = {
  nowMs: Date.UTC(2026, 10, 21, 12),
  utcOffsetMinutes: 60,
  bootAtMs: Date.UTC(2026, 10, 20),
};
const moment = Date.UTC(2026, 10, 21, 9, 8, 7);
const said = 'Container failed to exit within 10s of signal 15 - using the force';
const bare = `level=info msg="${said}" container=c30b`;
const json = JSON.stringify({ level: 'info', msg: said, container: 'c30b' });

describe('a line is the same whatever wrote its time and its program before it', () => {
  test.each([
    ['syslog with a host', `Nov 21 10:08:07 node-1 dockerd[2021]: ${bare}`, 'dockerd', true],
    ['syslog without a host', `Nov 21 10:08:07 dockerd[2021]: ${bare}`, 'dockerd', true],
    ['syslog with its priority', `<30>Nov 21 10:08:07 node-1 dockerd[2021]: ${bare}`, 'dockerd', true],
    ['rsyslog with an ISO time', `2026-11-21T10:08:07.000000+01:00 node-1 dockerd[2021]: ${bare}`, 'dockerd', false],
    ['journalctl -o short', `Nov 21 10:08:07 node-1 dockerd[2021]: ${bare}`, 'dockerd', true],
    ['journalctl -o short --no-hostname', `Nov 21 10:08:07 dockerd[2021]: ${bare}`, 'dockerd', true],
    ['journalctl -o short-precise', `Nov 21 10:08:07.000000 node-1 dockerd[2021]: ${bare}`, 'dockerd', true],
    ['journalctl -o short-iso', `2026-11-21T10:08:07+0100 node-1 dockerd[2021]: ${bare}`, 'dockerd', false],
    ['journalctl -o short-full', `Sat 2026-11-21 10:08:07 CET node-1 dockerd[2021]: ${bare}`, 'dockerd', false],
    ['journalctl -o short-unix', `${moment / 1000}.000000 node-1 dockerd[2021]: ${bare}`, 'dockerd', false],
    [
      'journalctl -o json',
      JSON.stringify({
        __REALTIME_TIMESTAMP: `${moment}000`,
        _SYSTEMD_UNIT: 'docker.service',
        SYSLOG_IDENTIFIER: 'dockerd',
        _PID: '2021',
        MESSAGE: bare,
      }),
      'dockerd',
      false,
    ],
    ['logrus text', `time="2026-11-21T09:08:07Z" ${bare}`, null, false],
    ['logrus JSON', json.replace('{', '{"time":"2026-11-21T09:08:07Z",'), null, false],
    ['logrus on a terminal', `INFO[2026-11-21T09:08:07Z] ${said}`, null, false],
    [
      'docker json-file',
      JSON.stringify({ log: `${bare}\n`, stream: 'stderr', time: '2026-11-21T09:08:07.000000000Z' }),
      null,
      false,
    ],
    ['the CRI', `2026-11-21T10:08:07.000000000+01:00 stderr F ${bare}`, null, false],
    ['the CRI around logrus JSON', `2026-11-21T10:08:07.000000000+01:00 stderr F ${json}`, null, false],
    ['klog', `I1121 10:08:07.000000    2021 kuberuntime.go:1] ${said}`, 'kubelet', true],
    [
      'klog in the journal',
      `Nov 21 10:08:07 n kubelet[2021]: E1121 10:08:07.000000 2021 a.go:1] ${said}`,
      'kubelet',
      true,
    ],
    [
      'klog in rsyslog',
      `2026-11-21T10:08:07+01:00 n kubelet[2021]: E1121 10:08:07.000000 2021 a.go:1] ${said}`,
      'kubelet',
      false,
    ],
    [
      'a year in the line inside',
      `Nov 21 10:08:07 n dockerd[2021]: time="2026-11-21T09:08:07Z" ${bare}`,
      'dockerd',
      false,
    ],
  ])('%s', (_, line, unit, yearInferred) => {
    const parsed = parseLogLine(line, winterClock);
    expect(parsed).toMatchObject({ at: moment, message: said, unit, yearInferred });
    expect([2021, null]).toContain(parsed.pid);
  });

  test('of a kubelet that writes JSON has milliseconds, also behind the name of its node', () => {
    const body = `{"ts":${moment}.29,"caller":"internal/log.go:32","msg":"x failed","err":"y"}`;
    for (const line of [body, `10.200.1.3: ${body}`]) {
      expect(parseLogLine(line, winterClock)).toMatchObject({ at: moment, unit: 'kubelet', message: 'x failed: y' });
    }
    expect(parseLogLine('{"ts":1753121294.15,"caller":"a.go:1","msg":"x"}', winterClock)).toMatchObject({
      at: null,
      unit: null,
    });
  });

  test('of klog keeps its own time where the journal got it minutes later, and the journal’s where zones differ', () => {
    const late = (journal: string, body: string) =>
      parseLogLine(`2024-01-02T${journal}+01:00 n kubelet[7]: W${body} 7 a.go:1] x`, winterClock);
    expect(late('06:49:56', '0102 06:28:13.000000')).toMatchObject({
      at: Date.UTC(2024, 0, 2, 5, 28, 13),
      yearInferred: false,
    });
    expect(late('06:49:56', '0102 03:49:56.000000')).toMatchObject({
      at: Date.UTC(2024, 0, 2, 5, 49, 56),
      yearInferred: false,
    });
  });

  test.each([
    ['15.05.18 07:29\tnode\tdockerd[3570]\t', { unit: 'dockerd', pid: 3570 }],
    ['| node | containerd[12] | ', { unit: 'containerd', pid: 12 }],
    ['15.05.18 07:29\tnode\tcron[3570]\t', { unit: 'other' }],
    ['engine  | ', { unit: null }],
  ])('of logrus behind %j, which nobody knows, is read all the same', (before, more) => {
    const line = `${before}time="2018-05-15T05:29:20Z" level=info msg="x"`;
    expect(parseLogLine(line, winterClock)).toMatchObject({
      at: Date.UTC(2018, 4, 15, 5, 29, 20),
      message: 'x',
      ...more,
    });
  });

  test('a word with a colon that stands alone is no program', () => {
    expect(parseLogLine(`time="2026-11-21T09:08:07Z" level=error msg="a: b"`, winterClock).message).toBe('a: b');
  });
});

test.each(['kernel: ', '[  +0.1] ', '[Nov21 06:42] '])('a line of nothing but the head %o is borne', (head) => {
  expect(parse(head.repeat(10_000)).unit).toBe('kernel');
});

test('a line of the kernel may begin with the name of a task, and only a pid makes it that of a daemon', () => {
  expect(parse('[ 2521.000000] dockerd: page allocation failure: order:4')).toMatchObject({
    unit: 'kernel',
    message: 'dockerd: page allocation failure: order:4',
  });
  expect(parse('[ 2521.000000] node-7 dockerd[800]: hello')).toMatchObject({ unit: 'dockerd', message: 'hello' });
});

test('a program whose time and host were taken out is known, behind an indentation too', () => {
  const line = '    crio[465]: time="2019-03-28 23:35:29.396993833Z" level=fatal msg="no default routes found"';
  expect(parseLogLine(line, clock)).toMatchObject({ unit: 'crio', pid: 465, message: 'no default routes found' });
  expect(parseLogLine('    backup[465]: level=fatal', clock)).toMatchObject({ unit: null, pid: null });
});
