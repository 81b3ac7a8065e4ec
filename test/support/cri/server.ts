import fs from 'node:fs';
import http2 from 'node:http2';
import os from 'node:os';
import path from 'node:path';
import { frame } from '../../../src/collect/cri/grpc-frames.ts';
import {
  ContainerdVersion,
  ContainerStatusAnswer,
  ContainerStatusRequest,
  type CriContainer,
  CriContainerList,
  Envelope,
  NamespaceList,
  type PodSandbox,
  PodSandboxList,
  RuntimeVersion,
  TaskExit,
} from '../../../src/parse/cri/messages.ts';

/** What a scripted runtime does with a question: the message it answers with, a status, or nothing for ever. */
export type Answer = { readonly message: Uint8Array } | { readonly status: number; readonly words?: string } | 'never';
type Script = (question: Uint8Array, headers: http2.IncomingHttpHeaders) => Answer | Promise<Answer>;

const criService = '/runtime.v1.RuntimeService/';

/**
 * A scripted server that speaks the protocol of containerd and the CRI over a unix socket. No runtime is behind it: it says what
 * a test tells it to.
 */
export class ScriptedRuntime {
  readonly socketPath: string;
  sandboxes: PodSandbox[] = [];
  containers: CriContainer[] = [];
  /** Containers whose status lock is held: their status and the list are not answered until it is let go. */
  readonly locked = new Set<string>();
  /** The methods that were called, in their order. */
  readonly calls: string[] = [];
  /** Connections that were made. */
  connections = 0;
  /** Answers nothing at all, as a stopped process does. */
  stopped = false;
  readonly #scripts = new Map<string, Script>();
  readonly #server = http2.createServer();
  readonly #sessions = new Set<http2.ServerHttp2Session>();
  readonly #streams: http2.ServerHttp2Stream[] = [];
  readonly #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-cri-'));
  #unlocked: (() => void)[] = [];

  private constructor(name: string) {
    this.socketPath = path.join(this.#folder, name);
    const version = RuntimeVersion.encode({
      version: '0.1.0',
      runtimeName: 'containerd',
      runtimeVersion: 'v1.7.24',
      runtimeApiVersion: 'v1',
    });
    this.on('/containerd.services.version.v1.Version/Version', () => ({
      message: ContainerdVersion.encode({ version: 'v1.7.24' }).finish(),
    }));
    this.on(`${criService}Version`, () => ({ message: version.finish() }));
    this.on(`${criService}ListPodSandbox`, () => ({
      message: PodSandboxList.encode({ items: this.sandboxes }).finish(),
    }));
    this.on(`${criService}ListContainers`, async () => {
      while (this.locked.size > 0) await new Promise<void>((resolve) => this.#unlocked.push(resolve));
      return { message: CriContainerList.encode({ containers: this.containers }).finish() };
    });
    this.on(`${criService}ContainerStatus`, async (question) => {
      const { containerId } = ContainerStatusRequest.decode(question);
      while (this.locked.has(containerId)) await new Promise<void>((resolve) => this.#unlocked.push(resolve));
      return { message: ContainerStatusAnswer.encode({ status: undefined }).finish() };
    });
    this.on('/containerd.services.namespaces.v1.Namespaces/List', () => ({
      message: NamespaceList.encode({ namespaces: [{ name: 'k8s.io' }] }).finish(),
    }));
  }

  static async start(name = 'containerd.sock'): Promise<ScriptedRuntime> {
    const runtime = new ScriptedRuntime(name);
    await runtime.#listen();
    return runtime;
  }

  get url(): string {
    return `unix://${this.socketPath}`;
  }

  /** What a method answers from now on. */
  on(method: string, script: Script): void {
    this.#scripts.set(method, script);
  }

  unlock(): void {
    this.locked.clear();
    for (const resolve of this.#unlocked.splice(0)) resolve();
  }

  /** How many streams of events are open. */
  get subscribers(): number {
    return this.#streams.filter((stream) => !stream.closed).length;
  }

  /** Something happens to a task: those who subscribed are told. */
  emit(topic: string, namespace = 'k8s.io', containerId = 'c', id = containerId): void {
    const event = { typeUrl: 'containerd.events.TaskExit', value: TaskExit.encode({ containerId, id }).finish() };
    const timestamp = { seconds: 1_795_000_000n, nanos: 5_000_000 };
    for (const stream of this.#streams) {
      if (stream.closed) continue;
      if (!stream.headersSent) stream.respond(headers, { waitForTrailers: true });
      stream.write(frame(Envelope.encode({ timestamp, namespace, topic, event }).finish()));
    }
  }

  /** As a daemon that is killed does it. */
  cutConnections(): void {
    for (const session of this.#sessions) session.destroy();
  }

  async close(): Promise<void> {
    this.unlock();
    this.cutConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    fs.rmSync(this.#folder, { recursive: true, force: true });
  }

  async #listen(): Promise<void> {
    this.#server.on('session', (session) => {
      this.connections++;
      this.#sessions.add(session);
      session.on('close', () => this.#sessions.delete(session));
      session.on('error', () => {});
    });
    this.#server.on('stream', (stream, asked) => {
      stream.on('error', () => {});
      void this.#serve(stream, asked);
    });
    await new Promise<void>((resolve) => this.#server.listen(this.socketPath, resolve));
  }

  async #serve(stream: http2.ServerHttp2Stream, asked: http2.IncomingHttpHeaders): Promise<void> {
    const method = asked[':path'] ?? '';
    this.calls.push(method);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    if (method.endsWith('/Subscribe')) {
      this.#streams.push(stream);
      return;
    }
    const script = this.#scripts.get(method);
    const answer = this.stopped
      ? 'never'
      : await (script?.(Buffer.concat(chunks).subarray(5), asked) ?? { status: 12, words: `unknown method ${method}` });
    if (answer === 'never' || stream.closed) return;
    if ('status' in answer) {
      // As grpc-go does it: an error without a message has its status in the headers.
      const words = encodeURIComponent(answer.words ?? '');
      stream.respond({ ...headers, 'grpc-status': String(answer.status), 'grpc-message': words }, { endStream: true });
      return;
    }
    stream.respond(headers, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': '' }));
    // A message may come in pieces.
    const bytes = frame(answer.message);
    stream.write(bytes.subarray(0, 3));
    stream.end(bytes.subarray(3));
  }
}

const headers = { ':status': 200, 'content-type': 'application/grpc' };

export const scriptedSandbox = (id: string, change: Partial<PodSandbox> = {}): PodSandbox => ({
  id,
  metadata: { name: 'web-0', uid: 'uid-1', namespace: 'shop', attempt: 0 },
  state: 0,
  createdAt: 1_795_000_000_000_000_000n,
  ...change,
});

export const scriptedContainer = (id: string, sandboxId: string, change: Partial<CriContainer> = {}): CriContainer => ({
  id,
  podSandboxId: sandboxId,
  metadata: { name: 'app', attempt: 2 },
  image: { image: 'sha256:feed', userSpecifiedImage: 'registry.example/app:1' },
  imageRef: 'sha256:feed',
  state: 1,
  createdAt: 1_795_000_000_000_000_000n,
  labels: { 'io.kubernetes.container.name': 'app', secret: 'x' },
  annotations: {},
  ...change,
});

/** What `ContainerStatus` answers of a container that runs and writes its log there. */
export function scriptedStatus(id: string, logPath: string): Uint8Array {
  const { metadata, image, imageRef, labels, createdAt } = scriptedContainer(id, 's1');
  return ContainerStatusAnswer.encode({
    status: {
      id,
      metadata,
      state: 1,
      createdAt,
      startedAt: createdAt,
      finishedAt: 0n,
      exitCode: 0,
      image,
      imageRef,
      reason: '',
      message: '',
      labels,
      annotations: {},
      mounts: [],
      logPath,
    },
  }).finish();
}
