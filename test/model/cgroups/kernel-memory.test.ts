import { describe, expect, test } from 'vitest';
import { CgroupsCollector } from '../../../src/collect/cgroups/cgroups.ts';
import { kernelRelease } from '../../../src/collect/host.ts';
import { judgeKernelMemory, type KernelMemoryInput } from '../../../src/model/cgroups/kernel-memory.ts';
import type { LogTally } from '../../../src/sample/logs.ts';
import { ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';
import { capturedWorld } from '../../support/world.ts';

const rhel = '3.10.0-957.el7.x86_64';
const off = { path: 'docker/x', usageBytes: 0, slabs: 0 };
const judge = (change: Partial<KernelMemoryInput> = {}) =>
  judgeKernelMemory({
    kernel: rhel,
    memory: make.memoryCgroups(),
    liveContainers: 40,
    churn: null,
    at: make.noon,
    tallies: [],
    ...change,
  });
const tally = (sign: string, count: number): LogTally => ({
  sign,
  container: null,
  count,
  firstAt: null,
  lastAt: null,
  lastMinute: 0,
});

/** What a captured node comes to. */
function ofWorld(name: string, change: Partial<KernelMemoryInput> = {}) {
  const world = capturedWorld(name);
  const reading = new CgroupsCollector(world, { now: () => 0 }).collect();
  if (reading.status !== 'ok') throw new Error(reading.detail);
  return judge({ kernel: kernelRelease(world), memory: reading.value.memory, liveContainers: 3, ...change });
}

describe('a captured node', () => {
  test('with accounting on 3.10 leaks, and fails when its logs say so', () => {
    expect(ofWorld('kmem-bad')).toMatchObject({
      kernel: 'claims-repair',
      accounting: true,
      verdict: 'leaking',
      leakedGroups: 63_880,
      headroom: 1524,
    });
    const tallies = [tally('cgroup-no-memory', 6), tally('kmem-cache-failed', 4), tally('stop-force', 9)];
    expect(ofWorld('kmem-bad', { tallies })).toMatchObject({
      verdict: 'failing',
      failures: { noMemory: 6, noIds: 0, noCache: 4 },
    });
  });

  test('booted without accounting is well, and needs no way out', () => {
    expect(ofWorld('kmem-nokmem')).toMatchObject({ accounting: false, verdict: 'off', leakedGroups: 0, waysOut: [] });
  });

  test('with empty slab lists is well even without the word on the command line', () => {
    const { memory: memoryValue } = make.cgroups({
      memory: make.memoryCgroups({ counted: 127, dying: 0, accounting: off }),
    });
    expect(judge({ memory: memoryValue }).verdict).toBe('off');
  });

  test('on a new kernel is spared', () => {
    expect(ofWorld('cgroup-hybrid')).toMatchObject({ kernel: 'spared', verdict: 'none', waysOut: [] });
  });
});

describe('kernel memory accounting', () => {
  test('on an old kernel is a risk before anything has piled up', () => {
    expect(judge()).toMatchObject({ kernel: 'loses', accounting: true, verdict: 'risk', leakedGroups: 20 });
  });

  test('leaks when removed groups are many, and many for each container that lives', () => {
    expect(judge({ memory: make.memoryCgroups({ dying: 499 }) }).verdict).toBe('risk');
    expect(judge({ memory: make.memoryCgroups({ dying: 500 }) }).verdict).toBe('leaking');
    expect(judge({ memory: make.memoryCgroups({ dying: 500 }), liveContainers: 200 }).verdict).toBe('risk');
  });

  test('is reported by what was charged where the slab list cannot be read', () => {
    const unreadable = { path: 'docker/x', usageBytes: 27_844_608, slabs: null };
    expect(judge({ memory: make.memoryCgroups({ accounting: unreadable }) }).accounting).toBe(true);
    expect(judge({ memory: make.memoryCgroups({ accounting: { ...unreadable, usageBytes: null } }) }).accounting).toBe(
      false,
    );
  });

  test('is unknown without a container to ask, unless the command line or the pile does', () => {
    expect(judge({ memory: make.memoryCgroups({ accounting: null }) }).verdict).toBe('unknown');
    expect(judge({ memory: make.memoryCgroups({ accounting: null, nokmem: true }) }).verdict).toBe('off');
    expect(judge({ memory: make.memoryCgroups({ accounting: null, dying: 9000 }) }).verdict).toBe('leaking');
    expect(judge({ kernel: null }).verdict).toBe('unknown');
  });

  test('is unknown before the kernel’s version was read, however many groups are held, unless it fails', () => {
    const pile = make.memoryCgroups({ dying: 9000 });
    expect(judge({ kernel: null, memory: pile }).verdict).toBe('unknown');
    expect(judge({ kernel: null, memory: pile, tallies: [tally('cgroup-no-memory', 2)] }).verdict).toBe('failing');
    expect(judge({ kernel: '6.1.0-18-amd64', memory: pile }).verdict).toBe('none');
  });

  test('counts the removed groups by the other hierarchies where the directories were not all seen', () => {
    const counts = { counted: 9000, visible: null, dying: null, elsewhere: 118 };
    expect(judge({ memory: make.memoryCgroups(counts) }).leakedGroups).toBe(8882);
    expect(judge({ memory: make.memoryCgroups({ ...counts, elsewhere: null }) }).leakedGroups).toBeNull();
  });

  test('fails when the ids are used up', () => {
    const tallies = [tally('memcg-ids-exhausted', 3)];
    expect(judge({ memory: make.memoryCgroups({ counted: 65_600, dying: 65_000 }), tallies })).toMatchObject({
      verdict: 'failing',
      headroom: 0,
      failures: { noIds: 3 },
    });
  });
});

describe('the time that is left', () => {
  const churn = (created: number, minutes: number) => ({
    since: make.noon - minutes * 60_000,
    created,
    died: created,
    destroyed: created,
  });

  test('is how long the ids last at the rate at which containers are made', () => {
    const memoryValue = judge({
      memory: make.memoryCgroups({ counted: 63_535, dying: 60_000 }),
      churn: churn(100, 30),
    });
    expect(memoryValue).toMatchObject({ churnPerHour: 200, headroom: 2000, hoursToExhaustion: 10 });
  });

  test('is not reported from a few minutes of events', () => {
    expect(judge({ churn: churn(5, 2) })).toMatchObject({ churnPerHour: null, hoursToExhaustion: null });
  });

  test('does not end on a kernel that loses nothing', () => {
    expect(judge({ kernel: '5.10.0', churn: churn(100, 30) }).hoursToExhaustion).toBeNull();
  });
});

describe('the ways out', () => {
  const waysOf = (kernel: string) => judge({ kernel }).waysOut;

  test('are the boot parameter, a newer kernel, and another runc, each with what it costs', () => {
    expect(waysOf(rhel).map(({ id }) => id)).toEqual(['nokmem', 'kernel', 'runc']);
    for (const { text, cost } of waysOf(rhel)) {
      expect(text).not.toBe('');
      expect(cost).not.toBe('');
    }
  });

  test('say whether this kernel reads the boot parameter yet', () => {
    expect(waysOf(rhel)[0]).toMatchObject({ possible: false, text: expect.stringContaining('3.10.0-1062.4.1.el7') });
    expect(waysOf('3.10.0-1062.4.1.el7.x86_64')[0]).toMatchObject({
      possible: true,
      command: 'grubby --update-kernel=ALL --args=cgroup.memory=nokmem',
    });
    expect(waysOf('3.16.0-4-amd64')[0]).toMatchObject({ possible: false, command: null });
  });
});

test('the model of a node has it from its control groups, its containers, its logs and its kernel', () => {
  const scene = [
    make.sampleAt(0, {
      host: ok(make.host({ kernel: rhel }), 1),
      cgroups: ok(make.cgroups({ version: 'v1', memory: make.memoryCgroups({ dying: 9000 }) }), 1),
      containers: ok(make.containers([make.container('a', 'web'), make.container('b', 'old', { state: 'exited' })]), 1),
      logs: ok(make.logs({ tallies: [tally('cgroup-no-memory', 2)] }), 1),
    }),
  ];
  expect(modelOf(scene).kernelMemory).toMatchObject({
    verdict: 'failing',
    liveContainers: 1,
    leakedGroups: 9000,
    failures: { noMemory: 2 },
  });
});
