import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, type MockInstance, onTestFinished, test, vi } from 'vitest';
import type { Patience } from '../../../src/capture/signal-dump/file.ts';
import {
  NoDumpFile,
  planSignalDump,
  type SignalPlan,
  SignalRefused,
  sendSignalDump,
} from '../../../src/capture/signal-dump/signal-dump.ts';
import { type ProcessEntry, ProcessTable } from '../../../src/collect/processes/table.ts';
import { liveRoots, World } from '../../../src/collect/world.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type StatFields, Tree, temporaryFolder } from '../../support/world.ts';

const caught = 'fffffffd7fc1feff';
const notCaught = 'fffffffd7fc1fcff';
const hurried: Patience = { everyMs: 1, appearMs: 100, fillMs: 200, settleMs: 20 };
const dump = Array.from({ length: 500 }, (_, i) => `goroutine ${i + 1} [select]:\nmain.main()\n\t/a.go:1\n\n`).join('');
const fileName = 'goroutine-stacks-2026-11-21T100301Z.log';

let tree: Tree;
let kill: MockInstance<typeof process.kill>;

beforeEach(() => {
  tree = new Tree().write('proc/self/status', `Pid:\t${process.pid}\nNSpid:\t${process.pid}\n`);
  kill = vi.spyOn(process, 'kill').mockReturnValue(true);
});

afterEach(() => void vi.restoreAllMocks());

function statusOf(mask: string): string {
  return `Name:\tdockerd\nNSpid:\t42\nSigIgn:\t0000000000000000\nSigCgt:\t${mask}\n`;
}

function process42(stat: Partial<StatFields> = {}, files: Readonly<Record<string, string>> = {}): ProcessEntry {
  tree.process(42, { comm: 'dockerd', ...stat }, { status: statusOf(caught), ...files });
  return entryOf(tree.world(), 42);
}

function entryOf(world: World, pid: number): ProcessEntry {
  const table = new ProcessTable(world);
  table.scan();
  const entry = table.entries.get(pid);
  if (entry === undefined) throw new Error(`no process ${pid}`);
  return entry;
}

const plan = (stat?: Partial<StatFields>, files?: Readonly<Record<string, string>>): SignalPlan =>
  planSignalDump(tree.world(), process42(stat, files));
const wordsOf = (made: SignalPlan): string => made.will.join('\n').replaceAll(tree.rootfs, '');

describe('the plan', () => {
  test('says what is done to which process, and where the file will be', () => {
    const made = plan();
    expect(made).toMatchObject({ name: 'dockerd', pid: 42, starttime: 5000 });
    expect(wordsOf(made)).toMatch(/^Sends SIGUSR1 to dockerd \(pid 42\), which catches it, .* and continues\./);
    expect(wordsOf(made)).toContain('writes goroutine-stacks-<time>.log to /var/run/docker and');
    expect(kill).not.toHaveBeenCalled();
  });

  test('says of containerd that it writes a file from 1.4 on', () => {
    const made = plan({ comm: 'containerd' });
    expect(wordsOf(made)).toContain('1.4 and newer also to /tmp/containerd.42.stacks.log');
  });

  test.each([
    ['containerd-shim', '/usr/bin/containerd-shim-runc-v2', 'containerd-shim-runc-v2'],
    ['containerd-shim', '/usr/bin/containerd-shim-runc-v2 (deleted)', 'containerd-shim-runc-v2'],
    ['docker-containe', '/usr/bin/docker-containerd-shim', 'docker-containerd-shim'],
    ['containerd-shim', '/opt/something', 'containerd-shim'],
  ])('says of a shim (%s of %s) that there is no file', (comm, exe, name) => {
    const made = plan({ comm }, { exe });
    expect(made).toMatchObject({ name, place: null });
    expect(wordsOf(made)).toContain('there is no file');
  });

  test('takes docker-containerd for the containerd that it is', () => {
    const made = plan({ comm: 'docker-containe' }, { exe: '/usr/bin/docker-containerd' });
    expect(made).toMatchObject({ name: 'docker-containerd', place: { name: 'containerd.42.stacks.log' } });
  });

  test.each([
    ['dockerd', {}, 'in its log: journalctl -u docker'],
    ['containerd', {}, 'in its log: journalctl -u containerd'],
    ['containerd', { 'fd/2': 'socket:[99]' }, 'in its log: journalctl -u containerd'],
    ['containerd', { 'fd/2': '/var/log/containerd.log' }, 'in its log: /var/log/containerd.log'],
    ['containerd', { 'fd/2': '/dev/null' }, 'in its log: journalctl -u containerd'],
  ])('knows where the log of %s is (%j)', (comm, files, elsewhere) => {
    expect(plan({ comm }, files).elsewhere).toBe(elsewhere);
  });

  test('knows that dockerd’s log holds that of the containerd which it started', () => {
    tree.process(7, { comm: 'dockerd' }, { comm: 'dockerd\n' });
    expect(plan({ comm: 'containerd', ppid: 7 }).elsewhere).toBe('in its log: journalctl -u docker');
  });
});

describe('refused is', () => {
  const refused = (reason: RegExp): void => {
    expect(() => planSignalDump(tree.world(), entryOf(tree.world(), 42))).toThrow(SignalRefused);
    expect(() => planSignalDump(tree.world(), entryOf(tree.world(), 42))).toThrow(reason);
  };

  test.each([
    ['one that does not catch the signal', statusOf(notCaught)],
    ['one that catches none', statusOf('0000000000000000')],
    ['one of which it is not known', 'Name:\tdockerd\n'],
  ])('%s', (_, status) => {
    process42({}, { status });
    refused(/^dockerd \(pid 42\) does not catch SIGUSR1: the signal would kill it$/);
  });

  test.each(['java', 'dockerd2', 'mycontainerd', 'containerd-stre', 'kubelet'])('one of another name: %s', (comm) => {
    process42({ comm });
    refused(/ is not dockerd, containerd or a shim$/);
  });

  test('one that has ended', () => {
    process42({ state: 'Z' });
    refused(/has exited$/);
  });

  test('one whose status may not be read', () => {
    process42();
    tree.remove('proc/42/status');
    refused(/^process 42 is gone, or permission denied$/);
  });

  test.each([
    ['of an outer pid namespace', `Pid:\t12345\nNSpid:\t12345\t${process.pid}\n`],
    ['that do not know this process', ''],
    ['of another number, on an old kernel', 'Pid:\t12345\n'],
  ])('any process by pids %s', (_, status) => {
    process42();
    tree.write('proc/self/status', status);
    refused(/belongs to another PID namespace or a captured node$/);
  });

  test('none by the pids of an old kernel that does not give namespaces', () => {
    tree.write('proc/self/status', `Name:\tnode\nPid:\t${process.pid}\n`);
    expect(plan().pid).toBe(42);
  });
});

describe('the dump', () => {
  /** What the process does when it gets the signal. */
  const onSignal = (act: () => void): void => {
    kill.mockImplementation(() => {
      act();
      return true;
    });
  };
  const folder = (): string => `${tree.rootfs}/var/run/docker`;
  const send = (made: SignalPlan, signal = new AbortController().signal, patience = hurried) =>
    sendSignalDump(tree.world(), made, signal, patience);

  test('is the file that the daemon wrote, counted and left as it is', async () => {
    onSignal(() => tree.write(`var/run/docker/${fileName}`, dump));
    const outcome = await send(plan());
    expect(kill.mock.calls).toEqual([[42, 'SIGUSR1']]);
    expect(outcome).toEqual({ path: `${folder()}/${fileName}`, goroutines: 500, bytes: dump.length });
    expect(fs.readFileSync(outcome.path, 'utf8')).toBe(dump);
    expect(fs.readdirSync(folder())).toEqual([fileName]);
  });

  test('is not one that was there before, nor another file', async () => {
    tree.write('var/run/docker/goroutine-stacks-2020-01-01T000000Z.log', dump).write('var/run/docker/metrics', '');
    onSignal(() => tree.write('var/run/docker/other.log', dump).write(`var/run/docker/${fileName}`, dump));
    expect((await send(plan())).path).toBe(`${folder()}/${fileName}`);
  });

  test('is the one of that name that was written anew', async () => {
    tree.write('tmp/containerd.42.stacks.log', dump);
    const shorter = dump.slice(0, dump.indexOf('goroutine 8 '));
    onSignal(() => tree.write('tmp/containerd.42.stacks.log', shorter));
    const outcome = await send(plan({ comm: 'containerd' }));
    expect(outcome).toMatchObject({ path: `${tree.rootfs}/tmp/containerd.42.stacks.log`, goroutines: 7 });
  });

  test('is waited for while the daemon collects and while it writes', async () => {
    onSignal(() => tree.write(`var/run/docker/${fileName}`, ''));
    const outcome = send(plan(), undefined, { ...hurried, fillMs: 5000, settleMs: 300 });
    let written = 0;
    const timer = setInterval(() => {
      fs.appendFileSync(`${folder()}/${fileName}`, dump);
      if (++written === 20) clearInterval(timer);
    }, 5);
    expect(await outcome).toMatchObject({ goroutines: 10_000, bytes: 20 * dump.length });
  });

  test.each([
    ['a link', (path: string): void => fs.symlinkSync(`${tree.rootfs}/precious`, path)],
    ['a pipe', (path: string): void => void execFileSync('mkfifo', [path])],
    ['a folder', (path: string): void => void fs.mkdirSync(path)],
  ])('is never %s of that name', async (_, make) => {
    tree.write('precious', dump).write('var/run/docker/metrics', '');
    onSignal(() => make(`${folder()}/${fileName}`));
    await expect(send(plan())).rejects.toThrow(/no file appeared in .*\/var\/run\/docker in time/);
  });

  test('that did not come is looked for in the log', async () => {
    const failure = await send(plan()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NoDumpFile);
    expect(`${failure}`).toMatch(/but no file appeared in .*may be in its log: journalctl -u docker$/);
  });

  test.each([
    ['', 'stays empty'],
    ['the disk is full\n', 'holds no goroutines'],
  ])('of %j is told as what it is', async (text, outcome) => {
    onSignal(() => tree.write(`var/run/docker/${fileName}`, text));
    await expect(send(plan())).rejects.toThrow(`${folder()}/${fileName} ${outcome}; the dump may be in its log`);
  });

  test('of a process that ends is not waited for in vain without a word', async () => {
    onSignal(() => tree.remove('proc/42'));
    await expect(send(plan())).rejects.toThrow('sent SIGUSR1 to dockerd (pid 42), which has exited since');
  });

  test('of a shim is in the log', async () => {
    const failure = await send(plan({ comm: 'containerd-shim' })).catch((error: unknown) => error);
    expect(kill).toHaveBeenCalledTimes(1);
    expect(failure).toBeInstanceOf(NoDumpFile);
    expect(`${failure}`).toContain('its dump is in the log of its containerd');
  });

  test('can be given up while it is waited for', async () => {
    const controller = new AbortController();
    onSignal(() => {
      tree.write(`var/run/docker/${fileName}`, dump);
      queueMicrotask(() => controller.abort());
    });
    await expect(send(plan(), controller.signal)).rejects.toThrow(
      `timed out while ${folder()}/${fileName} was being written; the signal was sent, the dump may be in`,
    );
  });
});

describe('no signal is sent', () => {
  const change = (stat: Partial<StatFields>, status = statusOf(caught)): (() => Tree) => {
    return () => tree.process(42, { comm: 'dockerd', ...stat }, { status });
  };

  test.each([
    ['started again as another', change({ starttime: 6000 }), /^pid 42 is now another process/],
    ['become another program', change({ comm: 'bash' }), /is not dockerd/],
    ['stopped catching it', change({}, statusOf(notCaught)), /the signal would kill it$/],
    ['ended', () => tree.remove('proc/42'), /^process 42 is gone/],
  ])('to a process that has %s since the plan', async (_, happens, reason) => {
    const made = plan();
    happens();
    const failure = await sendSignalDump(tree.world(), made, new AbortController().signal, hurried).catch((e) => e);
    expect(failure).toBeInstanceOf(SignalRefused);
    expect(failure.message).toMatch(reason);
    expect(kill).not.toHaveBeenCalled();
  });

  test('when it was given up before', async () => {
    await expect(sendSignalDump(tree.world(), plan(), AbortSignal.abort(), hurried)).rejects.toThrow();
    expect(kill).not.toHaveBeenCalled();
  });

  test('without a word when it is not allowed', async () => {
    kill.mockImplementation(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM', syscall: 'kill' });
    });
    const sent = sendSignalDump(tree.world(), plan(), new AbortController().signal, hurried);
    await expect(sent).rejects.toThrow(SignalRefused);
    await expect(sent).rejects.toThrow('kill(42, SIGUSR1): permission denied (run as root)');
  });
});

test.runIf(process.platform === 'linux')('a real process that catches the signal gets it, and lives on', async () => {
  kill.mockRestore();
  const folder = temporaryFolder();
  const script = `${folder}/dockerd`;
  // The kernel names a process after its script.
  fs.writeFileSync(
    script,
    `#!/bin/sh
     trap 'printf "goroutine 1 [running]:\\nmain.main()\\n" > "${folder}/${fileName}"' USR1
     echo ready
     while :; do sleep 0.02; done
    `,
    { mode: 0o755 },
  );
  const child = spawn(script, ['--exec-root', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await waitFor('the trap', () => child.stdout.read());
  const world = new World(liveRoots);
  const made = planSignalDump(world, entryOf(world, child.pid ?? 0));

  const outcome = await sendSignalDump(world, made, new AbortController().signal, { ...hurried, appearMs: 5000 });
  expect(outcome).toMatchObject({ path: `${fs.realpathSync(folder)}/${fileName}`, goroutines: 1 });
  expect(child.exitCode ?? child.signalCode).toBeNull();
});
