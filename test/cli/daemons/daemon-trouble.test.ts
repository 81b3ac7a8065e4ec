import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { answer, StandIn } from '../../collect/stand-in.ts';
import { ScriptedRuntime } from '../../support/cri/server.ts';
import { programEnv } from '../../support/program-env.ts';
import { temporaryFolder } from '../../support/world.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
const env = programEnv();

async function run(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = spawn(launcher, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

test.each([
  ['goroutines of dockerd', ['goroutines', 'dockerd']],
  ['heap of dockerd', ['heap', 'dockerd']],
  ['goroutine dump of dockerd', ['dump', 'dockerd', '--dump-dir', 'FOLDER']],
  ['inspect of no-such-container', ['inspect', 'no-such-container']],
])('%s without a socket gives 65, the name of the socket and what to do', async (what, words) => {
  const folder = temporaryFolder();
  const socket = `${folder}/docker.sock`;
  const args = words.map((word) => (word === 'FOLDER' ? folder : word));
  expect(await run(...args, '--docker-host', `unix://${socket}`)).toEqual({
    code: 65,
    stdout: '',
    stderr: `rtwatch: ${what}: no such socket: ${socket}. Start dockerd, or name its socket with --docker-host URL\n`,
  });
});

test('of another daemon the option that names it is given', async () => {
  const socket = `${temporaryFolder()}/debug.sock`;
  const { code, stderr } = await run('goroutines', 'containerd', '--pprof', `containerd=unix://${socket}`);
  expect(code).toBe(65);
  expect(stderr).toContain(
    `no such socket: ${socket}. Start containerd, or name its socket with --pprof containerd=URL`,
  );
});

test('an engine that answers is read, and a container that it does not know is bad usage', async () => {
  const id = 'a'.repeat(64);
  const engine = await StandIn.listen({ [`/containers/${id}/json`]: answer(JSON.stringify({ Id: id })) });
  const known = await run('inspect', id, '--docker-host', engine.url);
  expect({ code: known.code, id: JSON.parse(known.stdout).Id }).toEqual({ code: 0, id });
  expect((await run('inspect', 'nobody', '--docker-host', engine.url)).code).toBe(64);
});

test('an engine that is named and not there is the trouble, whatever containerd the node has', async () => {
  const runtime = await ScriptedRuntime.start();
  onTestFinished(() => runtime.close());
  const socket = `${temporaryFolder()}/docker.sock`;
  const named = ['--docker-host', `unix://${socket}`, '--cri', runtime.url];
  const { code, stderr } = await run('inspect', 'no-such-container', ...named);
  expect(stderr).toContain(`no such socket: ${socket}`);
  expect(code).toBe(65);
});
