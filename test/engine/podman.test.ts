import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { NodeWatch } from './node-watch.ts';
import { argumentsOf, type Process, processes } from './proc.ts';
import { Rtwatch } from './rtwatch.ts';
import { succeed, toolEnv } from './run.ts';
import { Scratch } from './scratch.ts';

/** Podman with folders of its own. Its default limits are above what a container of CI may raise. */
const limits = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];
const ignoresTerm = 'trap "" TERM; while :; do /bin/busybox sleep 1; done';

let scratch: Scratch;
let service: ChildProcess;
let options: string[];

beforeAll(async () => {
  scratch = new Scratch();
  options = [
    ...['--root', scratch.of('podman-root'), '--runroot', scratch.of('podman-run'), '--tmpdir', scratch.of('libpod')],
    ...['--cgroup-manager', 'cgroupfs', '--runtime', 'runc', '--storage-driver', 'overlay', '--events-backend', 'file'],
  ];
  fs.mkdirSync(scratch.of('rootfs', 'bin'), { recursive: true });
  fs.copyFileSync((await succeed('sh', ['-c', 'command -v busybox'])).trim(), scratch.of('rootfs/bin/busybox'));
  await succeed('tar', ['-C', scratch.of('rootfs'), '-cf', scratch.of('image.tar'), '.']);
  await podman('import', scratch.of('image.tar'), 'busybox');
  fs.mkdirSync(scratch.of('podman'));
  service = spawn('podman', [...options, 'system', 'service', '--time', '0', `unix://${socket()}`], {
    cwd: scratch.path,
    env: toolEnv(),
    stdio: 'ignore',
  });
  scratch.onClose(async () => {
    await podman('rm', '--all', '--force', '--time', '0');
    service.kill();
    // Each conmon starts a podman of its own that cleans up and mounts the storage again: not below our unmounting.
    await waitFor('the last podman to end', () => podmans().length === 0);
  });
  await waitFor('the service to listen', () => fs.existsSync(socket()));
  for (const [name, command] of [
    ['web-1', 'exec /bin/busybox sleep 99999'],
    ['deaf-1', ignoresTerm],
  ] as const)
    await podman(
      'run',
      '-d',
      ...limits,
      '--network',
      'none',
      '--name',
      name,
      'busybox',
      '/bin/busybox',
      'sh',
      '-c',
      command,
    );
});

afterAll(() => scratch.close());

const socket = (): string => scratch.of('podman', 'podman.sock');

/** What of Podman runs on the test's folder. It works in no folder of the test, so its arguments have to tell. */
function podmans(): Process[] {
  const named = processes().filter(({ comm, state }) => /^(?:podman|conmon)/.test(comm) && state !== 'Z');
  return named.filter(({ pid }) => argumentsOf(pid).some((argument) => argument.startsWith(scratch.path)));
}

function podman(...args: string[]): Promise<string> {
  return succeed('podman', [...options, ...args]);
}

test('the containers of Podman are listed by name where no socket of it was named', async () => {
  const watch = new NodeWatch(new Rtwatch(scratch, null));
  onTestFinished(() => watch.close());
  await watch.until('the containers', ({ containers }) =>
    ['deaf-1', 'web-1'].every((name) => containers?.list.some((container) => container.name === name)),
  );
});

test('the engine is the process that listens on its socket', async () => {
  const watch = new NodeWatch(new Rtwatch(scratch, { host: `unix://${socket()}` }));
  onTestFinished(() => watch.close());
  await watch.until('the process', ({ daemons }) =>
    daemons.find(({ isEngine, process }) => isEngine && process?.pid === service.pid),
  );
});

test('a container that ignores SIGTERM is stopping until its timeout, and not stuck', async () => {
  const watch = new NodeWatch(new Rtwatch(scratch, { host: `unix://${socket()}` }));
  onTestFinished(() => watch.close());
  const inState = (state: string) =>
    watch.until(`it to be ${state}`, ({ containers }) =>
      containers?.list.find((container) => container.name === 'deaf-1' && container.state === state),
    );
  await inState('running');
  // Long, so that a slow poll still meets it.
  const stopped = podman('stop', '--time', '12', 'deaf-1');
  expect(await inState('stopping')).toMatchObject({ stuck: false });
  await stopped;
  await inState('exited');
});
