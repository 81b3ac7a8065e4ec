import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { answer, type Handler, neverAnswer, StandIn } from '../../collect/stand-in.ts';
import { Tree } from '../../support/world.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
const id = 'a1'.repeat(32);
const bundle = `/run/containers/storage/overlay-containers/${id}/userdata`;

/** A node with a container of Podman, `web`, by its monitor alone. */
const node = (): Tree =>
  new Tree()
    .process(60, { comm: 'conmon' }, { cmdline: ['conmon', '-b', bundle, '-c', id, '-n', 'web', ''].join('\0') })
    .write(`${bundle}/config.json`, '{}');

interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function inspect(name: string, socketPath: string | null): Promise<Said> {
  const { procfs, sysfs, rootfs } = node().roots;
  const named = socketPath === null ? [] : ['--docker-host', `unix://${socketPath}`];
  const child = spawn(launcher, ['inspect', name, '--procfs', procfs, '--sysfs', sysfs, '--rootfs', rootfs, ...named], {
    env: { PATH: process.env['PATH'], HOME: rootfs },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

const engine = (handler: Handler): Promise<StandIn> =>
  StandIn.listen(Object.fromEntries(['web', id].map((name) => [`/containers/${name}/json`, handler])));

test('an engine that was named is asked, although the node has another container of that name', async () => {
  const { socketPath } = await engine(answer('{"Id":"of the engine"}'));
  expect((await inspect('web', socketPath)).stdout).toContain('of the engine');
  expect((await inspect('web', null)).stdout).toContain(`"id":"${id}"`);
});

test('one that is not there, or does not answer, is said to: no other container is shown in its place', async () => {
  const absent = await inspect('web', '/nowhere/podman.sock');
  expect(absent).toMatchObject({ code: 65, stdout: '' });
  expect(absent.stderr).toMatch(/^rtwatch: inspect of web: no such socket: .*podman\.socket/);
  const { socketPath } = await engine(neverAnswer);
  const silent = await inspect('web', socketPath);
  expect(silent).toMatchObject({ code: 65, stdout: '' });
  expect(silent.stderr).toContain(`no answer from unix://${socketPath} within 5s`);
  // A whole id can only be this container's: what its monitor and files say is shown, with the silence.
  const whole = JSON.parse((await inspect(id, socketPath)).stdout) as { statusError: string; spec: unknown };
  expect(whole).toMatchObject({ spec: {}, statusError: expect.stringContaining('no answer from') });
}, 60_000);

test('where the named engine does not know the container, what the node has is shown', async () => {
  const { socketPath } = await engine(answer('{"message":"No such container"}', 404));
  expect((await inspect('web', socketPath)).stdout).toContain(`"id":"${id}"`);
  expect(await inspect('other', socketPath)).toMatchObject({ code: 64, stdout: '' });
});
