import { describe, expect, test } from 'vitest';
import { containerLockContention } from '../../src/rules/container-lock-contention.ts';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { failed, ok, pending } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import type { ShimValue } from '../../src/sample/shims.ts';
import type { FoldedStack } from '../../src/sample/stacks.ts';
import { wordsOf } from '../support/findings.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const docker = 'github.com/docker/docker/daemon.(*Daemon)';
/** As dockerd 20.10.24 with a stopped shim shows them. */
const waiters = (count: number): FoldedStack =>
  make.goroutines(
    count,
    ...['sync.runtime_SemacquireMutex', 'sync.(*Mutex).lockSlow', 'sync.(*Mutex).Lock'],
    ...[`${docker}.ContainerInspectCurrent`, `${docker}.ContainerInspect`],
  );
const killing = make.goroutines(
  1,
  'google.golang.org/grpc/internal/transport.(*Stream).waitOnHeader',
  'github.com/containerd/containerd/api/services/tasks/v1.(*tasksClient).Kill',
  'github.com/containerd/containerd.(*task).Kill',
  'github.com/docker/docker/libcontainerd/remote.(*client).SignalProcess',
  ...[`${docker}.kill`, `${docker}.killWithSignal`, `${docker}.killPossiblyDeadProcess`, `${docker}.Kill`],
);
const unmounting = make.goroutines(
  1,
  ...['golang.org/x/sys/unix.Unmount', 'github.com/moby/sys/mount.unmount'],
  ...[`${docker}.Cleanup`, `${docker}.handleContainerExit`, `${docker}.ProcessEvent`],
);

interface Node {
  /** For how long inspect of web-1 has not answered. */
  readonly silentMs?: number;
  readonly stacks?: FoldedStack[];
  readonly shim?: Partial<ShimValue>;
}

const at = (second: number, { silentMs = 0, stacks, shim = {} }: Node): Sample => {
  const inspect = silentMs === 0 ? null : pending(silentMs, 'GET /containers/a/json: no answer yet');
  const below = { ...make.containerTasks('a1'), initPid: 710 };
  const own = make.shim(700, { bundleId: make.idOf('a1'), containers: [below], ...shim });
  return make.sampleAt(second, {
    daemons: ok(make.daemons(), 1),
    containers: ok(make.containers([make.container('a1', 'web-1', { inspect }), make.container('b2', 'web-2')]), 1),
    shims: ok(make.shims({ shims: [own, make.shim(800, { bundleId: make.idOf('b2') })] }), 1),
    ...(stacks === undefined ? {} : { stacks: ok(make.stacks({ dockerd: stacks }, 1 + second / 30), 1) }),
  });
};
const judge = (...samples: Sample[]): readonly Finding[] => run([containerLockContention], modelOf(samples)).findings;

describe('a container whose inspect hangs while others answer', () => {
  const [finding] = judge(at(0, { silentMs: 40_000, stacks: [killing, waiters(3)], shim: { state: 'T' } }));

  test('is reported with who holds its lock, and what that one waits for', () => {
    expect(finding).toMatchObject({
      severity: 'critical',
      confidence: 'certain',
      title: 'dockerd holds the lock of web-1: 3 requests wait for it',
      since: make.noon - 40_000,
      subjects: { containers: [make.idOf('a1')], pids: [700] },
      ruledOut: [{ id: 'silent-daemon' }],
    });
    expect(wordsOf(finding)).toContain('waits for containerd to send a signal');
    expect(wordsOf(finding)).toContain('(*Stream).waitOnHeader < ');
    expect(wordsOf(finding)).toContain('(*Daemon).killWithSignal');
  });

  test('because a signal stopped its shim is healed by SIGCONT, not by a restart', () => {
    expect(wordsOf(finding)).toContain('A signal stopped the shim (pid 700, T)');
    expect(finding?.remedies[0]).toMatchObject({ command: 'kill -CONT 700', risk: 'low' });
    expect(JSON.stringify(finding?.remedies)).not.toContain('systemctl restart');
  });

  test('because the kernel holds its shim is to be checked there', () => {
    const shim = { waits: ['wb_wait_for_completion'] };
    const [held] = judge(at(0, { silentMs: 40_000, stacks: [unmounting, waiters(2)], shim }));
    expect(wordsOf(held)).toContain('The kernel holds the shim (pid 700, D in wb_wait_for_completion)');
    expect(wordsOf(held)).toContain('waits for an unmount');
    expect(held?.remedies[0]?.command).toBe('cat /proc/700/task/*/stack');
    expect(held?.remedies.at(-1)).toMatchObject({ risk: 'high', text: expect.stringContaining('Live-restore is off') });
  });

  test('is reported without stacks too, less surely after a few seconds', () => {
    expect(judge(at(0, { silentMs: 8000 }))).toMatchObject([
      { confidence: 'likely', title: 'dockerd holds the lock of web-1' },
    ]);
    expect(judge(at(0, { silentMs: 2000 }))).toEqual([]);
  });
});

describe('requests that wait for a lock', () => {
  test('pile up when they are there in two polls, or many', () => {
    expect(judge(at(0, { stacks: [killing, waiters(2)] }))).toEqual([]);
    expect(judge(at(0, { stacks: [killing, waiters(2)] }), at(30, { stacks: [killing, waiters(4)] }))).toMatchObject([
      {
        severity: 'critical',
        confidence: 'likely',
        title: 'dockerd holds the lock of a container: 4 requests wait for it',
      },
    ]);
    expect(judge(at(0, { stacks: [waiters(12)] }))).toMatchObject([{ severity: 'warning', confidence: 'possible' }]);
  });

  test('behind none, or one, are no finding', () => {
    expect(judge(at(0, { stacks: [killing] }), at(30, { stacks: [killing] }))).toEqual([]);
    expect(judge(at(0, { stacks: [waiters(1)] }), at(30, { stacks: [waiters(1)] }))).toEqual([]);
  });
});

test('it cannot be judged without the daemons', () => {
  const lost = modelOf([make.sampleAt(0, { daemons: failed('no') })]);
  expect(run([containerLockContention], lost).unknown).toHaveLength(1);
});
