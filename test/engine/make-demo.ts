import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from '../support/wait-for.ts';
import { Engine } from './engine.ts';
import { FrozenVolume } from './frozen-volume.ts';
import { processesOfContainer } from './proc.ts';
import { cleanEnv, launcher } from './rtwatch.ts';
import { run } from './run.ts';
import { Scratch } from './scratch.ts';

/**
 * Makes `demo/stop.zst`, what `rtwatch demo` plays: the program's own recording of a real incident. A volume is frozen as a
 * dead disk would freeze it, its writer waits in D, the container cannot be stopped, every attempt leaves goroutines in
 * dockerd; then the volume comes back. As root: `bin/node test/engine/make-demo.ts FILE`.
 */
const writeForEver =
  'while :; do dd if=/dev/zero of=/data/file bs=64k count=1 conv=fsync 2>/dev/null; sleep 0.05; done';
const idle = 'trap "exit 0" TERM; while :; do sleep 1; done';
const insideFlag = '--inside';
const volumePath = '/srv/orders-db';

interface Pod {
  readonly container: string;
  readonly name: string;
  readonly namespace: string;
}

const orders: Pod = { container: 'orders-db', name: 'orders-db-0', namespace: 'shop' };
const others: readonly Pod[] = [
  { container: 'web', name: 'web-6d4cf56db6-x2x7p', namespace: 'shop' },
  { container: 'cart', name: 'cart-5c689d88bb-q4w8z', namespace: 'shop' },
  { container: 'fluentd', name: 'fluentd-hjj42', namespace: 'kube-system' },
];

/** When what happens, in seconds from the start of the recording: the captions of the demo follow it. */
const plan = { freeze: 12, stop: 20, moreStops: 28, thaw: 62, end: 86 };
const stopEveryMs = 70;

const isInside = process.argv.includes(insideFlag);
const target = path.resolve(process.argv.slice(2).find((word) => !word.startsWith('--')) ?? 'demo/stop.zst');
process.exitCode = isInside ? await make(target) : await enter(target);

/** In namespaces of its own: no process and no name of this machine gets into the recording. */
async function enter(file: string): Promise<number> {
  const self = fileURLToPath(import.meta.url);
  // /srv is only for this namespace: the path of the volume is read by everyone who plays the demo.
  const script = 'mount --make-rprivate / && mount -t tmpfs tmpfs /srv && hostname node-7 && exec "$@"';
  const child = spawn(
    'unshare',
    [
      ...['--pid', '--fork', '--mount-proc', '--mount', '--uts', '--kill-child', '--', 'sh', '-c', script, 'sh'],
      ...[process.execPath, self, insideFlag, file],
    ],
    { stdio: 'inherit' },
  );
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

async function make(file: string): Promise<number> {
  const scratch = new Scratch();
  try {
    await leaveMounts(scratch.path);
    const engine = await Engine.start(scratch);
    const volume = await FrozenVolume.make(scratch, 64, volumePath);
    const id = await start(engine, orders, writeForEver, [`--volume=${volume.path}:/data`]);
    for (const pod of others) await start(engine, pod, idle);
    await waitFor('the first write', () => fs.existsSync(`${volume.path}/file`));
    const recorder = record(scratch, engine, file);
    const begun = performance.now();
    const until = (second: number): Promise<void> =>
      new Promise((resolve) => setTimeout(resolve, begun + second * 1000 - performance.now()));
    await until(plan.freeze);
    await volume.freeze();
    await waitFor('a writer in D', () => processesOfContainer(id).some(({ state }) => state === 'D'));
    await until(plan.stop);
    const stops = [engine.stop(id, 60_000)];
    for (let ms = plan.moreStops * 1000; ms < (plan.thaw - 4) * 1000; ms += stopEveryMs) {
      await until(ms / 1000);
      // As a kubelet that retries does, only faster: a day of it in half a minute.
      stops.push(askToStop(engine.socketPath, id));
    }
    await until(plan.thaw);
    volume.thaw();
    await Promise.all(stops);
    await until(plan.end);
    const ended = new Promise((resolve) => recorder.once('close', resolve));
    recorder.kill('SIGTERM');
    await ended;
    return fs.existsSync(file) ? 0 : 1;
  } finally {
    await scratch.close();
  }
}

/** Mounts of this machine below its folders for data that nobody of the demo needs; as good as it goes. */
async function leaveMounts(own: string): Promise<void> {
  const mounts = fs
    .readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '');
  const needed = /^(?:\/|\/(?:proc|sys|dev|run|tmp|etc|srv)(?:\/.*)?)$/;
  for (const mount of mounts.reverse()) {
    if (mount === '' || mount.startsWith(own)) continue;
    if (needed.test(mount) && !mount.includes('rtwatch-engine-')) continue;
    // Not where this very program lives.
    if (process.execPath.startsWith(`${mount}/`) || process.cwd().startsWith(mount)) continue;
    await run('umount', ['--lazy', mount]);
  }
}

function start(engine: Engine, { container, name, namespace }: Pod, script: string, options: string[] = []) {
  const uid = 'b6c4e3a2-5d1f-4c7e-9a90-3f2d8c1e7b55';
  const labels = {
    'io.kubernetes.container.name': container,
    'io.kubernetes.pod.name': name,
    'io.kubernetes.pod.namespace': namespace,
    'io.kubernetes.pod.uid': uid,
  };
  const words = Object.entries(labels).map(([key, value]) => `--label=${key}=${value}`);
  return engine.run(`k8s_${container}_${name}_${namespace}_${uid}_0`, script, [...words, ...options]);
}

/** `docker stop` without the client, which would load the machine more than the engine does. Resolves when it is over, however. */
function askToStop(socketPath: string, id: string): Promise<void> {
  return new Promise((resolve) => {
    const request = http.request({ socketPath, path: `/containers/${id}/stop?t=1`, method: 'POST' }, (response) => {
      response.resume().on('close', resolve);
    });
    request.on('error', () => resolve());
    request.end();
  });
}

function record(scratch: Scratch, engine: Engine, file: string): ChildProcess {
  const args = ['record', file, '--docker-host', engine.host, '--log', scratch.of('dockerd.log')];
  return spawn(launcher, args, { cwd: '/', detached: true, env: cleanEnv(scratch), stdio: 'inherit' });
}
