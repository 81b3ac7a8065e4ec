import { describe, expect, test } from 'vitest';
import { ProcessesCollector } from '../../src/collect/processes/processes.ts';
import { ProcessTable } from '../../src/collect/processes/table.ts';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { unreapedZombie } from '../../src/rules/unreaped-zombie.ts';
import type { ProcessValue } from '../../src/sample/processes.ts';
import { failed, ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import type { ShimValue } from '../../src/sample/shims.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';
import { capturedWorld } from '../support/world.ts';

const judge = (scene: scenes.Scene): readonly Finding[] => run([unreapedZombie], scenes.modelOf(scene)).findings;

/** The same processes for some seconds. */
const during = (seconds: number, list: ProcessValue[], more: Readings = {}): readonly Finding[] =>
  judge([0, seconds].map((second) => make.sampleAt(second, { processes: ok(make.processes(list), 1), ...more })));
const zombies = (count: number, change: Partial<ProcessValue> = {}): ProcessValue[] =>
  Array.from({ length: count }, (_, n) => make.zombie(300 + n, { ppid: 42, parentComm: 'supervisor', ...change }));
const shims = (change: Partial<ShimValue>): Readings => ({
  shims: ok(make.shims({ shims: [make.shim(42, change)] }), 1),
});

describe('zombies of one parent', () => {
  test('are reported from three on, after ten seconds', () => {
    expect(during(10, zombies(3))).toMatchObject([
      {
        severity: 'warning',
        title: '3 zombies of supervisor (pid 42) are not reaped',
        subjects: { pids: [42, 300, 301, 302] },
        since: make.noon,
      },
    ]);
    expect(during(9, zombies(3))).toEqual([]);
    expect(during(60, zombies(2))).toEqual([]);
  });

  test('are reported when they grow, although the last ones are young', () => {
    const scene = scenes.over(64, (second) => ({
      processes: ok(make.processes(zombies(Math.min(3, 1 + Math.floor(second / 31)))), 1),
    }));
    expect(judge(scene)).toMatchObject([{ summary: expect.stringContaining('2 came in the last minute.') }]);
  });

  test('are reported at once where they are a hundred, not while they are just seen', () => {
    expect(during(1, zombies(150))).toMatchObject([{ title: '150 zombies of supervisor (pid 42) are not reaped' }]);
    expect(during(1, zombies(99))).toEqual([]);
    expect(judge([make.sampleAt(0, { processes: ok(make.processes(zombies(150)), 1) })])).toEqual([]);
  });

  test('that come and go are a busy parent', () => {
    const scene = scenes.over(60, (second) => ({
      processes: ok(make.processes(zombies(5).map((one) => ({ ...one, pid: one.pid + second * 10 }))), 1),
    }));
    expect(judge(scene)).toEqual([]);
  });

  test('of two parents are two findings; two of each are none', () => {
    const other = zombies(3).map((one) => ({ ...one, pid: one.pid + 50, ppid: 43 }));
    expect(during(12, [...zombies(3), ...other])).toHaveLength(2);
    expect(during(12, [...zombies(2), ...other.slice(1)])).toEqual([]);
  });
});

describe('what keeps them otherwise', () => {
  test('is a thread that the kernel holds', () => {
    const list = zombies(3).map((one) => ({ ...one, threads: 4, blocked: [make.task(one.pid + 500)] }));
    expect(during(60, list)).toEqual([]);
  });

  test('is a parent that is itself in D, or about to end', () => {
    expect(during(60, [...zombies(3), make.blocked(42)])).toEqual([]);
    expect(during(60, [...zombies(3), make.doomed(42)])).toEqual([]);
  });

  test('is a shim that is stopped or blocked', () => {
    expect(during(60, zombies(3), shims({ state: 'T' }))).toEqual([]);
    expect(during(60, zombies(3), shims({ waits: ['wb_wait_for_completion'] }))).toEqual([]);
    expect(during(60, zombies(3), shims({}))).toMatchObject([{ remedies: [{ command: 'cat /proc/42/task/*/wchan' }] }]);
  });
});

describe('in a container', () => {
  const id = make.idOf('c3');
  const containers: Readings = { containers: ok(make.containers([make.container('c3', 'cron')]), 1) };

  test('whose first process does not reap, an init is the way out', () => {
    const [first] = during(60, zombies(3, { containerId: id, parentIsInit: true }), containers);
    expect(first).toMatchObject({
      title: '3 zombies of supervisor (pid 42) in cron are not reaped',
      subjects: { containers: [id] },
    });
    expect(first?.evidence.at(-1)?.source).toBe('/proc/42/status');
    expect(first?.remedies).toMatchObject([
      { command: 'kill -CHLD 42', risk: 'low' },
      { command: `docker restart ${id.slice(0, 12)}`, risk: 'high' },
      { text: expect.stringContaining('--init') },
    ]);
  });

  test('whose other process does not, an init is of no use', () => {
    const [first] = during(60, zombies(3, { containerId: id, parentIsInit: false }), containers);
    expect(first?.remedies.at(-1)?.text).toContain('--init does not help');
  });
});

test('a captured container whose first process sleeps has three for good', () => {
  const world = capturedWorld('stop-leak');
  const collector = new ProcessesCollector(world, new ProcessTable(world, () => 0), '6.18');
  const findings = judge([0, 12].map((second) => make.sampleAt(second, { processes: ok(collector.collect(), 1) })));
  expect(findings).toMatchObject([
    {
      title: '3 zombies of sleep (pid 26244) in 6d81f2f83971 are not reaped',
      subjects: { pids: [26_244, 26_268, 26_269, 26_270] },
    },
  ]);
});

test('nothing is judged where processes cannot be read', () => {
  const model = scenes.modelOf([make.sampleAt(0, { processes: failed('/proc: EACCES') })]);
  expect(run([unreapedZombie], model)).toMatchObject({ findings: [], unknown: [{ id: 'unreaped-zombie' }] });
});

describe('conmons of CRI-O that are not reaped', () => {
  const conmons = zombies(4, { comm: 'conmon', parentComm: 'crio' });
  const crio = (version: string): Readings => ({
    daemons: ok(
      make.daemons(
        make.containerd({
          name: 'crio',
          process: ok(make.daemonProcess({ pid: 42 }), 0.2),
          version: ok({ version, goVersion: null, product: null }, 1),
        }),
      ),
      1,
    ),
  });

  test('name the releases that have the fault, and whether this is one', () => {
    const [old] = during(30, conmons, crio('1.21.3'));
    expect(old?.summary).toContain('before 1.20.7, 1.21.5, 1.22.2 and 1.23.0');
    expect(old?.summary).toContain('This is 1.21.3, which has the fault.');
    expect(old?.remedies.map(({ command }) => command)).toContain('systemctl restart crio');
    const [current] = during(30, conmons, crio('1.36.3'));
    expect(current?.summary).toContain('This is 1.36.3.');
    expect(current?.summary).not.toContain('which has the fault');
  });

  test('are those of CRI-O alone', () => {
    const [found] = during(30, zombies(4, { comm: 'conmon', parentComm: 'podman' }), crio('1.21.3'));
    expect(found?.summary).not.toContain('CRI-O');
  });
});
