import { describe, expect, test } from 'vitest';
import type { CgroupValue } from '../../../src/sample/cgroups.ts';
import { absent, failed, ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

const pressure = (totalMicros: number, avg10 = 0): CgroupValue['ioPressure'] =>
  ok({ some: { avg10, avg60: 0, totalMicros }, full: null }, 0.1);
const path = `docker/${make.idOf('a1')}`;
const at = (second: number, ...groups: CgroupValue[]) =>
  make.sampleAt(second, { cgroups: ok(make.cgroups({ groups }), 2) });
const io = (readBytes: number, writeBytes: number) => ({ readBytes, writeBytes });

describe('what a container uses', () => {
  const listed = { containers: ok(make.containers([make.container('a1', 'web-1')]), 1) };
  const using = (second: number, cpuMicros: number, ageMs = 0) =>
    make.sampleAt(second, {
      ...listed,
      cgroups: ok(make.cgroups({ groups: [make.cgroup(path, { use: make.groupUse({ cpuMicros, ageMs }) })] }), 2),
    });
  const usedIn = (scene: Parameters<typeof modelOf>[0]) => modelOf(scene).containers?.list[0]?.use;

  test('is joined to it by its id, with its CPU in percent of one core', () => {
    expect(usedIn([using(0, 0), using(5, 7_500_000)])).toMatchObject({ cpuPercent: 150, pids: 12, oomKills: 0 });
  });

  test('keeps its CPU while it waits for its turn, and then has that of the whole time', () => {
    const scene = [using(0, 0), using(5, 5_000_000), using(10, 5_000_000, 5000), using(15, 7_000_000)];
    expect(usedIn(scene.slice(0, 3))?.cpuPercent).toBe(100);
    expect(usedIn(scene)?.cpuPercent).toBe(20);
  });

  test('has no CPU after one reading, nor after its counter began anew', () => {
    expect(usedIn([using(0, 5)])?.cpuPercent).toBeNull();
    expect(usedIn([using(0, 9_000_000), using(5, 10)])?.cpuPercent).toBeNull();
  });

  test('is unknown where its group was not read', () => {
    expect(usedIn([make.sampleAt(0, listed)])).toBeNull();
  });
});

describe('a control group', () => {
  test('has rates from what its counters grew by', () => {
    const scene = [
      at(0, make.cgroup(path, { io: io(1000, 0), ioPressure: pressure(0) })),
      at(5, make.cgroup(path, { io: io(6000, 500), ioPressure: pressure(2_000_000) })),
    ];
    expect(modelOf(scene).cgroups?.containers[0]).toMatchObject({
      readBytesPerSec: 1000,
      writeBytesPerSec: 100,
      stallPercent: 40,
    });
  });

  test('has none after one reading', () => {
    const scene = [at(0, make.cgroup(path, { io: io(1000, 0), ioPressure: pressure(5) }))];
    expect(modelOf(scene).cgroups?.containers[0]).toMatchObject({
      readBytesPerSec: null,
      writeBytesPerSec: null,
      stallPercent: null,
    });
  });

  test('has a gap, not a negative rate, when a counter began anew', () => {
    const scene = [
      at(0, make.cgroup(path, { io: io(1000, 10), ioPressure: pressure(5_000_000) })),
      at(5, make.cgroup(path, { io: io(10, 60), ioPressure: pressure(0) })),
    ];
    expect(modelOf(scene).cgroups?.containers[0]).toMatchObject({
      readBytesPerSec: null,
      writeBytesPerSec: 10,
      stallPercent: null,
    });
  });

  test('that was not read anew keeps its rates, and the next ones are over the whole time', () => {
    const scene = [
      at(0, make.cgroup(path, { io: io(0, 0) })),
      at(5, make.cgroup(path, { io: io(5000, 0) })),
      at(10, make.cgroup(path, { io: io(5000, 0), ageMs: 5000 })),
      at(15, make.cgroup(path, { io: io(25_000, 0) })),
    ];
    expect(modelOf(scene.slice(0, 3)).cgroups?.containers[0]?.readBytesPerSec).toBe(1000);
    expect(modelOf(scene).cgroups?.containers[0]?.readBytesPerSec).toBe(2000);
  });

  test('is begun anew after a poll that failed', () => {
    const scene = [
      at(0, make.cgroup(path, { io: io(0, 0) })),
      make.sampleAt(5, { cgroups: failed('EIO') }),
      at(10, make.cgroup(path, { io: io(9000, 0) })),
    ];
    expect(modelOf(scene).cgroups?.containers[0]?.readBytesPerSec).toBeNull();
  });

  test('has the name of its container, also within another', () => {
    const inner = `${path}/docker/${make.idOf('b2')}`;
    const scene = [
      make.sampleAt(0, {
        containers: ok(make.containers([make.container('a1', 'kind-worker')]), 3),
        cgroups: ok(make.cgroups({ groups: [make.cgroup(path), make.cgroup(inner)] }), 2),
      }),
    ];
    const containers = modelOf(scene).cgroups?.containers ?? [];
    expect(containers.find((group) => group.path === path)).toMatchObject({ name: 'kind-worker' });
    expect(containers.find((group) => group.path === inner)).toMatchObject({
      name: null,
      containerId: make.idOf('b2'),
    });
  });
});

test('the groups that wait most come first, then those that move most; slices are no containers', () => {
  const [waiting, busy, idle] = ['a', 'b', 'c'].map((letter) => `docker/${make.idOf(letter)}`) as [
    string,
    string,
    string,
  ];
  const groups = (second: number): CgroupValue[] => [
    make.cgroup(idle, { io: io(0, 0), ioPressure: pressure(0) }),
    make.cgroup('system.slice', { ioPressure: pressure(second * 900_000) }),
    make.cgroup(busy, { io: io(second * 50e6, 0), ioPressure: pressure(0) }),
    make.cgroup(waiting, { io: io(0, 0), ioPressure: pressure(second * 300_000) }),
  ];
  const { cgroups } = modelOf([at(0, ...groups(0)), at(5, ...groups(5))]);
  expect(cgroups?.containers.map((group) => group.path)).toEqual([waiting, busy, idle]);
});

test('a node without control groups has none', () => {
  expect(modelOf([make.sampleAt(0, { cgroups: absent('none') })])).toMatchObject({ cgroups: null, kernelMemory: null });
});
