import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { metadataLockContention } from '../../src/rules/metadata-lock-contention.ts';
import type { DisksValue } from '../../src/sample/disks.ts';
import { failed, ok } from '../../src/sample/reading.ts';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';
import { wordsOf } from '../support/findings.ts';
import { kernelReadings } from '../support/kernel-readings.ts';
import { recordedStacks } from '../support/recorded-stacks.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const at = (second: number, stacks: FoldedStack[], readings: Readings = {}): Sample =>
  make.sampleAt(second, {
    daemons: ok(
      make.daemons(make.dockerd(), make.containerd({ process: ok(make.daemonProcess({ pid: 23_642 }), 1) })),
      1,
    ),
    stacks: ok(make.stacks({ containerd: stacks }, 1 + second / 30), 1),
    ...readings,
  });
const judge = (...samples: Sample[]): readonly Finding[] => run([metadataLockContention], modelOf(samples)).findings;

const pressure = (avg10: number): Readings => {
  const line = { avg10, avg60: avg10, totalMicros: 1 };
  const disks: DisksValue = make.disks([make.disk('vda')], { pressure: ok({ some: line, full: line }, 0.1) });
  return { disks: ok(disks, 1) };
};

describe('containerd whose filesystem was frozen', () => {
  const [finding, ...others] = judge(
    at(0, recordedStacks('containerd-hang-t1.containerd'), { ...kernelReadings('containerd-hang'), ...pressure(71.7) }),
  );

  test('has five changes behind one fsync of image content, and the list of containers behind those', () => {
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'critical',
      confidence: 'certain',
      title: 'containerd’s database waits for the disk: 5 changes behind one fsync',
      subjects: { daemons: ['containerd'], pids: [23_642], devices: ['/dev/loop1'] },
    });
    expect(wordsOf(finding)).toContain('writes image content to the disk (fsync)');
    expect(wordsOf(finding)).toContain('tasks wait for I/O 72% of the time');
    expect(wordsOf(finding)).toMatch(/syscall\.Fsync < .*Commit/);
    expect(wordsOf(finding)).toContain('2 threads in D');
    expect(wordsOf(finding)).toContain('(PLEG)');
  });

  test('two minutes later has three requests for the status of containers', () => {
    const later = judge(at(0, recordedStacks('containerd-hang-t2.containerd')));
    expect(wordsOf(later[0])).toContain('3 requests for the status of containers wait behind it');
  });

  test('is not to be restarted', () => {
    for (const { command } of finding?.remedies ?? []) expect(command ?? '').not.toContain('restart');
  });
});

const bbolt = 'go.etcd.io/bbolt.';
const update = [`${bbolt}(*DB).Update`, 'github.com/containerd/containerd/metadata.(*DB).Update'];
const waiters = (count: number): FoldedStack =>
  make.goroutines(
    count,
    ...['sync.runtime_SemacquireMutex', 'sync.(*Mutex).lockSlow', `${bbolt}(*DB).beginRWTx`, `${bbolt}(*DB).Begin`],
    ...update,
  );
const syncing = make.goroutines(
  1,
  'syscall.Syscall',
  `${bbolt}fdatasync`,
  `${bbolt}(*Tx).write`,
  `${bbolt}(*Tx).Commit`,
  ...update,
);

describe('one change that waits behind an fdatasync', () => {
  const one = [syncing, waiters(1)];

  test('is what a busy node has', () => {
    expect(judge(at(0, one))).toMatchObject([{ severity: 'info' }]);
    expect(judge(at(0, one, pressure(4)))).toMatchObject([{ severity: 'info' }]);
  });

  test('is a warning under I/O pressure, and critical when it lasts or many wait', () => {
    expect(judge(at(0, one, pressure(41.8)))).toMatchObject([{ severity: 'warning' }]);
    expect(judge(at(0, one), at(30, one))).toMatchObject([{ severity: 'critical' }]);
    expect(judge(at(0, [syncing, waiters(3)]))).toMatchObject([{ severity: 'critical' }]);
  });

  test('is reported for the database itself', () => {
    expect(wordsOf(judge(at(0, one))[0])).toContain('writes the database to the disk (fdatasync)');
  });
});

test('a lock that no goroutine waits for, or whose holder does not wait for the disk, is none', () => {
  const computing = make.goroutines(1, `${bbolt}(*Bucket).Put`, ...update);
  expect(judge(at(0, [syncing]))).toEqual([]);
  expect(judge(at(0, [computing, waiters(9)]))).toEqual([]);
  expect(judge(at(0, [make.goroutines(1, 'syscall.Fsync', 'main.backup'), waiters(4)]))).toEqual([]);
});

test('it cannot be judged without stacks', () => {
  const lost = modelOf([make.sampleAt(0, { stacks: failed('no') })]);
  expect(run([metadataLockContention], lost).unknown).toHaveLength(1);
});
