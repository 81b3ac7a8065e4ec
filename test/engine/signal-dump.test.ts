import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { type SignalDumpOptions, signalDump } from '../../src/cli/commands/signal-dump.ts';
import { ReportedError } from '../../src/cli/process/exit-codes.ts';
import { waitFor } from '../support/wait-for.ts';
import { askGoroutines } from './ask.ts';
import { engineNode } from './node.ts';
import { isRunning, type Process, processOf } from './proc.ts';
import { succeed } from './run.ts';

/** What comes and goes in a daemon, and the collecting itself. */
const inFlight = 10;

const node = engineNode();
let id: string;
let printed: string;

beforeAll(async () => {
  id = await node.engine.run('steady', 'exec sleep 99999');
});

beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});

afterEach(() => void vi.restoreAllMocks());

test('without a yes, dockerd gets no signal', async () => {
  const before = stackFiles();
  await command('dockerd', {});
  expect(printed).toContain(`Sends SIGUSR1 to dockerd (pid ${node.engine.dockerdPid})`);
  expect(printed).toContain(`to ${node.scratch.of('exec')} `);
  expect(printed).toContain('No signal sent yet.');
  expect(stackFiles()).toEqual(before);
});

test('dockerd writes all its goroutines into its exec root, and lives on', async () => {
  const there = stackFiles();
  const dockerd = identityOf(node.engine.dockerdPid);
  const before = await node.engine.goroutines();
  await command('dockerd', { yes: true, json: true });
  const after = await node.engine.goroutines();

  const written = stackFiles().filter((file) => !there.includes(file));
  const [name = ''] = written;
  expect(written).toHaveLength(1);
  const path = node.scratch.of('exec', name);
  const text = fs.readFileSync(path, 'utf8');
  const goroutines = headersIn(text);
  expect(JSON.parse(printed)).toEqual({ path, goroutines, bytes: text.length, truncated: false });
  expectAbout(goroutines, before, after);
  expect(isRunning(dockerd)).toBe(true);
  expect(node.engine.dockerdPid).toBe(dockerd.pid);
  expect(await node.engine.ask('/_ping')).toBe('OK');
});

test('the exec root is found also where dockerd’s arguments may not be read', async () => {
  const read = fs.openSync;
  vi.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
    if (`${path}`.endsWith('/cmdline')) throw Object.assign(new Error('denied'), { code: 'EACCES' });
    return read(path, ...rest);
  });
  await command('dockerd', {});
  expect(printed).toContain(`to ${node.scratch.of('exec')} `);
});

test('containerd writes its goroutines into its folder for temporary files, twice into the same file, and lives on', async () => {
  const containerd = identityOf(node.engine.containerdPid);
  const path = `/tmp/containerd.${containerd.pid}.stacks.log`;
  onTestFinished(() => fs.rmSync(path, { force: true }));
  for (const round of [1, 2]) {
    printed = '';
    const before = await askGoroutines(node.engine.containerdDebugSocketPath);
    await command('containerd', { yes: true, json: true });
    const after = await askGoroutines(node.engine.containerdDebugSocketPath);
    const outcome = JSON.parse(printed);
    expect(outcome, `round ${round}`).toMatchObject({ path, truncated: false });
    expect(outcome.goroutines).toBe(headersIn(fs.readFileSync(path, 'utf8')));
    expectAbout(outcome.goroutines, before, after);
  }
  expect(isRunning(containerd)).toBe(true);
  expect(containerdLog()).toContain(`goroutine stack dump written to ${path}`);
});

test('a shim writes into the log of its containerd, which is said, and its container lives on', async () => {
  const init = Number(await node.engine.docker('inspect', '--format={{.State.Pid}}', id));
  const shim = identityOf(processOf(init)?.ppid ?? 0);
  expect(shim.comm).toBe('containerd-shim');

  const { message, exitCode } = await failure('containerd-shim', { yes: true, pid: `${shim.pid}` });
  expect(message).toContain(`sent SIGUSR1 to containerd-shim-runc-v2 (pid ${shim.pid}); its dump is in the log of`);
  expect(exitCode).toBe(3);
  await waitFor('its dump in the log', () =>
    /BEGIN goroutine stack dump.*runtime\/v2\/shim\.dumpStacks/.test(containerdLog()),
  );
  expect(isRunning(shim)).toBe(true);
  expect(await node.engine.docker('exec', id, 'true')).toBe('');
});

test('a process that only bears the name is refused, and lives on', async () => {
  const file = `${fs.mkdtempSync(node.scratch.of('impostor-'))}/dockerd`;
  fs.copyFileSync(await succeed('sh', ['-c', 'command -v busybox']), file);
  fs.chmodSync(file, 0o755);
  const child = spawn(file, ['99999'], { argv0: 'sleep', cwd: node.scratch.path, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await waitFor('its name', () => processOf(child.pid ?? 0)?.comm === 'dockerd');
  const impostor = identityOf(child.pid ?? 0);

  for (const options of [{}, { yes: true }]) {
    const { message } = await failure('dockerd', { ...options, pid: `${impostor.pid}` });
    expect(message).toBe(
      `no signal was sent: dockerd (pid ${impostor.pid}) does not catch SIGUSR1: the signal would kill it`,
    );
  }
  expect(isRunning(impostor)).toBe(true);
  // Without a pid, the dockerd is meant that listens where the engine is asked.
  await command('dockerd', {});
  expect(printed).toContain(`(pid ${node.engine.dockerdPid})`);
});

test('a dockerd with mounts of its own is looked for through them', async () => {
  // Another file tree at the same path: what it writes there is not to be seen at ours.
  const script = 'mount -t tmpfs none "$1" && exec "$2" --exec-root "$1"';
  const daemon = `${fs.mkdtempSync(node.scratch.of('elsewhere-'))}/dockerd`;
  const folder = fs.mkdtempSync(node.scratch.of('private-'));
  fs.writeFileSync(
    daemon,
    '#!/bin/sh\ntrap \'printf "goroutine 1 [running]:\\n" > "$2/goroutine-stacks-now.log"\' USR1\n' +
      'while :; do sleep 0.02; done\n',
    { mode: 0o755 },
  );
  const args = ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', folder, daemon];
  const child = spawn('unshare', args, { cwd: node.scratch.path, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  await waitFor(
    'the trap',
    () => /^SigCgt:\s*[0-9a-f]*[2367abef][0-9a-f]{2}$/m.test(statusOf(pid)) && processOf(pid)?.comm === 'dockerd',
  );

  await command('dockerd', { yes: true, json: true, pid: `${pid}` });
  expect(JSON.parse(printed)).toMatchObject({
    path: `/proc/${pid}/root${folder}/goroutine-stacks-now.log`,
    goroutines: 1,
  });
  expect(fs.readdirSync(folder)).toEqual([]);
});

function command(daemon: string, options: Partial<SignalDumpOptions>): Promise<void> {
  const where = { procfs: '/proc', sysfs: '/sys', rootfs: '/' };
  return signalDump(daemon, {
    dockerHost: node.engine.host,
    pprof: [],
    interval: 1000,
    disable: [],
    log: [],
    ...where,
    ...options,
  });
}

async function failure(daemon: string, options: Partial<SignalDumpOptions>): Promise<ReportedError> {
  const error = await command(daemon, options).catch((thrown: unknown) => thrown);
  if (error instanceof ReportedError) return error;
  throw new Error(`not an error for a person: ${error}`);
}

function identityOf(pid: number): Process {
  const found = processOf(pid);
  if (found === null) throw new Error(`no process ${pid}`);
  return found;
}

function expectAbout(dumped: number, before: number, after: number): void {
  expect(dumped).toBeGreaterThanOrEqual(Math.min(before, after) - inFlight);
  expect(dumped).toBeLessThanOrEqual(Math.max(before, after) + inFlight);
}

const stackFiles = (): string[] =>
  fs.readdirSync(node.scratch.of('exec')).filter((name) => name.startsWith('goroutine-'));
const headersIn = (text: string): number => text.match(/^goroutine \d+ /gm)?.length ?? 0;
const containerdLog = (): string => fs.readFileSync(node.scratch.of('containerd.log'), 'utf8');
const statusOf = (pid: number): string => fs.readFileSync(`/proc/${pid}/status`, 'utf8');
