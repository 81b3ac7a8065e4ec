import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { stalledTaskDelete } from '../../src/rules/stalled-task-delete.ts';
import type { LogTally } from '../../src/sample/logs.ts';
import { failed, ok } from '../../src/sample/reading.ts';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';
import { wordsOf } from '../support/findings.ts';
import { kernelReadings } from '../support/kernel-readings.ts';
import { recordedStacks } from '../support/recorded-stacks.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const judge = (...samples: Sample[]): readonly Finding[] => run([stalledTaskDelete], modelOf(samples)).findings;
const at = (second: number, readings: Readings): Sample =>
  make.sampleAt(second, { daemons: ok(make.daemons(), 1), processes: ok(make.processes([]), 1), ...readings });
const stacks = (groups: FoldedStack[], look = 1): Readings => ({
  stacks: ok(make.stacks({ containerd: groups }, look), 1),
});
const logged = (change: Partial<LogTally>): Readings => ({
  logs: ok(make.logs({ tallies: [make.logTally('task-exit-failed', make.idOf('a'), change)] }), 1),
});

/** The shims of the captured node, and the capture's own moment. */
const hang = kernelReadings('containerd-hang');

describe('shims that unmount on a frozen filesystem', () => {
  const [finding, ...others] = judge(
    at(0, { ...hang, ...stacks(recordedStacks('containerd-hang-t1.containerd')), ...logged({ count: 3 }) }),
  );

  test('are reported with their pids, their containers, and who waits for them', () => {
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'critical',
      confidence: 'certain',
      title: '3 shims cannot finish their containers: their unmount waits for the disk',
    });
    expect(finding?.subjects.pids.toSorted()).toEqual([23_743, 23_908, 24_303]);
    expect(finding?.subjects.containers).toContain('3bc755003b8d331e73e22b1c0df0b438f744605568e2000330f18579ae12059d');
    expect(wordsOf(finding)).toContain('wb_wait_for_completion');
    expect(wordsOf(finding)).toContain('1 goroutine in ttrpc Call < shimTask.delete');
    expect(wordsOf(finding)).toContain('failed to handle TaskExit: 3 lines');
  });

  test('are not to be killed', () => {
    for (const { command } of finding?.remedies ?? []) expect(command ?? '').not.toMatch(/\bkill\b/);
    expect(finding?.remedies[0]?.text).toContain('Killing the shim does not help');
    expect(finding?.remedies.at(-1)?.text).toContain('volatile');
  });
});

const umount = (seconds: number): Readings => ({
  processes: ok(
    make.processes([
      make.blocked(
        700,
        { comm: 'containerd-shim' },
        {
          wchan: 'wb_wait_for_completion',
          stack: ['wb_wait_for_completion', 'sync_inodes_sb', 'cleanup_mnt', '__x64_sys_umount'],
          offCpuSeconds: seconds,
        },
      ),
    ]),
    1,
  ),
  shims: ok(make.shims({ shims: [make.shim(700, { bundleId: make.idOf('a') })] }), 1),
});

const call = (method: string): FoldedStack =>
  make.goroutines(
    2,
    ...['github.com/containerd/ttrpc.(*Client).dispatch', 'github.com/containerd/ttrpc.(*Client).Call'],
    `github.com/containerd/containerd/runtime/v2.(*shimTask).${method}`,
  );

describe('an unmount', () => {
  test('takes a moment on a healthy node', () => {
    expect(judge(at(0, umount(2)))).toEqual([]);
    expect(judge(at(0, umount(12)))).toMatchObject([{ severity: 'critical', confidence: 'certain' }]);
  });

  test('of a moment is stalled when containerd’s log has given up on it', () => {
    expect(judge(at(0, { ...umount(2), ...logged({ count: 1 }) }))).toMatchObject([{ confidence: 'likely' }]);
    const earlier = { count: 40, firstAt: make.noon - 7_200_000, lastAt: make.noon - 3_600_000 };
    expect(judge(at(0, { ...umount(2), ...logged(earlier) }))).toEqual([]);
  });

  test('of a moment is that of each exit, also when a call waits for it in one read, and when the log is about others', () => {
    expect(judge(at(0, { ...umount(0.035), ...stacks([call('delete')]) }))).toEqual([]);
    expect(judge(at(0, { ...umount(4), ...stacks([call('delete')]) }))).toEqual([]);
    expect(judge(at(0, { ...umount(0.035), ...logged({ count: 1 }) }))).toEqual([]);
    expect(
      judge(
        at(0, { ...umount(2), ...stacks([call('delete')]) }),
        at(30, { ...umount(3), ...stacks([call('delete')], 2) }),
      ),
    ).toMatchObject([{ confidence: 'likely' }]);
  });

  test('of something else than a shim is none', () => {
    const { processes } = umount(60);
    expect(judge(at(0, { ...(processes === undefined ? {} : { processes }), shims: ok(make.shims(), 1) }))).toEqual([]);
  });
});

const shims = (state: string): Readings => ({ shims: ok(make.shims({ shims: [make.shim(700, { state })] }), 1) });

describe('a call that a shim does not answer', () => {
  test('is stalled when it is there in two polls, and when the log mentions it', () => {
    const sleeping = shims('S');
    expect(judge(at(0, { ...sleeping, ...stacks([call('delete')]) }))).toEqual([]);
    expect(
      judge(
        at(0, { ...sleeping, ...stacks([call('delete')]) }),
        at(30, { ...sleeping, ...stacks([call('delete')], 2) }),
      ),
    ).toMatchObject([{ confidence: 'likely', summary: expect.stringContaining('2 calls of containerd') }]);
    expect(judge(at(0, { ...sleeping, ...stacks([call('delete')]), ...logged({}) }))).toHaveLength(1);
  });

  test('of another kind is not about an ended container', () => {
    const waiting = { ...shims('S'), ...stacks([call('Wait'), call('State')]) };
    expect(judge(at(0, waiting), at(30, { ...waiting, ...stacks([call('Wait')], 2) }))).toEqual([]);
  });

  test('because a signal stopped the shim ends with SIGCONT', () => {
    const [finding] = judge(at(0, { ...shims('T'), ...stacks([call('delete')]), ...logged({}) }));
    expect(finding?.remedies).toMatchObject([{ command: 'kill -CONT 700', risk: 'low' }]);
  });
});

describe('the log alone', () => {
  const lasting = { count: 12, firstAt: make.noon - 300_000, lastAt: make.noon - 20_000 };

  test('is reported, less surely, where containerd’s goroutines cannot be seen', () => {
    expect(judge(at(0, { ...shims('S'), ...logged(lasting) }))).toMatchObject([
      { severity: 'warning', confidence: 'possible' },
    ]);
    expect(judge(at(0, { ...shims('S'), ...logged({ count: 1 }) }))).toEqual([]);
  });

  test('is the past once no further try fails in the time that the tries before took', () => {
    const over = { count: 12, firstAt: make.noon - 400_000, lastAt: make.noon - 300_000 };
    expect(judge(at(0, { ...shims('S'), ...logged(over) }))).toEqual([]);
  });

  test('is the past where nothing waits any more', () => {
    expect(judge(at(0, { ...shims('S'), ...stacks([call('Wait')]), ...logged(lasting) }))).toEqual([]);
  });
});

test('it cannot be judged without the shims', () => {
  const lost = modelOf([make.sampleAt(0, { shims: failed('needs the source "processes", which is disabled') })]);
  expect(run([stalledTaskDelete], lost).unknown).toHaveLength(1);
});
