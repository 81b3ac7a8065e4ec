import { describe, expect, test } from 'vitest';
import { nameContainer } from '../../src/model/container-name.ts';
import type { ContainerValue } from '../../src/sample/containers.ts';
import type { ProcessValue } from '../../src/sample/processes.ts';
import { absent, failed, ok, pending } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { modelOf } from '../support/scenes.ts';

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

  test('that was told to end is stopping, and not stuck while a stop may take its time', () => {
    const kill = make.pendingKill({ firstAt: make.noon - 12_000, lastAt: make.noon - 2_000, count: 2, signal: 9 });
    expect(only(listed(0, { kill }))).toMatchObject({
      state: 'stopping',
      stuck: false,
      reason: '2 signals sent, no exit yet',
    });
  });

  test('that was told to end long ago is stuck since the first signal', () => {
    const kill = make.pendingKill({ firstAt: make.noon - 600_000, lastAt: make.noon - 2_000, count: 40, signal: 9 });
    expect(only(listed(0, { kill }))).toMatchObject({ stuck: true, stuckSeconds: 600 });
  });

  test('with a process in D that SIGKILL waits for is stuck, and the process is the reason', () => {
    const container = only(listed(0, {}, [make.blocked(4242, { containerId: id, killPending: true })]));
    expect(container).toMatchObject({ state: 'stopping', stuck: true, pids: [4242] });
    expect(container?.reason).toBe('SIGKILL pending on dd 4242 in D (percpu_rwsem_wait)');
  });

  test('with a process in D that nobody kills is not stuck, but the process is told', () => {
    const container = only(listed(0, {}, [make.blocked(4242, { containerId: id })]));
    expect(container).toMatchObject({
      state: 'running',
      stuck: false,
      reason: 'blocked: dd 4242 in D (percpu_rwsem_wait)',
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
    const inspect = pending(3000, 'GET /containers/a1/json has not answered yet');
    expect(only(listed(0, { kill, inspect }))?.reason).toBe('inspect: GET /containers/a1/json has not answered yet');
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

describe('the list of containers', () => {
  test('puts the stuck ones first, the longest first', () => {
    const kill = (seconds: number) => make.pendingKill({ firstAt: make.noon - seconds * 1000 });
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
