import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { DaemonValue } from '../../src/sample/daemons.ts';
import type { Readings } from '../../src/sample/sample.ts';
import { waitFor } from '../support/wait-for.ts';
import { descendantsOf } from './proc.ts';
import { cleanEnv, launcher } from './rtwatch.ts';
import { type Ended, run, toolEnv } from './run.ts';
import { SampleProcess } from './sample-process.ts';
import { SampleWatch } from './sample-watch.ts';
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
  run('nsenter', ['--target', String(systemd), ...inside, ...words], {
    cwd: scratch.path,
    env: cleanEnv(scratch),
    timeoutMs: 60_000,
  });

const dockerds = (): number => descendantsOf(systemd).filter(({ comm }) => comm === 'dockerd').length;

/** As any client of the socket does. */
async function askOnce(): Promise<void> {
  const { status, stderr } = await within('docker', '-H', 'unix:///run/docker.sock', 'version');
  if (status !== 0) throw new Error(`docker version: status ${status}: ${stderr}\n${unitsNow()}`);
}

/** For an error: what systemd says of the units, and dockerd last. */
function unitsNow(): string {
  const words = [
    '--target',
    String(systemd),
    ...inside,
    'systemctl',
    'status',
    '--no-pager',
    'docker.socket',
    'docker.service',
  ];
  const { stdout, stderr } = spawnSync('nsenter', words, { encoding: 'utf8', env: toolEnv(), timeout: 10_000 });
  const log = scratch.of('dockerd.log');
  return `${stdout}${stderr}\n${fs.existsSync(log) ? fs.readFileSync(log, 'utf8').slice(-3000) : 'no log of dockerd'}`;
}

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
  const command = ['nsenter', '--target', String(systemd), ...inside, launcher, 'sample', '--interval', '250ms'];
  const watch = new SampleWatch(new SampleProcess(command, { cwd: scratch.path, env: cleanEnv(scratch) }));
  onTestFinished(() => watch.close());
  const dockerdIn = ({ daemons }: Readings) =>
    daemons?.status === 'ok' ? daemons.value.daemons.find(({ name }) => name === 'dockerd') : undefined;
  const first = (what: string, look: (dockerd: DaemonValue | undefined) => boolean): Promise<true> =>
    watch.first(what, ({ readings }) => look(dockerdIn(readings)), {
      detail: (newest) => `${JSON.stringify(dockerdIn(newest))}\n${dockerds()} dockerd\n${unitsNow()}`,
    });
  const answers = (dockerd: DaemonValue | undefined): boolean => dockerd?.ping.status === 'ok' && dockerds() === 1;
  const isStopped = (dockerd: DaemonValue | undefined): boolean => dockerd?.startsOnRequest === true;

  await first('dockerd not to run', isStopped);
  await askOnce();
  await first('dockerd to answer', answers);
  expect(await within('systemctl', 'stop', 'docker.service')).toMatchObject({ status: 0 });
  let polls = 0;
  // Each would have sent something, which starts a dockerd that goes on.
  await first('twenty polls without dockerd', (dockerd) => isStopped(dockerd) && ++polls === 20);
  expect(dockerds(), unitsNow()).toBe(0);
  await askOnce();
  await first('dockerd to answer again', answers);
});

/** systemd made them below the control group of this process, and leaves them. One with a process in it is not removed. */
async function removeGroups(): Promise<void> {
  const script =
    'mount -t cgroup2 cgroup2 /sys/fs/cgroup && cd /sys/fs/cgroup && rmdir system.slice/* init.scope system.slice';
  await run('unshare', ['--cgroup', '--mount', 'sh', '-c', script]);
}
