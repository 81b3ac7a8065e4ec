import { describe, expect, test } from 'vitest';
import type { ContainerModel } from '../../../src/model/containers/container.ts';
import { run } from '../../../src/rules/engine/run.ts';
import { rules } from '../../../src/rules/rules.ts';
import type { DiskStatus } from '../../../src/sample/cri.ts';
import { absent, ok, pending } from '../../../src/sample/reading.ts';
import type { Readings } from '../../../src/sample/sample.ts';
import * as make from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';

const noDocker: Readings = { containers: absent('no container engine at unix:///var/run/docker.sock') };
const modelOf = (readings: Readings, seconds = 0) => scenes.modelOf([make.sampleAt(seconds, readings)]);
const listOf = (readings: Readings): readonly ContainerModel[] => modelOf(readings).containers?.list ?? [];

describe('the containers of a node without an engine', () => {
  test('have the names of their pods, their image, age and restarts', () => {
    expect(listOf({ ...noDocker, cri: ok(make.cri(), 1) })).toMatchObject([
      {
        id: make.idOf('a'),
        label: 'shop/web-0/app',
        pod: 'web-0',
        namespace: 'shop',
        image: 'registry.example/app:1',
        state: 'running',
        status: 'created 1h ago, 2 restarts',
        restarts: 2,
        from: 'engine',
        stuck: false,
      },
    ]);
  });

  test('are listed once where the engine lists them too', () => {
    const containers = ok(make.containers([make.container('a', 'k8s_app_web-0_shop_uid_0')]), 1);
    const list = listOf({ containers, cri: ok(make.cri(), 1) });
    expect(list.map(({ id, name }) => [id, name])).toEqual([[make.idOf('a'), 'k8s_app_web-0_shop_uid_0']]);
  });

  test('outside the CRI run when they have a task', () => {
    const outside = make.criContainer('b', {
      sandboxId: null,
      runtimeNamespace: 'default',
      name: 'proxy',
      state: 'unknown',
    });
    const cri = ok(make.cri({ containers: [outside] }), 1);
    expect(listOf({ ...noDocker, cri })).toMatchObject([{ label: 'proxy', state: 'exited' }]);
    const tasks = { containerId: make.idOf('b'), initPid: 4711, count: 1, tasks: [] };
    const shims = ok({ shims: [], orphans: [tasks] }, 1);
    expect(listOf({ ...noDocker, cri, shims })).toMatchObject([{ label: 'proxy', state: 'running', initPid: 4711 }]);
  });

  test('have the state and the times of their files where containerd never answered, and its list has the last word', () => {
    const tasks = { containerId: make.idOf('a'), initPid: 4711, count: 1, tasks: [] };
    const shims = ok(make.shims({ shims: [make.shim(6000, { runtimeNamespace: 'k8s.io', containers: [tasks] })] }), 1);
    const started = { containerId: make.idOf('a'), createdAt: make.noon - 7_201_000, startedAt: make.noon - 7_200_000 };
    const mute = (diskStatus: Pick<DiskStatus, 'finishedAt' | 'exitCode'>): Readings => ({
      ...noDocker,
      shims,
      cri: ok(
        make.cri({
          ping: pending(9000, 'Version: no answer yet'),
          containerList: pending(0, 'ListContainers: not asked yet'),
          containers: [],
          sandboxes: [],
          diskStatuses: [{ ...started, ...diskStatus }],
        }),
        1,
      ),
    });
    expect(listOf(mute({ finishedAt: null, exitCode: null }))).toMatchObject([
      { state: 'running', status: 'started 2h ago, by its status file', listState: null, from: 'kernel' },
    ]);
    expect(listOf(mute({ finishedAt: make.noon - 60_000, exitCode: 137 }))).toMatchObject([
      { state: 'exited', status: 'exited (137) 1m ago, by its status file' },
    ]);
    const listed = { ...noDocker, shims, cri: ok(make.cri(), 1) };
    expect(listOf(listed)).toMatchObject([{ status: 'created 1h ago, 2 restarts', listState: 'running' }]);
  });

  test('have the names of their pods also when nothing answers, by what their shims know', () => {
    const tasks = { containerId: make.idOf('a'), initPid: 4711, count: 1, tasks: [] };
    const shim = make.shim(6000, { runtimeNamespace: 'k8s.io', containers: [tasks] });
    const names = [{ id: make.idOf('a'), pod: 'web-0', namespace: 'shop', container: 'app', image: null }];
    const silent = make.cri({
      ping: pending(9000, 'Version: no answer yet'),
      containerList: pending(0, 'ListContainers: not asked yet'),
      containers: [],
      sandboxes: [],
    });
    const readings = { ...noDocker, cri: ok(silent, 1), shims: ok(make.shims({ shims: [shim], names }), 1) };
    expect(listOf(readings)).toMatchObject([{ label: 'shop/web-0/app', pod: 'web-0', from: 'kernel' }]);
  });

  test('have a list as old as the question that is not answered', () => {
    const model = modelOf({
      ...noDocker,
      cri: ok(make.cri({ containerList: pending(45_000, 'ListContainers: no answer yet') }), 1),
    });
    expect(model.containers).toMatchObject({ listAgeMs: 45_000, running: 1 });
  });
});

describe('a list that hangs', () => {
  const hanging = (change: Parameters<typeof make.cri>[0] = {}): Readings => ({
    ...noDocker,
    cri: ok(make.cri({ containerList: pending(45_000, 'ListContainers: no answer yet'), ...change }), 1),
  });
  const find = (readings: Readings) =>
    run(rules, modelOf(readings)).findings.filter(({ id }) => id === 'container-status-lock');

  test('while the runtime answers everything else is a lock, and its container is named as soon as it is known', () => {
    expect(find(hanging())).toMatchObject([{ severity: 'critical', confidence: 'likely', since: make.noon - 45_000 }]);
    expect(find(hanging({ heldStatuses: [{ containerId: make.idOf('a'), forMs: 40_000 }] }))).toMatchObject([
      {
        confidence: 'certain',
        title: 'containerd cannot list containers: the status of shop/web-0/app is locked',
        subjects: { containers: [make.idOf('a')] },
      },
    ]);
  });

  test('is none when the runtime answers nothing, or the question is young', () => {
    expect(find(hanging({ ping: pending(45_000, 'Version: no answer yet') }))).toEqual([]);
    expect(find(hanging({ containerList: pending(1500, 'ListContainers: no answer yet') }))).toEqual([]);
    expect(find({ ...noDocker, cri: ok(make.cri(), 1) })).toEqual([]);
  });
});

describe('a containerd', () => {
  const readings = (change: Parameters<typeof make.cri>[0], state = 'S'): Readings => {
    const process = ok(make.daemonProcess({ pid: 890, ageSeconds: 9000, state }), 1);
    const daemons = ok(make.daemons(make.containerd({ process })), 1);
    return { ...noDocker, daemons, cri: ok(make.cri(change), 1) };
  };
  const find = (given: Readings) => run(rules, modelOf(given)).findings.filter(({ id }) => id === 'silent-daemon');

  test('that does not answer Version is silent, and one that a signal stopped says so', () => {
    const ping = pending(9000, 'Version: no answer yet');
    expect(find(readings({ ping }))).toMatchObject([{ severity: 'critical', title: 'containerd does not answer' }]);
    expect(find(readings({ ping }, 'T'))).toMatchObject([
      {
        title: 'containerd does not answer: a signal stopped it',
        evidence: [{ source: 'unix:///run/containerd/containerd.sock' }, {}, {}],
        remedies: [{ command: 'kill -CONT 890' }],
      },
    ]);
  });

  test('that answers is calm', () => {
    expect(find(readings({}))).toEqual([]);
  });
});

describe('a shim that a signal stopped', () => {
  const at = (seconds: number) => {
    const tasks = { containerId: make.idOf('a'), initPid: 4711, count: 1, tasks: [] };
    const shim = make.shim(6000, { state: 'T', runtimeNamespace: 'k8s.io', containers: [tasks] });
    return make.sampleAt(seconds, { ...noDocker, cri: ok(make.cri(), 1), shims: ok(make.shims({ shims: [shim] }), 1) });
  };
  const find = (...seconds: number[]) =>
    run(rules, scenes.modelOf(seconds.map(at))).findings.filter(({ id }) => id === 'stopped-shim');

  test('is found after ten seconds', () => {
    expect(find(0, 4)).toEqual([]);
    expect(find(0, 6, 12)).toMatchObject([
      {
        severity: 'warning',
        title: 'the shim of shop/web-0/app is stopped',
        remedies: [{ command: 'kill -CONT 6000' }],
      },
    ]);
  });
});
