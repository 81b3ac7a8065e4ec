import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { GrpcClient, type GrpcMethod } from '../../src/collect/cri/grpc-client.ts';
import { methods } from '../../src/collect/cri/methods.ts';
import {
  CreateContainerRequest,
  CreateContainerResponse,
  IdRequest,
  type PodConfig,
  RunPodSandboxRequest,
  RunPodSandboxResponse,
  StopContainerRequest,
  UpdateContainerResourcesRequest,
} from '../support/cri/pods.ts';
import { waitFor } from '../support/wait-for.ts';
import { processesIn, rememberOutside, thawBelow, tryKill } from './clear.ts';
import { criConfig } from './cri-config.ts';
import { makeArchive } from './cri-image.ts';
import { newerFolders } from './engine.ts';
import { processes } from './proc.ts';
import { succeed, toolEnv } from './run.ts';
import { Scratch } from './scratch.ts';

const image = 'docker.io/rtwatch-test/busybox:1';
const service = '/runtime.v1.RuntimeService';

/** Where shims and runc write although told otherwise. */
const outside = ['/run/containerd/s', '/run/containerd/runc/k8s.io', '/run/containerd/runc', '/run/containerd'];

/** A pod that the tests made. */
export interface Pod {
  readonly config: PodConfig;
  readonly id: string;
}

interface PodOptions {
  readonly namespace?: string;
  readonly network?: 'node' | 'pod';
  readonly timeoutMs?: number;
}

/** A containerd with the CRI of its own, every file and socket of which is in the test's folder, and no dockerd. */
export class CriContainerd {
  readonly scratch = new Scratch();
  readonly #newer: boolean;
  #containerd: ChildProcess | null = null;
  #client: GrpcClient | null = null;
  readonly #pods = new Set<Pod>();
  #made = 0;

  /** @param newer the containerd that `prepare-newer` fetched, instead of the one that is installed */
  constructor(newer = false) {
    this.#newer = newer;
  }

  /** @throws when containerd does not come up, with the end of its log */
  async start(): Promise<void> {
    rememberOutside(this.scratch.path, outside, 'k8s.io');
    this.scratch.onClose(() => this.#stop());
    await this.startContainerd();
    await this.#importImage();
  }

  get socketPath(): string {
    return this.scratch.of('containerd.sock');
  }

  get logFile(): string {
    return this.scratch.of('containerd.log');
  }

  /** Where containerd keeps what it knows of a container or a sandbox. */
  rootOf(kind: 'containers' | 'sandboxes', id: string): string {
    return this.scratch.of('containerd', 'io.containerd.grpc.v1.cri', kind, id);
  }

  bundleOf(id: string): string {
    return this.scratch.of('containerd-state', 'io.containerd.runtime.v2.task', 'k8s.io', id);
  }

  get pid(): number {
    return this.#containerd?.pid ?? 0;
  }

  /**
   * A pod without a network of its own, so that no CNI plugin is needed; or with one, by the plugin that the test put there.
   *
   * @param timeoutMs when the call is given up
   */
  async runPod(
    name: string,
    { namespace = 'shop', network = 'node', timeoutMs = 60_000 }: PodOptions = {},
  ): Promise<Pod> {
    // Another one each time: containerd reserves a name for as long as it knows a pod of it.
    const uid = `uid-${name}-${this.#made++}`;
    const config: PodConfig = {
      metadata: { name, uid, namespace, attempt: 0 },
      logDirectory: this.scratch.of('pods', `${namespace}_${name}_${uid}`),
      labels: {
        'io.kubernetes.pod.name': name,
        'io.kubernetes.pod.namespace': namespace,
        'io.kubernetes.pod.uid': uid,
      },
      annotations: {},
      linux: {
        cgroupParent: '/k8s.io',
        securityContext: { namespaceOptions: { network: network === 'node' ? 2 : 0, pid: 1 } },
      },
    };
    const { podSandboxId } = await this.#call(
      'RunPodSandbox',
      RunPodSandboxRequest.encode({ config }).finish(),
      RunPodSandboxResponse.decode,
      timeoutMs,
    );
    const pod = { config, id: podSandboxId };
    this.#pods.add(pod);
    return pod;
  }

  /** Makes and starts a container in a pod; resolves with its id. */
  async runContainer(pod: Pod, name: string, script: string, volume?: string): Promise<string> {
    const { containerId } = await this.#call(
      'CreateContainer',
      CreateContainerRequest.encode({
        podSandboxId: pod.id,
        sandboxConfig: pod.config,
        config: {
          metadata: { name, attempt: 0 },
          image: { image },
          command: ['/bin/sh', '-c', script],
          mounts: volume === undefined ? [] : [{ containerPath: '/data', hostPath: volume }],
          labels: { ...pod.config.labels, 'io.kubernetes.container.name': name },
          annotations: {},
          logPath: `${name}/0.log`,
        },
      }).finish(),
      CreateContainerResponse.decode,
    );
    await this.#call('StartContainer', idOf(containerId));
    return containerId;
  }

  /** As the kubelet stops it; resolves when it has ended or containerd gives up. */
  stopContainer(containerId: string, timeoutMs: number): Promise<unknown> {
    const question = StopContainerRequest.encode({ containerId, timeout: 1n }).finish();
    return this.#call('StopContainer', question, () => null, timeoutMs).catch((error: unknown) => error);
  }

  /** As the kubelet's CPU manager does it: containerd holds the status lock of the container while it asks its shim. */
  updateResources(containerId: string, timeoutMs: number): Promise<unknown> {
    const question = UpdateContainerResourcesRequest.encode({ containerId, linux: { cpuShares: 300n } }).finish();
    return this.#call('UpdateContainerResources', question, () => null, timeoutMs).catch((error: unknown) => error);
  }

  /** As the kubelet does it: what fails is to be tried again. */
  async removePod(pod: Pod, timeoutMs = 60_000): Promise<void> {
    await this.#call('StopPodSandbox', idOf(pod.id), () => null, timeoutMs);
    await this.#call('RemovePodSandbox', idOf(pod.id), () => null, timeoutMs);
    this.#pods.delete(pod);
  }

  /**
   * Undoes what a test left that failed, so that neither its second try nor the next test meets it. Does nothing after a
   * test that removed its pods.
   *
   * @throws when a pod cannot be removed
   */
  async heal(): Promise<void> {
    thawBelow(this.scratch.path);
    for (const { pid, state } of processesIn(this.scratch.path)) if (state === 'T') process.kill(pid, 'SIGCONT');
    if (this.#containerd === null) await this.startContainerd();
    const remove = (pod: Pod): Promise<unknown> =>
      waitFor(`pod ${pod.config.metadata?.name} to be removed`, () => this.removePod(pod).then(() => true), {
        everyMs: 500,
      });
    await Promise.all([...this.#pods].map(remove));
  }

  /** The pid of the shim of a pod. */
  shimOf(pod: Pod): number {
    const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const shim = pids.find((pid) => tryLink(`/proc/${pid}/cwd`)?.endsWith(`/k8s.io/${pod.id}`));
    if (shim === undefined) throw new Error(`no shim of ${pod.id}`);
    return Number(shim);
  }

  /**
   * Ends containerd, the containers of a pod and their bundles, and starts containerd again: nothing but the shim is left,
   * and no process knows of it.
   *
   * @returns its pid
   */
  async leakShim(pod: Pod, containers: readonly string[]): Promise<number> {
    const shim = this.shimOf(pod);
    await this.killContainerd();
    for (const { pid, ppid } of processes()) if (ppid === shim) tryKill(pid);
    for (const id of [...containers, pod.id]) {
      execFileSync('umount', ['--lazy', `${this.bundleOf(id)}/rootfs`], { env: toolEnv() });
      fs.rmSync(this.bundleOf(id), { recursive: true, force: true });
    }
    await this.startContainerd();
    return shim;
  }

  /** SIGKILL; pods and containers stay. */
  async killContainerd(): Promise<void> {
    const child = this.#containerd;
    if (child === null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    this.#containerd = null;
  }

  async startContainerd(): Promise<void> {
    fs.writeFileSync(this.scratch.of('containerd.toml'), criConfig(this.scratch, image, this.#newer));
    const log = fs.openSync(this.scratch.of('containerd.log'), 'a');
    this.#containerd = spawn('containerd', ['--config', this.scratch.of('containerd.toml')], {
      cwd: this.scratch.path,
      detached: true,
      env: { PATH: this.#path, HOME: this.scratch.path },
      stdio: ['ignore', log, log],
    });
    fs.closeSync(log);
    this.#containerd.on('error', () => {});
    this.#containerd.unref();
    this.#client?.close();
    this.#client = new GrpcClient(this.socketPath);
    const client = this.#client;
    await waitFor(
      'containerd to answer',
      async () => (await client.call(methods.listPodSandbox, null, { signal: AbortSignal.timeout(10_000) })) && true,
      {
        everyMs: 50,
        detail: () => fs.readFileSync(this.scratch.of('containerd.log'), 'utf8').slice(-2000),
      },
    );
  }

  async #call<A>(
    name: string,
    question: Uint8Array,
    decode: (bytes: Uint8Array) => A = () => null as A,
    timeoutMs = 60_000,
  ): Promise<A> {
    if (this.#client === null) throw new Error('containerd is not started');
    const method: GrpcMethod<Uint8Array, A> = { path: `${service}/${name}`, encode: (bytes) => bytes, decode };
    return this.#client.call(method, question, { signal: AbortSignal.timeout(timeoutMs) });
  }

  async #importImage(): Promise<void> {
    const archive = await makeArchive(this.scratch, image);
    const ctr = ['--address', this.socketPath, '--namespace', 'k8s.io'];
    const local = this.#newer ? ['--local'] : [];
    await succeed('ctr', [...ctr, 'images', 'import', ...local, '--snapshotter', 'native', archive], {
      env: { ...toolEnv(), PATH: this.#path },
    });
  }

  get #path(): string {
    const installed = toolEnv()['PATH'] ?? '';
    return this.#newer ? [...newerFolders, installed].join(':') : installed;
  }

  /** As good as it goes: what does not end here is ended by `clear`. */
  async #stop(): Promise<void> {
    await Promise.all([...this.#pods].map((pod) => this.removePod(pod).catch(() => {})));
    this.#client?.close();
    const child = this.#containerd;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(impatience);
  }
}

const idOf = (id: string): Uint8Array => IdRequest.encode({ id }).finish();

function tryLink(file: string): string | null {
  try {
    return fs.readlinkSync(file);
  } catch {
    return null;
  }
}
