import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RuntimeWatch } from '../../../src/collect/cri/runtime-watch.ts';
import type { CriRuntime } from '../../../src/sample/cri.ts';
import { ScriptedRuntime, scriptedContainer, scriptedSandbox } from '../../support/cri/server.ts';
import { waitFor } from '../../support/wait-for.ts';

const criService = '/runtime.v1.RuntimeService';
let runtime: ScriptedRuntime;
let watch: RuntimeWatch;

beforeEach(async () => {
  // The clock of the periods alone: sockets and timers are real.
  vi.useFakeTimers({ toFake: ['performance'] });
  runtime = await ScriptedRuntime.start();
  runtime.sandboxes = [scriptedSandbox('s1')];
  runtime.containers = [scriptedContainer('a', 's1'), scriptedContainer('b', 's1')];
  watch = new RuntimeWatch({ kind: 'containerd', socketPath: runtime.socketPath, knownIds: () => [] });
});

afterEach(async () => {
  watch.close();
  await runtime.close();
  vi.useRealTimers();
});

const tell = (): CriRuntime => watch.value('unix:///run/containerd/containerd.sock', 7);
const later = (seconds: number): void => void vi.advanceTimersByTime(seconds * 1000);
const countOf = (method: string): number => runtime.calls.filter((call) => call.endsWith(method)).length;

/** Until something is so, a second of the periods passing with each poll. */
const until = (what: string, look: () => boolean): Promise<unknown> =>
  waitFor(what, () => {
    void watch.poll();
    later(1);
    return look();
  });

test('a healthy runtime is pinged and listed, over one connection', async () => {
  await watch.poll();
  await watch.poll();
  expect(tell()).toMatchObject({
    version: 'v1.7.24',
    ping: { status: 'ok' },
    sandboxList: { status: 'ok' },
    containerList: { status: 'ok' },
    sandboxes: [{ id: 's1', name: 'web-0', namespace: 'shop', ready: true }],
    containers: [
      { id: 'a', name: 'app', image: 'registry.example/app:1', state: 'running', restarts: 2, sandboxId: 's1' },
      { id: 'b' },
    ],
    heldStatuses: [],
  });
  expect(tell().containers[0]?.labels).toEqual({ 'io.kubernetes.container.name': 'app' });
  expect(runtime.connections).toBe(1);
});

test('without news the lists are asked for every ten seconds, and after news at the next poll', async () => {
  await watch.poll();
  await waitFor('the subscription', () => runtime.subscribers === 1);
  later(2);
  await watch.poll();
  const before = countOf('ListContainers');
  for (let second = 0; second < 7; second++) {
    later(1);
    await watch.poll();
  }
  expect(countOf('ListContainers') - before).toBe(0);
  later(3);
  await watch.poll();
  expect(countOf('ListContainers') - before).toBe(1);
  runtime.emit('/tasks/exit', 'k8s.io', 'a', 'probe-1');
  runtime.emit('/tasks/start');
  await waitFor(
    'the event',
    () => tell().events.status === 'ok' && (tell().events as { value: { seen: number } }).value.seen === 1,
  );
  later(2);
  await watch.poll();
  expect(countOf('ListContainers') - before).toBe(2);
});

test('what has only just happened is not in the list yet: it is asked for half a second later, or once more', async () => {
  await watch.poll();
  await waitFor('the subscription', () => runtime.subscribers === 1);
  later(2);
  await watch.poll();
  const before = countOf('ListContainers');
  const happen = async (count: number): Promise<void> => {
    runtime.emit('/tasks/delete', 'k8s.io', 'a');
    await waitFor('the event', () => {
      const { events } = tell();
      return events.status === 'ok' && events.value.seen === count;
    });
  };
  const listed = async (afterSeconds: number): Promise<number> => {
    later(afterSeconds);
    await watch.poll();
    return countOf('ListContainers') - before;
  };
  later(2);
  await happen(1);
  expect(await listed(0.4)).toBe(0);
  await happen(2);
  // Half a second after the first, and a moment after the second.
  expect(await listed(0.2)).toBe(1);
  expect(await listed(1)).toBe(2);
  expect(await listed(1)).toBe(2);
});

test('a containerd without the CRI is calm, and is not asked again and again', async () => {
  for (const method of ['ListPodSandbox', 'ListContainers'])
    runtime.on(`${criService}/${method}`, () => ({ status: 12 }));
  await watch.poll();
  for (let second = 0; second < 30; second++) {
    later(1);
    await watch.poll();
  }
  expect(tell()).toMatchObject({
    ping: { status: 'ok' },
    sandboxList: { status: 'absent' },
    containerList: { status: 'absent' },
  });
  expect(countOf('ListPodSandbox')).toBe(1);
  expect(countOf('ListContainers')).toBe(0);
});

test('a list that hangs stays open, is not asked a second time, and the container that holds it up is found', async () => {
  await watch.poll();
  runtime.locked.add('b');
  later(11);
  await until('the one that is held', () => tell().heldStatuses.length > 0);
  await until('the others to answer', () => tell().ping.status === 'ok' && tell().sandboxList.status === 'ok');
  expect(tell()).toMatchObject({
    ping: { status: 'ok' },
    sandboxList: { status: 'ok' },
    containerList: { status: 'pending' },
    containers: [{ id: 'a' }, { id: 'b' }],
  });
  expect(tell().heldStatuses.map(({ containerId }) => containerId)).toEqual(['b']);
  const [lists, statuses] = [countOf('ListContainers'), countOf('ContainerStatus')];
  for (let second = 0; second < 60; second++) {
    later(1);
    await watch.poll();
  }
  expect(countOf('ListContainers')).toBe(lists);
  // The other one was asked again: the lock may have moved on. The held one was not.
  expect(countOf('ContainerStatus')).toBeLessThan(statuses + 70);
  runtime.unlock();
  await until('the list', () => tell().containerList.status === 'ok');
  expect(tell().heldStatuses).toEqual([]);
});

test('a list that never answered is held up by one of the containers that the kernel knows', async () => {
  watch.close();
  watch = new RuntimeWatch({ kind: 'containerd', socketPath: runtime.socketPath, knownIds: () => ['a', 'b'] });
  runtime.locked.add('a');
  await until('the one that is held', () => tell().heldStatuses.length > 0);
  expect(tell().heldStatuses.map(({ containerId }) => containerId)).toEqual(['a']);
});

test('a runtime that answers nothing is asked one thing only', async () => {
  await watch.poll();
  runtime.stopped = true;
  later(4);
  await until('silence', () => tell().ping.status === 'pending');
  const asked = runtime.calls.length;
  for (let second = 0; second < 100; second++) {
    later(1);
    void watch.poll();
  }
  expect(runtime.calls.length).toBe(asked);
  expect(tell().ping).toMatchObject({ status: 'pending' });
});

test('containers of other namespaces are listed once, and those of dockerd not at all', async () => {
  const asked: (string | string[] | undefined)[] = [];
  const { ContainerdContainerList, NamespaceList } = await import('../../../src/parse/cri/messages.ts');
  runtime.on('/containerd.services.namespaces.v1.Namespaces/List', () => ({
    message: NamespaceList.encode({ namespaces: ['k8s.io', 'moby', 'default'].map((name) => ({ name })) }).finish(),
  }));
  runtime.on('/containerd.services.containers.v1.Containers/List', (_, headers) => {
    asked.push(headers['containerd-namespace']);
    const createdAt = { seconds: 1_795_000_000n, nanos: 0 };
    const containers = [{ id: 'n'.repeat(64), labels: { 'nerdctl/name': 'proxy' }, image: 'nginx', createdAt }];
    return { message: ContainerdContainerList.encode({ containers }).finish() };
  });
  await watch.poll();
  for (let second = 0; second < 40; second++) {
    later(1);
    await watch.poll();
  }
  expect(asked).toEqual(['default']);
  expect(tell().containers.find(({ runtimeNamespace }) => runtimeNamespace === 'default')).toMatchObject({
    name: 'proxy',
    image: 'nginx',
    sandboxId: null,
    state: 'unknown',
  });
});
