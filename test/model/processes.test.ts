import { describe, expect, test } from 'vitest';
import type { ProcessValue } from '../../src/sample/processes.ts';
import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

const seen = (second: number, ...list: ProcessValue[]) =>
  make.sampleAt(second, { processes: ok(make.processes(list), 1) });
const listOf = (...scene: ReturnType<typeof seen>[]) => modelOf(scene).processes?.list ?? [];

describe('a process in D', () => {
  test('has waited since it last ran, where the kernel tells', () => {
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
