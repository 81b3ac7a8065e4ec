import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { recordedLog } from '../../parse/log/recordings.ts';
import { programEnv } from '../../support/program-env.ts';
import { temporaryFolder } from '../../support/world.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
const env = programEnv();
const id = 'c30bc32ac3030bdd789834d1212db4ab0ceb9c9bb572670a709b571805300d91';

interface Summary {
  readonly schema: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly lines: number;
  readonly matched: number;
  readonly patterns: readonly {
    id: string;
    program: string;
    count: number;
    containers: readonly { id: string; count: number }[];
  }[];
  readonly timeline: readonly { pattern: string; count: number; gapSeconds: number | null }[];
  readonly findings: readonly { id: string; severity: string }[];
}

function run(input: string | Buffer, ...args: string[]) {
  const { stdout, stderr, status } = spawnSync(launcher, ['logs', ...args], { env, input, encoding: 'utf8' });
  return { stdout, stderr, status };
}

const summaryOf = (input: string | Buffer, ...args: string[]): Summary =>
  JSON.parse(run(input, '-', '--json', ...args).stdout) as Summary;

describe('rtwatch logs', () => {
  test('judges what a reboot ends, although nothing says when the node was booted', () => {
    const watchdog =
      '[ 2006.176158] bcmgenet fd58.ethernet end0: NETDEV WATCHDOG: CPU: 2: transmit queue 1 timed out 5010 ms\n';
    expect(summaryOf(watchdog).findings).toMatchObject([{ id: 'network-device-timeout', severity: 'warning' }]);
  });

  test('reads the dockerd log of leaking stops as a person did by hand', () => {
    const summary = summaryOf(recordedLog('stop-leak-t2.dockerd.log'));
    expect(summary).toMatchObject({ schema: 1, from: expect.any(String), matched: 781 });
    expect(summary.patterns.map(({ id, program, count }) => [id, program, count])).toEqual([
      ['direct-sigkill', 'dockerd', 559],
      ['stop-force', 'dockerd', 221],
      ['dockerd-started', 'dockerd', 1],
    ]);
    expect(summary.patterns[0]?.containers).toHaveLength(2);
    expect(summary.findings).toMatchObject([{ id: 'failed-stop', severity: 'critical' }]);
    expect(run(recordedLog('stop-leak-t2.dockerd.log'), '-').status).toBe(2);
  });

  test.each([
    ['gzip', (text: string) => zlib.gzipSync(text)],
    ['zstd', (text: string) => zlib.zstdCompressSync(text)],
  ])('reads a log packed by %s, whatever its name', (_, pack) => {
    const file = path.join(temporaryFolder(), 'dockerd.log.1');
    fs.writeFileSync(file, pack(recordedLog('stop-leak-t2.dockerd.log')));
    const { status, stdout } = run('', file, '--json');
    expect([status, (JSON.parse(stdout) as Summary).matched]).toEqual([2, 781]);
  });

  test('separates attempts that came hours after each other, of one container only when asked', () => {
    const stop = (time: string, container: string): string =>
      `time="2026-11-20T${time}Z" level=info msg="Container ${container} failed to exit within 10 seconds of kill - trying direct SIGKILL"`;
    const other = id.replaceAll('c', 'd');
    const text = [stop('01:00:00', id), stop('01:02:00', id), stop('09:00:00', id), stop('09:00:01', other)].join('\n');
    const summary = summaryOf(text, '--container', id.slice(0, 12));
    expect(summary.matched).toBe(3);
    expect(summary.timeline.map(({ count, gapSeconds }) => [count, gapSeconds])).toEqual([
      [2, null],
      [1, 7 * 3600 + 58 * 60],
    ]);
    expect(summaryOf(text, '--since', '2026-11-20T08:00:00Z').matched).toBe(2);
    expect(summaryOf(text, '--until', '2026-11-20T01:00:00').matched).toBe(1);
  });

  test('names the option whose time is none', () => {
    const { stderr, status } = run('', '-', '--until', 'abc');
    expect(stderr).toContain('rtwatch: --until abc: not a time. Use 12:00:05');
    expect(status).toBe(64);
  });

  test('finds what rules say that can do with logs alone', () => {
    const text = [
      'Mar 04 14:17:31 node-7 systemd[1]: containerd.service: Scheduled restart job, restart counter is at 3.',
      'Mar 04 14:17:36 node-7 containerd[2440]: panic: assertion failed: Page expected to be: 3393, but self identifies as 686',
      'Mar 04 14:17:38 node-7 dockerd[800]: time="2026-03-04T14:17:38Z" level=error msg="write /var/lib/docker/x: no space left on device"',
    ].join('\n');
    const { findings } = summaryOf(text);
    expect(findings).toMatchObject([{ id: 'crash-loop' }, { id: 'filesystem-full' }]);
  });

  test('names no unit for a panic of a daemon that no line names', () => {
    const { findings } = summaryOf(
      'Mar 04 14:17:36 node-7 dockerd[2440]: panic: runtime error: index out of range [3]\n',
    );
    expect(findings.map(({ id }) => id)).toEqual(['crash-loop']);
    expect(JSON.stringify(findings)).not.toContain('containerd.service');
  });

  test('takes the year from a line that carries one', () => {
    const { from, to } = summaryOf(
      'Mar  4 01:41:02 n kernel: nfs: server a not responding\nMar  4 01:41:03 n dockerd[8]: time="2023-03-04T01:41:03Z" level=info msg=x\n',
    );
    expect([from, to]).toEqual(['2023-03-04T01:41:02.000Z', '2023-03-04T01:41:03.000Z']);
  });

  test('takes the year from a date with a space, too', () => {
    const { from, to } = summaryOf(
      'Jun 13 12:09:01 n crio[2]: x\ntime="2018-06-13 12:09:01.559820868Z" level=debug msg=y\n',
    );
    expect([from?.slice(0, 4), to?.slice(0, 4)]).toEqual(['2018', '2018']);
  });

  test.each([
    ['a file of the CRI', '2024-05-01T10:00:00.000000000Z stderr F '],
    ['docker compose', 'web-1  | '],
    ['docker build', '#12 33.110 '],
  ])('what a container prints is not of a daemon: %s', (_, prefix) => {
    const said = [
      'panic: runtime error: index out of range [3] with length 3',
      'fatal error: concurrent map writes',
      'write /data/x: no space left on device',
      'Out of memory: Killed process 1 (x)',
    ];
    expect(summaryOf(said.map((text) => `${prefix}${text}\n`).join(''))).toMatchObject({ matched: 0, findings: [] });
    // A daemon that runs in a container has a form of its own.
    const kubelet = `${prefix}E0501 10:00:00.000000 9 kubelet.go:9] "Skipping pod synchronization" err="container runtime is down"\n`;
    expect(summaryOf(kubelet.repeat(3)).findings).toMatchObject([{ id: 'runtime-not-responding' }]);
  });

  test('bare output of a Go program that crashed may be of any program', () => {
    const { stdout } = run('panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:14 +0x65\n', '-');
    expect(stdout).toContain('WARNING: A Go program was aborted by the Go runtime');
    expect(stdout).toContain('No line says which program it is');
  });

  test('a year that a line carries holds for the rest of a long log', () => {
    const rest = 'Mar  4 01:41:04 n kernel: usb 1-1: new device\n'.repeat(60_000);
    const { from, to } = summaryOf(
      `Mar  4 01:41:03 n dockerd[8]: time="2023-03-04T01:41:03Z" level=info msg=x\n${rest}Mar  4 01:41:05 n kernel: nfs: server a not responding\n`,
    );
    expect([from, to]).toEqual(['2023-03-04T01:41:03.000Z', '2023-03-04T01:41:05.000Z']);
  });

  test('what is over is said to have lasted until its last line', () => {
    const line = (time: string, text: string): string => `2023-03-04T${time}Z n kernel: ${text}\n`;
    const { stdout } = run(
      line('01:00:00', 'nfs: server a not responding, still trying') +
        line('01:04:00', 'nfs: server a not responding, still trying') +
        line('03:00:00', 'usb 1-1: new device'),
      '-',
      '--utc',
    );
    expect(stdout).toMatch(/^INFO: .*, 1h 56m ago, for 4m, since 01:00:00Z$/m);
  });

  test.each([
    ['little', (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['big', (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ])('reads what PowerShell redirected: UTF-16, %s-endian', (_, encode) => {
    const text = '2023-03-04T01:00:00Z n dockerd[8]: level=error msg="write /x: no space left on device"\r\n';
    expect(summaryOf(encode(text.repeat(3)))).toMatchObject({ lines: 3, matched: 3, from: '2023-03-04T01:00:00.000Z' });
  });

  test('says that a year was inferred, and only then', () => {
    const undated = 'Mar  4 01:41:02 n kernel: nfs: server a not responding\n';
    expect(run(undated, '-').stdout).toContain('Lines carry no year');
    expect(run(undated.replace('Mar  4 01:41:02', '2023-03-04T01:41:02Z'), '-').stdout).not.toContain('no year');
  });

  test('a calm log gives 0, and nothing found', () => {
    const { status, stdout } = run(recordedLog('io-pressure-t2.dockerd.log'), '-');
    expect(status).toBe(0);
    expect(stdout).toContain('nothing found');
  });

  test.each([
    ['a program', '/bin/ls', /no text, so it is no log/],
    ['a folder', '/tmp', /not a regular file/],
    ['a file that is not there', '/nonexistent.log', /no such file/],
  ])('%s gives 65', (_, file, why) => {
    const { status, stderr } = run('', file);
    expect(status).toBe(65);
    expect(stderr).toMatch(why);
  });
});
