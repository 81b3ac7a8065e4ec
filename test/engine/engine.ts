import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../support/wait-for.ts';
import { ask, askGoroutines } from './ask.ts';
import { processesIn, rememberOutside, thawBelow } from './clear.ts';
import { run, succeed, toolEnv } from './run.ts';
import type { Scratch } from './scratch.ts';

const newerRoot = fileURLToPath(new URL('../../.cache/newer-engines', import.meta.url));
/** Where its programs are. */
export const newerFolders = ['usr/bin', 'usr/sbin'].map((folder) => `${newerRoot}/root/${folder}`);

/** Whether `prepare-newer` could fetch a newer containerd and Docker. */
export const hasNewer = fs.existsSync(`${newerRoot}/complete`);

/** Where the daemons and their shims write although told otherwise. */
const outside = [
  ...['/run/docker/plugins', '/run/docker', '/run/containerd/s', '/run/containerd/fifo', '/run/containerd/runc/moby'],
  ...['/run/containerd/runc', '/run/containerd', '/etc/docker/key.json', '/etc/docker'],
];

/** The only image there is: no registry is asked. */
export const image = 'rtwatch-test:busybox';

export interface EngineOptions {
  /**
   * The daemons live in a mount namespace of their own: `slave` as `MountFlags=slave` in their units makes it, `shared` as a
   * host of their own would be.
   */
  readonly ownMountNamespace?: 'slave' | 'shared';
  /** Containers go on when dockerd ends; on when not told. */
  readonly liveRestore?: boolean;
  /** Runtimes beside runc, by name: programs in the test's folder, made before the engine starts. */
  readonly runtimes?: Readonly<Record<string, string>>;
  /** What `prepare-newer` fetched, instead of what is installed. */
  readonly newer?: boolean;
  /** Images and layers are containerd's instead of dockerd's own (Docker 29's default). */
  readonly containerdImageStore?: boolean;
}

/**
 * A dockerd of its own with a containerd of its own, every file, socket and state of which is in the test's folder.
 */
export class Engine {
  readonly #scratch: Scratch;
  #containerd: ChildProcess | null = null;
  #dockerd: ChildProcess | null = null;
  readonly #options: EngineOptions;

  private constructor(scratch: Scratch, options: EngineOptions) {
    this.#scratch = scratch;
    this.#options = options;
  }

  /**
   * Starts one, with the image in it; `Scratch.close` ends it.
   *
   * @throws when a daemon does not come up, with the end of its log
   */
  static async start(scratch: Scratch, options: EngineOptions = {}): Promise<Engine> {
    const engine = new Engine(scratch, options);
    rememberOutside(scratch.path, outside, 'docker');
    scratch.onClose(() => engine.#stop());
    await engine.#startContainerd();
    await engine.startDockerd();
    await engine.#importImage();
    return engine;
  }

  /** As `DOCKER_HOST` has it. */
  get host(): string {
    return `unix://${this.socketPath}`;
  }

  get socketPath(): string {
    return this.#scratch.of('docker.sock');
  }

  get containerdDebugSocketPath(): string {
    return this.#scratch.of('containerd-debug.sock');
  }

  /** As dockerd wrote it into its pidfile. */
  get dockerdPid(): number {
    return Number(fs.readFileSync(this.#scratch.of('docker.pid'), 'utf8'));
  }

  get containerdPid(): number {
    return this.#containerd?.pid ?? 0;
  }

  /** For rtwatch: the logs of these daemons instead of those of the machine. */
  get ownLogs(): string[] {
    return ['dockerd.log', 'containerd.log'].flatMap((name) => ['--log', this.#scratch.of(name)]);
  }

  /** What dockerd answers to a `GET`. */
  ask(path: string): Promise<string> {
    return ask(this.socketPath, path);
  }

  /** How many goroutines dockerd says it has. */
  goroutines(): Promise<number> {
    return askGoroutines(this.socketPath);
  }

  /** Runs the docker client; resolves with what it printed. */
  docker(...args: string[]): Promise<string> {
    return succeed('docker', args, { env: this.#clientEnv() });
  }

  /** `docker run -d`; resolves with the full id. */
  run(name: string, script: string, options: readonly string[] = []): Promise<string> {
    return this.docker('run', '-d', '--net=none', `--name=${name}`, ...options, image, '/bin/sh', '-c', script);
  }

  /** `docker stop`, as a kubelet does it: given up when it takes too long. Resolves when it has ended or is given up. */
  async stop(container: string, timeoutMs: number): Promise<void> {
    await run('docker', ['stop', '-t', '1', container], { env: this.#clientEnv(), timeoutMs });
  }

  /** The ids of all containers, whatever their state. */
  async containers(): Promise<string[]> {
    const list = JSON.parse(await this.ask('/containers/json?all=1')) as readonly { readonly Id: string }[];
    return list.map(({ Id }) => Id);
  }

  /**
   * Undoes what a test left that failed, so that its second try does not meet it.
   *
   * @param keep the containers that were there before the test
   * @throws when a container cannot be removed
   */
  async heal(keep: readonly string[]): Promise<void> {
    thawBelow(this.#scratch.path);
    for (const { pid, state } of processesIn(this.#scratch.path)) if (state === 'T') process.kill(pid, 'SIGCONT');
    if (this.#dockerd === null) await this.startDockerd();
    const left = (await this.containers()).filter((id) => !keep.includes(id));
    const remove = async (): Promise<boolean> => {
      // One of them may be stopping or being removed still, or be gone meanwhile.
      const here = (await this.containers()).filter((id) => left.includes(id));
      if (here.length > 0) await this.docker('rm', '-f', ...here);
      return true;
    };
    await waitFor('the containers of a test to be removed', remove, { everyMs: 500 });
  }

  /** Ends both daemons with SIGKILL and starts them again, in another mount namespace when they have one of their own. */
  async restartDaemons(): Promise<void> {
    await this.killDockerd();
    await end(this.#containerd, 'SIGKILL');
    await this.#startContainerd();
    await this.startDockerd();
  }

  /** Ends dockerd with SIGKILL; the containers stay. */
  async killDockerd(): Promise<void> {
    await end(this.#dockerd, 'SIGKILL');
    this.#dockerd = null;
  }

  /** Starts dockerd, again after `killDockerd`, and waits until it answers. */
  async startDockerd(): Promise<void> {
    const of = (name: string): string => this.#scratch.of(name);
    // live-restore keeps the containers over dockerd's death; ip-forward would change a setting of this machine.
    fs.writeFileSync(
      of('daemon.json'),
      JSON.stringify({
        'live-restore': this.#options.liveRestore ?? true,
        'ip-forward': false,
        runtimes: Object.fromEntries(
          Object.entries(this.#options.runtimes ?? {}).map(([name, file]) => [name, { path: of(file) }]),
        ),
        ...(this.#options.containerdImageStore ? { features: { 'containerd-snapshotter': true } } : {}),
      }),
    );
    // Both daemons live in the same namespace, as dockerd's own containerd does.
    const enter =
      this.#options.ownMountNamespace !== undefined
        ? ['nsenter', '-t', `${this.containerdPid}`, '-m', `--wdns=${this.#scratch.path}`]
        : [];
    this.#dockerd = this.#spawn(
      'dockerd',
      [...enter, 'dockerd'],
      [
        ...['--config-file', of('daemon.json')],
        ...['--data-root', of('docker')],
        ...['--exec-root', of('exec')],
        ...['--pidfile', of('docker.pid')],
        ...['--host', this.host],
        ...['--containerd', of('containerd.sock')],
        '--iptables=false',
        '--bridge=none',
      ],
    );
    await this.#untilUp('dockerd', this.#dockerd, () => this.ask('/_ping'));
  }

  async #startContainerd(): Promise<void> {
    const of = (name: string): string => JSON.stringify(this.#scratch.of(name));
    const config = [
      'version = 2',
      `root = ${of('containerd')}`,
      `state = ${of('containerd-state')}`,
      'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
      `[grpc]\naddress = ${of('containerd.sock')}`,
      `[debug]\naddress = ${of('containerd-debug.sock')}`,
      `[plugins."io.containerd.internal.v1.opt"]\npath = ${of('containerd-opt')}`,
    ];
    const file = this.#scratch.of('containerd.toml');
    fs.writeFileSync(file, `${config.join('\n')}\n`);
    const enter =
      this.#options.ownMountNamespace !== undefined
        ? ['unshare', '-m', '--propagation', this.#options.ownMountNamespace]
        : [];
    this.#containerd = this.#spawn('containerd', [...enter, 'containerd'], ['--config', file]);
    await this.#untilUp('containerd', this.#containerd, async () => {
      await askGoroutines(this.containerdDebugSocketPath);
      // The debug socket is served first.
      return fs.existsSync(this.#scratch.of('containerd.sock'));
    });
  }

  get #path(): string {
    const installed = toolEnv()['PATH'] ?? '';
    return this.#options.newer ? [...newerFolders, installed].join(':') : installed;
  }

  /** Detached: Ctrl-C in the terminal must not end a daemon before its filesystem is thawed. */
  #spawn(name: string, [program = name, ...before]: readonly string[], args: readonly string[]): ChildProcess {
    const log = fs.openSync(this.#scratch.of(`${name}.log`), 'a');
    const env = { PATH: this.#path, HOME: this.#scratch.path };
    // In the folder: that is how `clear` knows a process to be one of the test's.
    const child = spawn(program, [...before, ...args], {
      cwd: this.#scratch.path,
      detached: true,
      env,
      stdio: ['ignore', log, log],
    });
    fs.closeSync(log);
    child.on('error', () => {});
    child.unref();
    return child;
  }

  async #untilUp(name: string, child: ChildProcess, isUp: () => Promise<unknown>): Promise<void> {
    const failed = (): string => fs.readFileSync(this.#scratch.of(`${name}.log`), 'utf8').slice(-3000);
    const isOver = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    const up = await waitFor(`${name} to answer`, async () => (isOver() ? 'over' : (await isUp()) && 'up'), {
      everyMs: 30,
      detail: failed,
    });
    if (up === 'over') throw new Error(`${name} did not start\n${failed()}`);
  }

  async #importImage(): Promise<void> {
    const rootfs = this.#scratch.of('rootfs');
    fs.mkdirSync(`${rootfs}/bin`, { recursive: true });
    fs.copyFileSync(await succeed('sh', ['-c', 'command -v busybox']), `${rootfs}/bin/busybox`);
    fs.chmodSync(`${rootfs}/bin/busybox`, 0o755);
    for (const applet of ['sh', 'sleep', 'dd', 'true']) fs.symlinkSync('busybox', `${rootfs}/bin/${applet}`);
    await succeed('tar', ['-C', rootfs, '-cf', `${rootfs}.tar`, '.']);
    await this.docker('import', `${rootfs}.tar`, image);
  }

  /** As good as it goes: what does not end here is ended by `clear`. */
  async #stop(): Promise<void> {
    const isRunning = this.#dockerd !== null && this.#dockerd.exitCode === null && this.#dockerd.signalCode === null;
    if (isRunning) {
      const env = this.#clientEnv();
      const { stdout } = await run('docker', ['ps', '-aq', '--no-trunc'], { env, timeoutMs: 10_000 });
      const ids = stdout.split('\n').filter((id) => id !== '');
      if (ids.length > 0) await run('docker', ['rm', '-f', ...ids], { env, timeoutMs: 20_000 });
    }
    await end(this.#dockerd, 'SIGTERM');
    await end(this.#containerd, 'SIGTERM');
  }

  #clientEnv(): NodeJS.ProcessEnv {
    return {
      PATH: this.#path,
      DOCKER_HOST: this.host,
      // Not the user's: it may name another context.
      DOCKER_CONFIG: this.#scratch.of('docker-config'),
      HOME: this.#scratch.path,
    };
  }
}

/** Sends a signal and waits for the end; SIGKILL follows when that takes longer than ten seconds. */
async function end(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  child.kill(signal);
  await ended;
  clearTimeout(impatience);
}
