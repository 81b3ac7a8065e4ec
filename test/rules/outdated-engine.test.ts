import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { run } from '../../src/rules/engine/run.ts';
import { outdatedEngine } from '../../src/rules/outdated-engine.ts';
import { absent, failed, ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

function judge(dockerd: string, containerd: string, readings: Readings = {}): readonly Finding[] {
  const version = (text: string) => ok({ version: text, goVersion: null, product: null }, 1);
  const daemons = make.daemons(
    make.dockerd({ version: version(dockerd) }),
    make.containerd({ version: version(containerd) }),
  );
  return run([outdatedEngine], modelOf([make.sampleAt(0, { daemons: ok(daemons, 1), ...readings })])).findings;
}

const kill = make.pendingKill({ firstAt: make.noon - 90_000, lastAt: make.noon - 20_000 });
const stuck: Readings = { containers: ok(make.containers([make.container('a', 'web-1', { kill })]), 1) };

const waits: Readings = {
  processes: ok(
    make.processes([
      make.blocked(
        700,
        { comm: 'containerd-shim' },
        { stack: ['wb_wait_for_completion', 'cleanup_mnt', '__x64_sys_umount'], wchan: 'wb_wait_for_completion' },
      ),
    ]),
    1,
  ),
  disks: ok(make.disks([make.disk('vda')], { dirtyBytes: 900e6 }), 1),
};

describe('an engine with known defects', () => {
  test('is reported for information while nothing hurts', () => {
    const [finding, ...others] = judge('18.06.3-ce', '1.6.20~ds1');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'info',
      title: 'dockerd 18.06.3-ce has 3 known defects',
      subjects: { daemons: ['dockerd'] },
      references: expect.arrayContaining(['https://github.com/moby/moby/pull/42956']),
    });
    expect(finding?.evidence.map(({ text }) => text.split(':')[0])).toEqual([
      'dockerd 18.06.3-ce',
      'unbounded-stop-wait',
      'exit-without-deadline',
      'output-without-deadline',
    ]);
  });

  test('is not one of another engine whose releases have lower numbers', () => {
    const podman = make.dockerd({ version: ok({ version: '4.3.1', goVersion: null, product: 'Podman Engine' }, 1) });
    const readings = { ...stuck, daemons: ok(make.daemons(podman), 1) };
    expect(run([outdatedEngine], modelOf([make.sampleAt(0, readings)])).findings).toEqual([]);
  });

  test('is a warning once a container cannot exit', () => {
    const [finding] = judge('19.03.15', '1.7.20', stuck);
    expect(finding).toMatchObject({
      severity: 'warning',
      title: 'dockerd 19.03.15 has 2 known defects, and one matters here now',
      summary: expect.stringContaining('1 container cannot exit. Fixed in 20.10.10.'),
    });
    expect(finding?.remedies[0]?.text).toContain('a restart stops its 1 running container');
  });

  test('is not hurt by a stop within its grace period', () => {
    const one = make.pendingKill({ firstAt: make.noon - 3000, lastAt: make.noon - 3000, count: 1, signal: 15 });
    const stopping = { containers: ok(make.containers([make.container('a', 'web-1', { kill: one })]), 1) };
    expect(judge('19.03.15', '1.7.20', stopping)).toMatchObject([{ severity: 'info' }]);
  });

  test('of containerd is reported when an unmount waits for dirty memory, and not before', () => {
    expect(judge('20.10.24', '1.6.20~ds1')).toEqual([]);
    expect(judge('20.10.24', '1.6.20~ds1', waits)).toMatchObject([
      { severity: 'warning', title: 'containerd 1.6.20~ds1 has 1 known defect, and one matters here now' },
    ]);
    expect(judge('20.10.24', '1.6.24', waits)).toEqual([]);
  });

  test('is not hurt by the unmount of another containerd’s shim', () => {
    const other = make.containerd({
      name: 'containerd-2',
      process: ok(make.daemonProcess({ pid: 891 }), 1),
      version: ok({ version: '1.6.20', goVersion: null, product: null }, 1),
    });
    const shim = make.shim(700, {
      state: 'D',
      runtimeNamespace: 'k8s.io',
      bundleId: make.idOf('5'),
      containers: [make.containerTasks('a')],
    });
    const readings = {
      ...waits,
      daemons: ok(make.daemons(make.containerd(), other), 1),
      cri: ok(make.cri({ pid: 891 }), 1),
      shims: ok(make.shims({ shims: [shim] }), 1),
    };
    const { findings } = run([outdatedEngine], modelOf([make.sampleAt(0, readings)]));
    expect(findings).toMatchObject([{ severity: 'warning', subjects: { daemons: ['containerd-2'] } }]);
  });

  test('is not hurt by a container of another engine that cannot exit', () => {
    const cri = ok(make.cri(), 1);
    const processes = ok(make.processes([make.blocked(700, { killPending: true, containerId: make.idOf('a') })]), 1);
    const hurt = judge('19.03.15', '1.7.20', { cri, processes });
    expect(hurt).toMatchObject([{ severity: 'info', subjects: { daemons: ['dockerd'] } }]);
  });
});

test('newer engines, and those whose version is unknown, have none', () => {
  expect(judge('20.10.10', '1.7.4', stuck)).toEqual([]);
  expect(judge('dev', 'v1.2.3.4', stuck)).toEqual([]);
  const silent = make.daemons(make.dockerd({ version: absent('no such socket') }));
  expect(run([outdatedEngine], modelOf([make.sampleAt(0, { daemons: ok(silent, 1) })])).findings).toEqual([]);
});

test('it cannot be judged without the daemons, and that does not matter to the node’s health', () => {
  const lost = modelOf([make.sampleAt(0, { daemons: failed('no') })]);
  expect(run([outdatedEngine], lost).unknown).toMatchObject([{ matters: false }]);
});
