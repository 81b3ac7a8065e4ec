import { afterEach, beforeEach, expect, test } from 'vitest';
import { GrpcClient, GrpcError } from '../../../src/collect/cri/grpc-client.ts';
import { methods } from '../../../src/collect/cri/methods.ts';
import { ScriptedRuntime, scriptedContainer } from '../../support/cri/server.ts';
import { waitFor } from '../../support/wait-for.ts';

let runtime: ScriptedRuntime;
let client: GrpcClient;
const { signal } = new AbortController();

beforeEach(async () => {
  runtime = await ScriptedRuntime.start();
  client = new GrpcClient(runtime.socketPath);
});

afterEach(async () => {
  client.close();
  await runtime.close();
});

test('an answer is read, and the question is of exactly the type that CRI-O takes for gRPC', async () => {
  let asked: unknown;
  runtime.on('/runtime.v1.RuntimeService/ListContainers', (_, headers) => {
    asked = [headers['content-type'], headers['te'], headers['containerd-namespace']];
    return { status: 12 };
  });
  expect((await client.call(methods.containerdVersion, null, { signal })).version).toBe('v1.7.24');
  await client.call(methods.listContainers, null, { signal, namespace: 'default' }).catch(() => {});
  expect(asked).toEqual(['application/grpc', 'trailers', 'default']);
});

test('a status that is not OK is an error with its number and words', async () => {
  runtime.on('/runtime.v1.RuntimeService/ContainerStatus', () => ({ status: 5, words: 'container "ä" not found' }));
  const error = await client.call(methods.containerStatus, 'a', { signal }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(GrpcError);
  expect(error).toMatchObject({ grpcStatus: 5, message: 'container "ä" not found' });
});

test('many questions, some given up, are one connection', async () => {
  runtime.containers = Array.from({ length: 3000 }, (_, index) => scriptedContainer(`c${index}`, 's'));
  runtime.on('/runtime.v1.RuntimeService/ContainerStatus', () => 'never');
  const abort = new AbortController();
  const givenUp = client
    .call(methods.containerStatus, 'a', { signal: abort.signal })
    .catch((error: Error) => error.name);
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => client.call(methods.listContainers, null, { signal })),
  );
  abort.abort();
  expect(await givenUp).toBe('AbortError');
  expect((await client.call(methods.listPodSandbox, null, { signal })).items).toEqual([]);
  expect(answers.map(({ containers }) => containers.length)).toEqual([3000, 3000, 3000, 3000, 3000]);
  expect(runtime.connections).toBe(1);
});

test('a stream gives its messages as they come, although its headers come with the first of them', async () => {
  const stream = client.stream(methods.subscribe, ['x'], { signal });
  const first = stream.next();
  await waitFor('the subscription', () => runtime.subscribers === 1);
  runtime.emit('/tasks/start');
  runtime.emit('/tasks/exit');
  expect((await first).value).toMatchObject({ topic: '/tasks/start', namespace: 'k8s.io' });
  expect((await stream.next()).value).toMatchObject({ topic: '/tasks/exit' });
});

test('a connection that is cut fails what is open, and the next question makes another', async () => {
  runtime.on('/runtime.v1.RuntimeService/ContainerStatus', () => 'never');
  const open = client.call(methods.containerStatus, 'a', { signal }).catch((error: unknown) => error);
  await waitFor('the question', () => runtime.calls.length === 1);
  runtime.cutConnections();
  expect(await open).toBeInstanceOf(Error);
  expect((await client.call(methods.containerdVersion, null, { signal })).version).toBe('v1.7.24');
  expect(runtime.connections).toBe(2);
});

test('a socket that is not there is an error that says so', async () => {
  const nowhere = new GrpcClient(`${runtime.socketPath}.gone`);
  await expect(nowhere.call(methods.containerdVersion, null, { signal })).rejects.toMatchObject({ code: 'ENOENT' });
  nowhere.close();
});
