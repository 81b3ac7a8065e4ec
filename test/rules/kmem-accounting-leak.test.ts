import { describe, expect, test } from 'vitest';
import { CgroupsCollector } from '../../src/collect/cgroups/cgroups.ts';
import { kernelRelease } from '../../src/collect/host.ts';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { kmemAccountingLeak } from '../../src/rules/kmem-accounting-leak.ts';
import type { MemoryCgroups } from '../../src/sample/cgroups.ts';
import type { LogTally } from '../../src/sample/logs.ts';
import { failed, ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';
import { capturedWorld } from '../support/world.ts';

const rhel = '3.10.0-957.el7.x86_64';

function judge(memory: MemoryCgroups, kernel = rhel, tallies: LogTally[] = []): readonly Finding[] {
  return run(
    [kmemAccountingLeak],
    modelOf([
      make.sampleAt(0, {
        cgroups: ok(make.cgroups({ memory }), 1),
        host: ok(make.host({ kernel }), 1),
        containers: ok(make.containers([make.container('a1', 'web-1')]), 1),
        logs: ok(make.logs({ tallies }), 1),
      }),
    ]),
  ).findings;
}

function ofWorld(name: string, tallies: LogTally[] = []): readonly Finding[] {
  const world = capturedWorld(name);
  const reading = new CgroupsCollector(world, { now: () => 0 }).collect();
  if (reading.status !== 'ok') throw new Error(reading.detail);
  return judge(reading.value.memory, kernelRelease(world), tallies);
}

describe('a captured node with accounting on 3.10', () => {
  test('is warned of while groups pile up', () => {
    const [first] = ofWorld('kmem-bad');
    expect(first).toMatchObject({
      severity: 'warning',
      confidence: 'certain',
      title: 'The kernel keeps 63,880 memory groups of removed containers',
    });
    expect(first?.summary).toContain('1,524 more can be made.');
    expect(first?.evidence[0]).toEqual({ source: '/proc/cgroups', text: '64,011 memory groups counted, 131 there' });
  });

  test('is critical once the kernel refuses, with since when, and what it is not', () => {
    const [first] = ofWorld('kmem-bad', [make.logTally('cgroup-no-memory', null, { count: 6 })]);
    expect(first).toMatchObject({ severity: 'critical', since: make.noon - 30_000 });
    expect(first?.ruledOut[0]?.because).toContain('56% of the node’s memory is available');
    expect(first?.evidence.at(-1)?.text).toContain('6 times');
  });

  test('has ways out with what they cost', () => {
    const [first] = ofWorld('kmem-bad');
    expect(first?.remedies.map(({ risk }) => risk)).toEqual(['high', 'high', 'high', 'low']);
    expect(first?.remedies[1]).toMatchObject({
      command: 'grubby --update-kernel=ALL --args=cgroup.memory=nokmem',
      text: expect.stringContaining('Cost: One reboot'),
    });
  });

  test('that was booted without accounting is not reported', () => {
    expect(ofWorld('kmem-nokmem')).toEqual([]);
    expect(ofWorld('cgroup-hybrid')).toEqual([]);
  });
});

describe('groups', () => {
  test('that are few are no finding yet', () => {
    expect(judge(make.memoryCgroups({ dying: 499 }))).toEqual([]);
    expect(judge(make.memoryCgroups({ dying: 500 }))).toHaveLength(1);
  });

  test('that are kept by a kernel that gives them back are none', () => {
    expect(judge(make.memoryCgroups({ counted: 9000, dying: 8000, accounting: null }), '6.1.0')).toEqual([]);
  });
});

describe('ids of memory groups', () => {
  test('that are used up are reported on any kernel', () => {
    const tallies = [make.logTally('memcg-ids-exhausted', null, { count: 3 })];
    expect(
      judge(make.memoryCgroups({ accounting: null, counted: 65_535, visible: 65_500, dying: 0 }), '6.1.0', tallies),
    ).toMatchObject([
      {
        severity: 'critical',
        confidence: 'certain',
        title: 'Containers cannot be started: the ids of memory groups are used up',
        ruledOut: [{ id: 'kmem-accounting' }],
      },
    ]);
    expect(
      judge(make.memoryCgroups({ accounting: null, counted: null, visible: null }), '6.1.0', tallies),
    ).toMatchObject([{ severity: 'critical', confidence: 'likely' }]);
  });

  test('that are nearly used up are a warning, by the groups that are there', () => {
    const at = (visible: number) =>
      judge(make.memoryCgroups({ accounting: null, counted: 65_000, visible, dying: 0 }), '6.1.0');
    expect(at(58_900)).toEqual([]);
    expect(at(59_000)).toMatchObject([
      { severity: 'warning', title: 'The ids of memory groups run out: 59,000 of 65,535 are used' },
    ]);
  });
});

test('nothing is judged where control groups cannot be read', () => {
  const model = modelOf([make.sampleAt(0, { cgroups: failed('/sys/fs/cgroup: EACCES') })]);
  expect(run([kmemAccountingLeak], model)).toMatchObject({
    findings: [],
    unknown: [{ id: 'kmem-accounting-leak', because: 'cgroups: /sys/fs/cgroup: EACCES', matters: false }],
  });
});
