import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GrpcClient, type GrpcMethod } from '../../src/collect/cri/grpc-client.ts';
import { methods } from '../../src/collect/cri/methods.ts';
import { waitFor } from '../support/wait-for.ts';
import { CriContainerd } from './cri-containerd.ts';
import { processesOfContainer } from './proc.ts';

/**
 * Makes `test/recordings/cri`: what real containerds answer to the methods that rtwatch calls, byte for byte. As root:
 * `bin/node test/engine/make-cri-answers.ts`.
 */
const folder = fileURLToPath(new URL('../recordings/cri', import.meta.url));

fs.mkdirSync(folder, { recursive: true });
for (const [version, newer] of [
  ['1.6', false],
  ['2.1', true],
] as const) {
  const node = new CriContainerd(newer);
  try {
    await node.start();
    const text = `${JSON.stringify(await answersOf(node), null, 1)}\n`;
    fs.writeFileSync(`${folder}/containerd-${version}.json`, text);
  } finally {
    await node.scratch.close();
  }
}

/** A pod with a container that runs and one that has exited, and a pod that was stopped. */
async function answersOf(node: CriContainerd): Promise<Record<string, unknown>> {
  const client = new GrpcClient(node.socketPath);
  const pod = await node.runPod('web-0');
  const running = await node.runContainer(pod, 'app', 'sleep 1000000');
  const exited = await node.runContainer(pod, 'once', 'exit 3');
  await waitFor('the exit', () => processesOfContainer(exited).length === 0);
  const raw = async (path: string, question: Uint8Array = new Uint8Array(), namespace?: string): Promise<string> => {
    const method: GrpcMethod<Uint8Array, Uint8Array> = { path, encode: (bytes) => bytes, decode: (bytes) => bytes };
    const options = { signal: AbortSignal.timeout(5000), ...(namespace === undefined ? {} : { namespace }) };
    return masked(await client.call(method, question, options), node.scratch.path);
  };
  try {
    const status = (id: string): Promise<string> =>
      raw(methods.containerStatus.path, methods.containerStatus.encode(id));
    await waitFor('the exit in the status', async () => Buffer.from(await status(exited), 'base64').includes('Error'));
    return {
      pod: pod.id,
      running,
      exited,
      version: await raw(methods.containerdVersion.path),
      namespaces: await raw(methods.listNamespaces.path),
      pods: await raw(methods.listPodSandbox.path),
      containers: await raw(methods.listContainers.path),
      runningStatus: await status(running),
      exitedStatus: await status(exited),
      containerdContainers: await raw(methods.listContainerdContainers.path, undefined, 'k8s.io'),
    };
  } finally {
    client.close();
  }
}

/** In base64. Another folder of the same length: a length comes before each text. */
function masked(bytes: Uint8Array, folder: string): string {
  const place = '/var/lib/node'.padEnd(folder.length, '-');
  return Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll(folder, place), 'latin1').toString('base64');
}
