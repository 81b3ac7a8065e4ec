import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import { waitFor } from '../support/wait-for.ts';
import { descendantsOf } from './proc.ts';
import { cleanEnv, launcher } from './rtwatch.ts';
import { type Ended, run, succeed, toolEnv } from './run.ts';
import { Scratch } from './scratch.ts';

/** A systemd of its own, which holds the socket of a dockerd: nothing else can stand for it. */
let scratch: Scratch;
let node: ChildProcess;
/** The pid of systemd as this node sees it. */
let systemd = 0;

const reason = 'dockerd does not run; systemd starts it at the first request to /run/docker.sock';

beforeAll(async () => {
  scratch = new Scratch();
  const script = fileURLToPath(new URL('systemd', import.meta.url));
  const apart = ['--pid', '--fork', '--kill-child', '--mount', '--mount-proc', '--cgroup', script, scratch.path];
  node = spawn('unshare', apart, { cwd: '/', env: toolEnv(), stdio: 'ignore' });
  scratch.onClose(async () => {
    await within('systemctl', 'stop', 'docker.socket', 'docker.service');
    node.kill('SIGKILL');
    await waitFor('the last process of systemd', () => !fs.existsSync(`/proc/${systemd}`));
    await removeGroups();
  });
  systemd = await waitFor('systemd', () => {
    const found = descendantsOf(node.pid ?? 0).find(({ comm }) => comm === 'systemd');
    return found !== undefined && fs.existsSync(`/proc/${found.pid}/root/run/docker.sock`) && found.pid;
  });
});

afterAll(() => scratch.close());

const inside = ['--pid', '--mount'];

/** Runs a program where systemd is the first process. */
const within = (...words: string[]): Promise<Ended> =>
  run('nsenter', ['--target', String(systemd), ...inside, ...words], { cwd: scratch.path, env: cleanEnv(scratch) });

const dockerds = (): number => descendantsOf(systemd).filter(({ comm }) => comm === 'dockerd').length;

const ping = (): Promise<string> =>
  succeed('nsenter', ['--target', String(systemd), ...inside, 'docker', '-H', 'unix:///run/docker.sock', 'version']);

test('no command starts a dockerd that does not run, and each says why it asks nothing', async () => {
  const { stdout } = await within(launcher, 'check', '--json');
  const { sources } = JSON.parse(stdout) as { sources: { name: string; status: string; detail: string | null }[] };
  expect(sources.find(({ name }) => name === 'containers')).toMatchObject({ status: 'absent', detail: reason });
  expect((await within(launcher, 'dump', 'dockerd')).stderr).toContain(reason);
  expect((await within(launcher, 'inspect', 'web-1', '--docker-host', 'unix:///run/docker.sock')).stderr).toContain(
    reason,
  );
  expect((await within(launcher, 'doctor')).stdout).toContain(reason);
  expect(dockerds()).toBe(0);
});

test('one that a client starts is polled; stopped while it is watched it stays stopped, and is polled when it runs again', async () => {
  const child = spawn('nsenter', ['--target', String(systemd), ...inside, launcher, 'sample', '--interval', '250ms'], {
    cwd: scratch.path,
    env: cleanEnv(scratch),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (what: string, is: (sample: Sample) => boolean): Promise<void> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`no Sample says: ${what}`);
      if (is(JSON.parse(value) as Sample)) return;
    }
  };
  const dockerd = ({ readings: { daemons } }: Sample) =>
    daemons?.status === 'ok' ? daemons.value.daemons.find(({ name }) => name === 'dockerd') : undefined;
  const answers = (sample: Sample): boolean => dockerd(sample)?.ping.status === 'ok' && dockerds() === 1;
  const isStopped = (sample: Sample): boolean => dockerd(sample)?.startsOnRequest === true;

  await next('dockerd does not run', isStopped);
  await ping();
  await next('it answers', answers);
  const stopped = await within('systemctl', 'stop', 'docker.service');
  expect(stopped).toMatchObject({ status: 0 });
  // Each poll would have sent something.
  for (let poll = 0; poll < 20; poll++) await next('dockerd does not run', isStopped);
  expect(dockerds()).toBe(0);
  await ping();
  await next('it answers again', answers);
  child.kill('SIGKILL');
});

/** systemd made them below the control group of this process, and leaves them. One with a process in it is not removed. */
async function removeGroups(): Promise<void> {
  const script =
    'mount -t cgroup2 cgroup2 /sys/fs/cgroup && cd /sys/fs/cgroup && rmdir system.slice/* init.scope system.slice';
  await run('unshare', ['--cgroup', '--mount', 'sh', '-c', script]);
}
