import { describe, expect, test } from 'vitest';
import { nameContainer } from '../../../src/model/containers/name.ts';
import type { ContainerValue } from '../../../src/sample/containers.ts';
import type { ProcessValue } from '../../../src/sample/processes.ts';
import { absent, failed, ok, pending } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

const id = make.idOf('a1');
const listed = (second: number, change: Partial<ContainerValue>, inside: ProcessValue[] = []) =>
  make.sampleAt(second, {
    containers: ok(make.containers([make.container('a1', 'web-1', change)]), 1),
    processes: ok(make.processes(inside), 1),
  });
const only = (...scene: ReturnType<typeof listed>[]) => modelOf(scene).containers?.list[0];

describe('a container', () => {
  test('that runs and is left alone is not stuck', () => {
    expect(only(listed(0, {}))).toMatchObject({ state: 'running', stuck: false, reason: null, pids: [] });
  });

  test('that was asked to stop is stopping, and not stuck while a stop may take its time', () => {
    const kill = make.pendingKill({ firstAt: make.noon - 12_000, lastAt: make.noon - 2_000, count: 2, signal: 9 });
    expect(only(listed(0, { kill }))).toMatchObject({
      state: 'stopping',
      stuck: false,
      reason: '2 signals sent, no exit yet',
    });
  });

  test('that is stopping is counted as such, not as stuck', () => {
    const kill = make.pendingKill({ firstAt: make.noon - 1000, lastAt: make.noon - 1000, count: 1, signal: 15 });
    const model = modelOf([listed(0, { kill })]).containers;
    expect(model).toMatchObject({ stuck: 0, stopping: 1 });
    expect(modelOf([listed(0, {})]).containers).toMatchObject({ stuck: 0, stopping: 0 });
  });

  test('that was asked to stop long ago is stuck since the first signal', () => {
    const kill = make.pendingKill({ firstAt: make.noon - 600_000, lastAt: make.noon - 2_000, count: 40, signal: 9 });
    expect(only(listed(0, { kill }))).toMatchObject({ stuck: true, stuckSeconds: 600 });
  });

  test('with a process in D that SIGKILL waits for is stuck, and the process is the reason', () => {
    const container = only(listed(0, {}, [make.blocked(4242, { containerId: id, killPending: true })]));
    expect(container).toMatchObject({ state: 'stopping', stuck: true, pids: [4242] });
    expect(container?.reason).toBe('SIGKILL pending on dd 4242 in D (open() on a frozen filesystem)');
  });

  test('with a process in D that no process kills is not stuck, but the process is reported', () => {
    const container = only(listed(0, {}, [make.blocked(4242, { containerId: id })]));
    expect(container).toMatchObject({
      state: 'running',
      stuck: false,
      reason: 'blocked: dd 4242 in D (open() on a frozen filesystem)',
    });
  });

  test('that is being removed is stuck only when that takes longer than removals do', () => {
    const removing = { state: 'removing', status: 'Removal In Progress' };
    expect(only(listed(0, {}), listed(1, removing), listed(11, removing))).toMatchObject({ stuck: false });
    expect(only(listed(0, {}), listed(1, removing), listed(41, removing))).toMatchObject({
      stuck: true,
      stuckSeconds: 40,
    });
  });

  test('that the list calls removing and inspect calls dead failed to be removed', () => {
    const inspect = ok(make.inspected({ status: 'dead', pid: 0, error: 'device or resource busy' }), 1);
    expect(only(listed(0, { state: 'removing', inspect }))).toMatchObject({
      stuck: true,
      reason: 'device or resource busy',
    });
  });

  test('whose inspect does not answer says so', () => {
    const kill = make.pendingKill({ firstAt: make.noon - 5000, lastAt: make.noon - 5000, count: 1, signal: 15 });
    const inspect = pending(3000, 'GET /containers/a1/json: no answer yet');
    expect(only(listed(0, { kill, inspect }))?.reason).toBe('inspect: GET /containers/a1/json: no answer yet');
  });

  test('is called by its pod when the kubelet made it', () => {
    const labels = {
      'io.kubernetes.pod.name': 'fluentd-x',
      'io.kubernetes.pod.namespace': 'kube-system',
      'io.kubernetes.container.name': 'fluentd',
    };
    expect(nameContainer({ name: 'whatever', labels }).label).toBe('kube-system/fluentd-x/fluentd');
    expect(nameContainer({ name: 'k8s_POD_web-0_default_1a2b-3c_0', labels: {} })).toEqual({
      name: 'k8s_POD_web-0_default_1a2b-3c_0',
      pod: 'web-0',
      namespace: 'default',
      label: 'default/web-0/(sandbox)',
    });
    expect(nameContainer({ name: 'k8s_not_like_that', labels: {} })).toMatchObject({
      pod: null,
      label: 'k8s_not_like_that',
    });
  });
});

describe('what people call a container', () => {
  const labelOf = (labels: Record<string, string>) => nameContainer({ name: 'shop-web-1', labels }).label;

  test('is project and service of compose, with the number of a second one', () => {
    const compose = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };
    expect(labelOf(compose)).toBe('shop/web');
    expect(labelOf({ ...compose, 'com.docker.compose.container-number': '1' })).toBe('shop/web');
    expect(labelOf({ ...compose, 'com.docker.compose.container-number': '3' })).toBe('shop/web/3');
    expect(labelOf({ 'com.docker.compose.project': 'shop' })).toBe('shop-web-1');
  });

  test('is service and slot of swarm', () => {
    const service = { 'com.docker.swarm.service.name': 'shop_web' };
    expect(labelOf({ ...service, 'com.docker.swarm.task.name': 'shop_web.3.k2j1h3' })).toBe('shop_web/3');
    expect(labelOf({ ...service, 'com.docker.swarm.task.name': 'shop_web.uyt2n7pqk4fz9x1c.k2' })).toBe(
      'shop_web/uyt2n7pqk4fz',
    );
    expect(labelOf(service)).toBe('shop_web');
  });
});

describe('what is reported for a stuck container', () => {
  const kill = make.pendingKill({ firstAt: make.noon - 60_000, lastAt: make.noon - 50_000 });

  test('begins with the earliest evidence', () => {
    expect(only(listed(0, { kill }))).toMatchObject({ stuckSince: make.noon - 60_000, stuckSeconds: 60 });
  });

  test('are the attempts, and that they were the kubelet’s when its lines say so', () => {
    expect(only(listed(0, { kill }))).toMatchObject({ attempts: 1, attemptedBy: 'through the API' });
    const tally = { sign: 'kubelet-stop-failed', container: id, count: 7, lastMinute: 1 };
    const tallies = [{ ...tally, firstAt: make.noon - 900_000, lastAt: make.noon - 30_000 }];
    const { readings, ...rest } = listed(0, { kill });
    const model = modelOf([{ ...rest, readings: { ...readings, logs: ok(make.logs({ tallies }), 1) } }]);
    expect(model.containers?.list[0]).toMatchObject({ attempts: 7, attemptedBy: 'the kubelet' });
  });

  test('is the task that holds it, with where the node keeps what it waits for', () => {
    const volume = {
      mountPoint: '/data',
      root: '/',
      source: '/dev/loop0',
      type: 'ext4',
      device: '7:0',
      readOnly: false,
    };
    const mounts = [{ type: 'bind', source: '/srv/data', destination: '/data', propagation: 'rprivate' }];
    const process = make.blocked(4242, { containerId: id, killPending: true, volumes: [volume] });
    const container = only(listed(0, { kill, inspect: ok(make.inspected({ mounts }), 1) }, [process]));
    expect(container?.blocker).toMatchObject({
      pid: 4242,
      comm: 'dd',
      wchan: 'percpu_rwsem_wait',
      hostPath: '/srv/data',
      waits: { kind: 'frozen-filesystem', mount: { mountPoint: '/data' } },
    });
  });

  test('are its init and its shim, by the kernel', () => {
    const shim = make.stoppedShim(id, 2);
    const { readings, ...rest } = listed(0, { inspect: pending(6000, 'not yet') });
    const model = modelOf([{ ...rest, readings: { ...readings, shims: ok(make.shims({ shims: [shim] }), 1) } }]);
    expect(model.containers?.list[0]).toMatchObject({
      stuck: true,
      shim: { pid: 700, state: 'T' },
      initPid: 710,
      from: 'engine',
    });
  });
});

describe('without an engine', () => {
  const shim = (change: object = {}) => ({
    pid: 700,
    starttime: 7,
    ageSeconds: 50,
    comm: 'containerd-shim',
    state: 'S',
    waits: [],
    mountNamespace: null,
    bundle: null,
    runtimeNamespace: 'k8s.io',
    bundleId: make.idOf('f0'),
    containers: [{ containerId: id, initPid: 710, count: 2, tasks: [] }],
    ...change,
  });
  const orphan = { containerId: 'batch-1', initPid: 900, count: 1, tasks: [] };
  const kernel = make.shims({ shims: [shim()], orphans: [orphan] });

  test('the containers are those that the kernel shows', () => {
    const scene = [
      make.sampleAt(0, { containers: absent('no engine'), shims: ok(kernel, 1), processes: ok(make.processes([]), 1) }),
    ];
    const model = modelOf(scene).containers;
    expect(model).toMatchObject({ listAgeMs: null, running: 0, stuck: 0 });
    expect(model?.list.map(({ label, state, from, initPid }) => [label, state, from, initPid])).toEqual([
      ['a1a1a1a1a1a1', 'unknown', 'kernel', 710],
      ['batch-1', 'unknown', 'kernel', 900],
      ['f0f0f0f0f0f0', 'unknown', 'kernel', null],
    ]);
  });

  test('there are none when the kernel shows none', () => {
    expect(
      modelOf([make.sampleAt(0, { containers: absent('no engine'), shims: ok(make.shims(), 1) })]).containers,
    ).toBeNull();
  });

  test('one that cannot end is stuck all the same', () => {
    const process = make.blocked(4242, { containerId: id, killPending: true }, { offCpuSeconds: 90 });
    const scene = [
      make.sampleAt(0, {
        containers: pending(9000, 'x'),
        shims: ok(kernel, 1),
        processes: ok(make.processes([process]), 1),
      }),
    ];
    expect(modelOf(scene).containers?.list[0]).toMatchObject({ label: 'a1a1a1a1a1a1', stuck: true, from: 'kernel' });
  });

  test('beside an engine that does not list it, one is reported only when it is in trouble', () => {
    const modelWith = (killPending: boolean) =>
      modelOf([
        make.sampleAt(0, {
          containers: ok(make.containers([make.container('b2', 'web')]), 1),
          shims: ok(kernel, 1),
          processes: ok(make.processes([make.blocked(4242, { containerId: id, killPending })]), 1),
        }),
      ]).containers?.list.map(({ label }) => label);
    expect(modelWith(false)).toEqual(['web']);
    expect(modelWith(true)).toEqual(['a1a1a1a1a1a1', 'web']);
  });
});

describe('the list of containers', () => {
  test('puts the stuck ones first, the longest first', () => {
    const kill = (seconds: number) => make.pendingKill({ firstAt: make.noon - seconds * 1000, lastAt: make.noon });
    const scene = [
      make.sampleAt(0, {
        containers: ok(
          make.containers([
            make.container('a', 'calm'),
            make.container('b', 'stuck-short', { kill: kill(60) }),
            make.container('c', 'stuck-long', { kill: kill(6000) }),
            make.container('d', 'stopping', { kill: kill(3) }),
          ]),
          1,
        ),
      }),
    ];
    const model = modelOf(scene).containers;
    expect(model?.list.map(({ name }) => name)).toEqual(['stuck-long', 'stuck-short', 'stopping', 'calm']);
    expect(model).toMatchObject({ stuck: 2, running: 4 });
  });

  test('stays when the engine fails, with its age, and goes when the engine is gone', () => {
    const seen = listed(0, {});
    const down = modelOf([seen, make.sampleAt(9, { containers: failed('no answer') })]);
    expect(down.containers?.list).toHaveLength(1);
    expect(down.sources.find(({ name }) => name === 'containers')).toMatchObject({ status: 'failed', ageMs: 9000 });
    expect(modelOf([seen, make.sampleAt(9, { containers: absent('no engine') })]).containers).toBeNull();
  });
});
