import { describe, expect, test } from 'vitest';
import type { ProcessValue } from '../../../src/sample/processes.ts';
import { ok } from '../../../src/sample/reading.ts';
import type { ShimValue } from '../../../src/sample/shims.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

const seen = (second: number, ...list: ProcessValue[]) =>
  make.sampleAt(second, { processes: ok(make.processes(list), 1) });
const listOf = (...scene: ReturnType<typeof seen>[]) => modelOf(scene).processes?.list ?? [];

describe('a process in D', () => {
  test('has waited since it last ran, where the kernel says so', () => {
    expect(listOf(seen(0, make.blocked(7)))[0]).toMatchObject({ seconds: 93_600, secondsFrom: 'last-ran' });
  });

  test('has waited at least since it was first seen, where the kernel does not', () => {
    const process = make.blocked(7, {}, { offCpuSeconds: null });
    expect(listOf(seen(0, process), seen(4, process))[0]).toMatchObject({ seconds: 4, secondsFrom: 'first-seen' });
  });

  test('starts anew when it was seen running in between, or when the pid is another process', () => {
    const process = make.blocked(7, {}, { offCpuSeconds: null });
    expect(listOf(seen(0, process), seen(2), seen(4, process))[0]?.seconds).toBe(0);
    expect(listOf(seen(0, process), seen(4, { ...process, starttime: 1 }))[0]?.seconds).toBe(0);
  });

  test('names its threads when the leader is not the one that waits', () => {
    expect(listOf(seen(0, make.blocked(7)))[0]?.blockedTids).toBeNull();
    const threads = make.blocked(7, {
      state: 'S',
      threads: 9,
      blocked: [make.task(8), make.task(9, { offCpuSeconds: 5 })],
    });
    expect(listOf(seen(0, threads))[0]).toMatchObject({ state: 'D', blockedTids: [8, 9], seconds: 93_600 });
  });

  test('is a zombie by state when its leader is one, and still comes with those that wait', () => {
    const zombieLeader = make.blocked(7, { state: 'Z', threads: 3, blocked: [make.task(8)] });
    const list = listOf(seen(0, make.zombie(5), zombieLeader));
    expect(list.map(({ pid, state }) => [pid, state])).toEqual([
      [7, 'Z'],
      [5, 'Z'],
    ]);
  });

  test('is called by the container that the engine lists', () => {
    const scene = [
      make.sampleAt(0, {
        processes: ok(
          make.processes([
            make.blocked(7, { containerId: make.idOf('a1') }),
            make.blocked(8, { containerId: make.idOf('ee') }),
          ]),
          1,
        ),
        containers: ok(make.containers([make.container('a1', 'web-1')]), 1),
      }),
    ];
    expect(modelOf(scene).processes?.list.map(({ containerName }) => containerName)).toEqual(['web-1', null]);
  });
});

test('the longest wait comes first, zombies after all that wait', () => {
  const list = listOf(
    seen(0, make.zombie(1), make.blocked(2, {}, { offCpuSeconds: 5 }), make.blocked(3, {}, { offCpuSeconds: 50 })),
  );
  expect(list.map(({ pid }) => pid)).toEqual([3, 2, 1]);
});

describe('a process that was killed and sleeps', () => {
  const at = (second: number, list: ProcessValue[], shims: ShimValue[] = []) =>
    make.sampleAt(second, { processes: ok(make.processes(list), 1), shims: ok(make.shims({ shims }), 1) });
  const model = (list: ProcessValue[], shims: ShimValue[] = [], seconds = 1) =>
    modelOf([at(0, list, shims), at(seconds, list, shims)]).processes;

  test('is no row of those in D or Z, and is doomed once it was seen so for half a second', () => {
    expect(model([make.doomed(20)])?.list).toEqual([]);
    expect(model([make.doomed(20)])?.sleepers).toMatchObject([{ pid: 20, state: 'S', doomed: true, seconds: 1 }]);
    expect(model([make.doomed(20)], [], 0.25)?.sleepers).toEqual([]);
  });

  test('is not doomed while it runs: freeing a large memory takes a while', () => {
    expect(model([make.doomed(20, { state: 'R' })])?.sleepers).toEqual([]);
  });

  test('waits for the one in D below it, however far, and for the longest of several', () => {
    const inD = make.blocked(23, { ppid: 22 }, { offCpuSeconds: 900 });
    const tasks = [make.treeTask(21, 20), make.treeTask(22, 21)];
    const shim = make.shim(10, { containers: [make.containerTasks('a1', { initPid: 20, tasks })] });
    expect(model([make.doomed(20), inD], [shim])?.sleepers).toMatchObject([{ pid: 20, blockerPid: 23 }]);
    const child = make.blocked(24, { ppid: 20 }, { offCpuSeconds: 5 });
    expect(model([make.doomed(20), child, inD], [shim])?.sleepers).toMatchObject([{ blockerPid: 23 }]);
    expect(model([make.doomed(20), child, inD])?.sleepers).toMatchObject([{ blockerPid: 24 }]);
  });

  test('waits for one of its container where the tree does not say, and for no other', () => {
    const containerId = make.idOf('a1');
    const other = make.blocked(30, { ppid: 29, containerId: make.idOf('b2') });
    expect(model([make.doomed(20, { containerId }), other])?.sleepers).toMatchObject([{ blockerPid: null }]);
    const own = make.blocked(31, { ppid: 29, containerId });
    expect(model([make.doomed(20, { containerId }), other, own])?.sleepers).toMatchObject([{ blockerPid: 31 }]);
  });

  test('waits for a thread of a dead one, too, and not for a zombie that has ended', () => {
    const dead = make.zombie(21, { ppid: 20 });
    expect(model([make.doomed(20), dead])?.sleepers).toMatchObject([{ blockerPid: null }]);
    const held = make.blocked(22, { state: 'Z', ppid: 20, threads: 2, blocked: [make.task(23)] });
    expect(model([make.doomed(20), dead, held])?.sleepers).toMatchObject([{ blockerPid: 22 }]);
  });

  test('is not lost in parents that go in a circle', () => {
    const tasks = [make.treeTask(40, 41), make.treeTask(41, 40)];
    const shim = make.shim(10, { containers: [make.containerTasks('a1', { tasks })] });
    expect(model([make.doomed(20), make.blocked(42, { ppid: 40 })], [shim])?.sleepers).toMatchObject([
      { blockerPid: null },
    ]);
  });
});

describe('what a process waits for', () => {
  test('is reported for its task that has waited longest', () => {
    const process = make.blocked(7, {
      volumes: [make.volume('/data')],
      blocked: [make.task(8, { stack: ['kernel_clone'], offCpuSeconds: 5 }), make.task(9)],
    });
    expect(listOf(seen(0, process))[0]?.waits).toMatchObject({
      kind: 'frozen-filesystem',
      text: 'open() on a frozen ext4 filesystem',
      mount: { mountPoint: '/data' },
    });
  });

  test('is nothing for a zombie that has ended', () => {
    expect(listOf(seen(0, make.zombie(7)))[0]).toMatchObject({ waits: null, syscall: null });
  });
});

describe('a zombie', () => {
  const advice = (process: ProcessValue, shims: ShimValue[] = [], others: ProcessValue[] = []): string =>
    modelOf([
      make.sampleAt(0, {
        processes: ok(make.processes([process, ...others]), 1),
        shims: ok(make.shims({ shims }), 1),
      }),
    ]).processes?.list.find(({ pid }) => pid === process.pid)?.zombie?.advice ?? 'none';

  test('whose parent is the first of its container should be started with --init', () => {
    expect(advice(make.zombie(7, { parentIsInit: true }))).toMatch(
      /does not call wait\(\): run the container with --init/,
    );
  });

  test('whose parent is another program is that program’s fault', () => {
    expect(advice(make.zombie(7, { parentIsInit: false }))).toMatch(
      /^its parent does not call wait\(\): repair or restart/,
    );
    expect(advice(make.zombie(7, { parentIsInit: null }))).toMatch(/^its parent does not call wait/);
  });

  test('whose thread is in D is caused only by that wait', () => {
    const held = make.blocked(7, { state: 'Z', parentIsInit: true, threads: 3, blocked: [make.task(8), make.task(9)] });
    expect(advice(held)).toMatch(
      /its threads 8, 9, which the kernel holds; not its parent’s fault.*--init does not help/,
    );
    expect(listOf(seen(0, held))[0]?.zombie).toMatchObject({ holds: true, parentIsInit: true });
  });

  test('that is the first of its container is not reaped by a shim that is stopped, or hangs, or is slow', () => {
    const init = make.zombie(7, { ppid: 50, parentComm: 'containerd-shim', nsPid: 1 });
    expect(advice(init, [make.shim(50, { state: 'T' })])).toMatch(/its shim is stopped/);
    expect(advice(init, [make.shim(50, { waits: ['wb_wait_for_completion'] })])).toMatch(
      /its shim is blocked in the kernel \(wb_wait_for_completion\)/,
    );
    expect(advice(init, [make.shim(50)])).toMatch(/its shim ought to reap it/);
  });

  test('whose parent is blocked itself waits for that', () => {
    expect(advice(make.zombie(7, { ppid: 60 }), [], [make.blocked(60)])).toMatch(/its parent is blocked in the kernel/);
  });

  test('of the node’s first process goes in a moment', () => {
    expect(advice(make.zombie(7, { ppid: 1 }))).toMatch(/in a moment/);
  });

  test('is what only a zombie has', () => {
    expect(listOf(seen(0, make.blocked(7)))[0]?.zombie).toBeNull();
  });
});
