import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { fdExhaustion } from '../../src/rules/fd-exhaustion.ts';
import type { DaemonProcess, FileHandles } from '../../src/sample/daemons.ts';
import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

const judge = (scene: scenes.Scene): readonly Finding[] => run([fdExhaustion], scenes.modelOf(scene)).findings;

const daemonsOf = (process: Partial<DaemonProcess>, fileHandles?: FileHandles) => {
  const daemons = make.daemons(make.dockerd({ process: ok(make.daemonProcess(process), 1) }));
  return { daemons: ok(fileHandles === undefined ? daemons : { ...daemons, fileHandles }, 1) };
};
const at = (process: Partial<DaemonProcess>): readonly Finding[] => judge([make.sampleAt(0, daemonsOf(process))]);
const severities = (findings: readonly Finding[]): string[] => findings.map(({ severity }) => severity);

/** Grows by so many a minute for some seconds. */
const growing = (fds: number, perMinute: number, seconds: number, fdLimit: number): readonly Finding[] =>
  judge(scenes.over(seconds, (second) => daemonsOf({ fds: fds + Math.floor((second * perMinute) / 60), fdLimit })));

describe('by level', () => {
  test('a daemon that has used four fifths of its limit is warned of, nine tenths are critical', () => {
    expect(severities(at({ fds: 799, fdLimit: 1000 }))).toEqual([]);
    expect(severities(at({ fds: 800, fdLimit: 1000 }))).toEqual(['warning']);
    expect(severities(at({ fds: 899, fdLimit: 1000 }))).toEqual(['warning']);
    expect(severities(at({ fds: 900, fdLimit: 1000 }))).toEqual(['critical']);
  });

  test('nothing is said without a limit, or without the right to count', () => {
    expect(at({ fds: 900_000, fdLimit: null })).toEqual([]);
    expect(at({ fds: null, fdLimit: 1024 })).toEqual([]);
  });

  test('the node has levels of its own', () => {
    const node = (allocated: number, free = 0) =>
      severities(judge([make.sampleAt(0, daemonsOf({}, { allocated, free, max: 100_000 }))]));
    expect(node(69_999)).toEqual([]);
    expect(node(70_000)).toEqual(['warning']);
    expect(node(90_000)).toEqual(['critical']);
    expect(node(90_000, 40_000)).toEqual([]);
  });
});

describe('by time', () => {
  test('a leak that ends within an hour is critical, within a day a warning', () => {
    expect(growing(1_000, 60, 120, 2_000)).toMatchObject([
      { severity: 'critical', confidence: 'likely', title: 'dockerd runs out of file descriptors in 14m 40s' },
    ]);
    expect(severities(growing(5_500, 6, 120, 10_000))).toEqual(['warning']);
  });

  test('one that takes longer than a day is none', () => {
    expect(growing(60_000, 6, 120, 100_000)).toEqual([]);
  });

  test('far from the limit it must last five minutes: containers that start are no leak', () => {
    expect(growing(60, 120, 120, 4_096)).toEqual([]);
    expect(severities(growing(60, 120, 320, 4_096))).toEqual(['critical']);
  });

  test('what comes and goes is no leak', () => {
    const findings = judge(scenes.over(120, (second) => daemonsOf({ fds: 1_200 + (second % 40) * 5, fdLimit: 2_000 })));
    expect(findings).toEqual([]);
  });
});

describe('the leak at stop', () => {
  const [first] = judge(scenes.fdLeak);

  test('is reported with the kinds of descriptors and the goroutines that come with each', () => {
    expect(first).toMatchObject({ severity: 'critical', subjects: { daemons: ['dockerd'], pids: [901] } });
    expect(first?.summary).toContain('With each new descriptor come 2 goroutines');
    expect(first?.evidence.map(({ text }) => text)).toEqual([
      '1,594 of 2,000 file descriptors (80%)',
      '1,555 sockets (1,544 accepted connections, 1,540 of them without a peer any more), 3 pipes, 35 files, 1 others',
      'grows by 12 a minute, goroutines by 24 (watched for 2m)',
    ]);
    expect(first?.ruledOut[0]?.id).toBe('node-files');
  });

  test('gives it more at once, and says what a restart does to the containers here', () => {
    expect(first?.remedies.map(({ command }) => command)).toEqual([
      'prlimit --pid 901 --nofile=4000:4000',
      'rtwatch goroutines dockerd',
      'systemctl restart docker',
    ]);
    expect(first?.remedies.at(-1)?.text).toContain('Live-restore is on here: its 2 running containers go on.');
    expect(first?.remedies.at(-1)?.risk).toBe('low');
  });

  test('is far more dangerous to restart where live-restore is off', () => {
    const [found] = judge([
      make.sampleAt(0, {
        ...daemonsOf({ fds: 950, fdLimit: 1000 }),
        containers: ok(make.containers([make.container('a', 'web'), make.container('b', 'db')]), 1),
      }),
    ]);
    expect(found?.remedies.at(-1)).toMatchObject({ risk: 'high', command: 'systemctl restart docker' });
    expect(found?.remedies.at(-1)?.text).toContain('a restart stops its 2 running containers');
  });
});

test('nothing is found on a healthy node, and nothing judged where the daemons are unknown', () => {
  expect(judge(scenes.healthy)).toEqual([]);
  expect(run([fdExhaustion], scenes.modelOf(scenes.broken)).unknown).toMatchObject([{ id: 'fd-exhaustion' }]);
});
