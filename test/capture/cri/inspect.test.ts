import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { crioContainer } from '../../../src/capture/cri/crio-container.ts';
import { CriInspector } from '../../../src/capture/cri/inspect.ts';
import { ProcessTable } from '../../../src/collect/processes/table.ts';
import { answer } from '../../collect/stand-in.ts';
import { ScriptedCrio } from '../../support/cri/crio.ts';
import { ScriptedRuntime, scriptedContainer, scriptedSandbox, scriptedStatus } from '../../support/cri/server.ts';
import { Tree } from '../../support/world.ts';

const tasks = '/run/containerd/io.containerd.runtime.v2.task/k8s.io';
const id = 'a'.repeat(64);
const statusMethod = '/runtime.v1.RuntimeService/ContainerStatus';
const logPath = '/var/log/pods/shop_web-0_uid-1/app/2.log';

/** Stands for `rtwatch read-part`. */
const reader = ['sh', '-c', '[ "$1" = start ] && exec head -c "$2" "$3"; exec tail -c "$2" "$3"', 'sh'];

let runtime: ScriptedRuntime;

beforeEach(async () => {
  runtime = await ScriptedRuntime.start();
  runtime.sandboxes = [scriptedSandbox('s1')];
  runtime.containers = [scriptedContainer(id, 's1')];
  runtime.on(statusMethod, () => ({ message: scriptedStatus(id, logPath) }));
});

afterEach(() => runtime.close());

const specOf = (container: string | null): string =>
  JSON.stringify({
    process: { args: ['sleep', '1'], env: ['TOKEN=hunter22'] },
    annotations: {
      'io.kubernetes.cri.sandbox-name': 'web-0',
      'io.kubernetes.cri.sandbox-namespace': 'shop',
      'io.kubernetes.cri.container-type': container === null ? 'sandbox' : 'container',
      ...(container === null ? {} : { 'io.kubernetes.cri.container-name': container }),
    },
  });

/** A node with one shim: a pod, its container, and the log of that. */
function podNode(): Tree {
  return new Tree()
    .process(60, { comm: 'containerd-shim' }, { cwd: `${tasks}/s1` })
    .write(`${tasks}/s1/config.json`, specOf(null))
    .write(`${tasks}/${id}/config.json`, specOf('app'))
    .write(logPath, Array.from({ length: 100 }, (_, line) => `2026-11-21T12:00:00Z stdout F line ${line}\n`).join(''));
}

function inspectorOf(tree: Tree, options: { readonly deadlineMs?: number } = {}): CriInspector {
  const world = tree.world();
  const table = new ProcessTable(world);
  table.scan();
  return new CriInspector(world, table, { named: [runtime.url], reader, ...options });
}

test.each([id, 'aaaaaaaaaaaa', 'shop/web-0/app', 'web-0/app', 'app'])(
  'a running container is found as %s without asking for any list',
  async (name) => {
    const found = await inspectorOf(podNode()).running(name);
    expect(found).toMatchObject({
      id,
      name: 'shop/web-0/app',
      status: { state: 'CONTAINER_RUNNING', createdAt: '2026-11-18T11:06:40.000Z', finishedAt: null },
      statusError: null,
      bundle: `${tasks}/${id}`,
      spec: { process: { args: ['sleep', '1'] } },
      logError: null,
    });
    expect(found?.logTail).toHaveLength(40);
    expect(found?.logTail.at(-1)).toContain('line 99');
    expect(runtime.calls).toEqual([statusMethod]);
  },
);

test('a runtime that is silent leaves the specification, and the reason why there is no status', async () => {
  runtime.stopped = true;
  const found = await inspectorOf(podNode(), { deadlineMs: 200 }).running('app');
  expect(found).toMatchObject({ id, status: null, spec: { process: { args: ['sleep', '1'] } } });
  expect(found?.statusError).toContain('no answer to ContainerStatus within 200ms');
  // The kubelet's link needs no runtime.
  expect(found?.logPath).toBe(`/var/log/containers/web-0_shop_app-${id}.log`);
  await expect(inspectorOf(new Tree(), { deadlineMs: 200 }).listed('app')).rejects.toThrow(
    'no answer to ListContainers',
  );
});

test('a container that has exited is found in the list, and its log that is gone is said to be', async () => {
  const inspector = inspectorOf(new Tree());
  expect(await inspector.running('app')).toBeNull();
  const found = await inspector.listed('web-0/app');
  expect(found).toMatchObject({ id, bundle: null, spec: null, specError: 'it has no task: it does not run' });
  expect(found?.logError).toContain(logPath);
  expect(await inspector.listed('other')).toBeNull();
});

test.each([id, 'app'])(
  'a containerd without the CRI, as Docker brings it, does not know %s and is well',
  async (name) => {
    for (const method of ['ContainerStatus', 'ListPodSandbox', 'ListContainers'])
      runtime.on(`/runtime.v1.RuntimeService/${method}`, () => ({ status: 12, words: 'unknown service' }));
    expect(await inspectorOf(new Tree()).listed(name)).toBeNull();
  },
);

test('an id that no runtime knows is of no container, and one that a silent runtime may know is an error', async () => {
  runtime.on(statusMethod, () => ({ status: 5, words: 'not found' }));
  expect(await inspectorOf(new Tree()).listed(id)).toBeNull();
  runtime.stopped = true;
  await expect(inspectorOf(new Tree(), { deadlineMs: 200 }).listed(id)).rejects.toThrow('no answer to ContainerStatus');
});

test('a name that fits several is refused, with the names', async () => {
  const tree = podNode().write(`${tasks}/${'b'.repeat(64)}/config.json`, specOf('app'));
  await expect(inspectorOf(tree).running('app')).rejects.toThrow('several containers fit: shop/web-0/app');
});

test('the sandbox of a pod has a specification and no status', async () => {
  const found = await inspectorOf(podNode()).running('s1');
  expect(found).toMatchObject({
    status: null,
    statusError: 'it is the sandbox of a pod, which has no container status',
  });
  expect(runtime.calls).toEqual([]);
});

test('CRI-O (scripted) says over HTTP where the log is, while the status of the container does not answer', async () => {
  const log = '/var/log/pods/shop_web-0_uid-1/app/0.log';
  const crio = await ScriptedCrio.start({
    [`/containers/${id}`]: answer(JSON.stringify({ name: 'k8s_app_web-0_shop_uid-1_0', pid: 4242, log_path: log })),
  });
  onTestFinished(() => crio.close());
  crio.grpc.on(statusMethod, () => 'never');
  const tree = new Tree()
    .write(`/run/containers/storage/overlay-containers/${id}/userdata/config.json`, specOf('app'))
    .write(log, '2026-11-21T12:00:00Z stdout F no such table\n');
  const world = tree.world();
  const table = new ProcessTable(world);
  table.scan();
  const inspector = new CriInspector(world, table, { named: [`unix://${crio.socketPath}`], reader });
  expect(await inspector.listed(id)).toMatchObject({
    name: 'k8s_app_web-0_shop_uid-1_0',
    status: null,
    crio: { pid: 4242 },
    logPath: log,
    logTail: ['2026-11-21T12:00:00Z stdout F no such table'],
  });
  expect(await crioContainer(crio.socketPath, id, 3000)).toMatchObject({ pid: 4242, log_path: log });
  expect(await crioContainer(crio.socketPath, 'b'.repeat(64), 3000)).toBeNull();
  // Of all its paths only this one.
  expect(new Set(crio.http.asked)).toEqual(new Set([`/containers/${id}`, `/containers/${'b'.repeat(64)}`]));
});

test('a container of CRI-O or Podman is found by the name in the command line of its conmon', async () => {
  const bundle = `/run/containers/storage/overlay-containers/${id}/userdata`;
  const words = (name: string): string => ['conmon', '-b', bundle, '-c', id, '-n', name, ''].join('\0');
  const tree = (name: string): Tree =>
    new Tree().process(60, { comm: 'conmon' }, { cmdline: words(name) }).write(`${bundle}/config.json`, specOf('app'));
  expect(await inspectorOf(tree('k8s_app_web-0_shop_uid_0')).running('web-0/app')).toMatchObject({
    id,
    name: 'shop/web-0/app',
    bundle,
    statusError: null,
    spec: { process: { args: ['sleep', '1'] } },
  });
  expect(await inspectorOf(tree('sharp_noether')).running('sharp_noether')).toMatchObject({
    id,
    name: 'sharp_noether',
    statusError: 'it is a container of Podman, which has no daemon',
  });
});

test('the log of a container of Podman is read where its conmon writes it, or it is said where it is', async () => {
  const bundle = `/run/containers/storage/overlay-containers/${id}/userdata`;
  const tree = (log: string): Tree =>
    new Tree()
      .process(
        60,
        { comm: 'conmon' },
        { cmdline: ['conmon', '-b', bundle, '-c', id, '-n', 'db', '-l', log, ''].join('\0') },
      )
      .write(`${bundle}/config.json`, specOf('db'));
  const file = tree(`k8s-file:${bundle}/ctr.log`).write(`${bundle}/ctr.log`, '2026-11-21T12:00:00Z stdout F one\n');
  expect(await inspectorOf(file).running('db')).toMatchObject({
    logPath: `${bundle}/ctr.log`,
    logTail: ['2026-11-21T12:00:00Z stdout F one'],
  });
  expect(await inspectorOf(tree('journald')).running('db')).toMatchObject({
    logPath: null,
    logError: `its log driver journald keeps no file. Read it: journalctl CONTAINER_ID_FULL=${id}`,
  });
});
