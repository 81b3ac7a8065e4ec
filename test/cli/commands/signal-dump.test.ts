import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { type SignalDumpOptions, signalDump } from '../../../src/cli/commands/signal-dump.ts';
import { ReportedError } from '../../../src/cli/process/exit-codes.ts';
import { Tree } from '../../support/world.ts';

let tree: Tree;
let kill: MockInstance<typeof process.kill>;
let printed: string;

beforeEach(() => {
  tree = new Tree().write('proc/self/status', `NSpid:\t${process.pid}\n`);
  kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});

afterEach(() => void vi.restoreAllMocks());

function runs(pid: number, comm: string, exe = `/usr/bin/${comm}`, mask = 'fffffffd7fc1feff'): void {
  tree.process(pid, { comm, starttime: pid }, { exe, status: `NSpid:\t${pid}\nSigCgt:\t${mask}\n` });
}

function run(daemon: string, options: Partial<SignalDumpOptions> = {}): Promise<void> {
  const where = {
    dockerHost: 'unix:///run/docker.sock',
    pprof: [],
    interval: 1000,
    disable: [],
    log: [],
    ...tree.roots,
  };
  return signalDump(daemon, { ...where, ...options });
}

async function failure(daemon: string, options?: Partial<SignalDumpOptions>): Promise<ReportedError> {
  const error = await run(daemon, options).catch((thrown: unknown) => thrown);
  if (error instanceof ReportedError) return error;
  throw new Error(`not an error for a person: ${error}`);
}

describe('without a yes, nothing is done', () => {
  test('and the plan is reported, with how to do it', async () => {
    runs(42, 'dockerd');
    await run('dockerd');
    expect(printed).toContain('Sends SIGUSR1 to dockerd (pid 42)');
    expect(printed).toMatch(/^No signal sent yet\. To send it: rtwatch signal-dump dockerd --pid 42 --yes\n$/m);
    expect(kill).not.toHaveBeenCalled();
  });

  test('and the plan is reported as JSON', async () => {
    runs(42, 'dockerd');
    await run('dockerd', { json: true });
    expect(JSON.parse(printed)).toEqual({
      done: false,
      name: 'dockerd',
      pid: 42,
      starttime: 42,
      will: [expect.stringContaining('Sends SIGUSR1'), expect.stringContaining('goroutine-stacks-')],
    });
    expect(kill).not.toHaveBeenCalled();
  });
});

describe('with a yes', () => {
  test('the file is reported as a dump is', async () => {
    runs(42, 'dockerd');
    const name = 'var/run/docker/goroutine-stacks-2026-11-21T100301Z.log';
    kill.mockImplementation(() => {
      tree.write(name, 'goroutine 1 [running]:\nmain.main()\n');
      return true;
    });
    await run('dockerd', { yes: true, json: true });
    expect(kill.mock.calls).toEqual([[42, 'SIGUSR1']]);
    const plan = JSON.parse(printed);
    expect(plan).toEqual({ path: `${tree.rootfs}/${name}`, goroutines: 1, bytes: 35, truncated: false });
    printed = '';
    tree.remove(name);
    await run('dockerd', { yes: true });
    expect(printed).toBe(`${tree.rootfs}/${name}: 1 goroutines, 35 B\n`);
  });

  test('of a shim it is said where its dump is, and that there is no file', async () => {
    runs(42, 'containerd-shim', '/usr/bin/containerd-shim-runc-v2');
    const { message, exitCode } = await failure('containerd-shim', { yes: true });
    expect(message).toMatch(/^sent SIGUSR1 to containerd-shim-runc-v2 \(pid 42\); its dump is in the log of /);
    expect(exitCode).toBe(3);
  });

  test('one that would be ended is refused', async () => {
    runs(42, 'dockerd', '/bin/sleep', '0000000000000000');
    const { message, exitCode } = await failure('dockerd', { yes: true });
    expect(message).toMatch(/^no signal was sent: dockerd \(pid 42\) does not catch SIGUSR1/);
    expect(exitCode).toBe(3);
    expect(kill).not.toHaveBeenCalled();
  });
});

describe('which process', () => {
  test('is said with the pid', async () => {
    runs(42, 'containerd-shim');
    runs(43, 'containerd-shim');
    await run('containerd-shim', { pid: '43' });
    expect(printed).toContain('(pid 43)');
  });

  test('is asked when there are several shims', async () => {
    runs(42, 'containerd-shim');
    runs(43, 'containerd-shim');
    const { message, exitCode } = await failure('containerd-shim', { yes: true });
    expect(message).toBe('several containerd-shim processes. Name one with --pid: 42, 43');
    expect(exitCode).toBe(64);
    expect(kill).not.toHaveBeenCalled();
  });

  test.each([
    ['dockerd', '7', 'no dockerd process has pid 7'],
    ['dockerd', '43', 'no dockerd process has pid 43'],
    ['dockerd', '042', 'no dockerd process has pid 042'],
    ['java', undefined, 'no java process. The signal is for dockerd, containerd and containerd-shim'],
  ])('must be one of that name: %s %s', async (daemon, pid, reason) => {
    runs(42, 'dockerd');
    runs(43, 'bash');
    const { message, exitCode } = await failure(daemon, pid === undefined ? {} : { pid });
    expect(message).toBe(reason);
    expect(exitCode).toBe(64);
  });

  test('of another name is refused though it catches the signal', async () => {
    runs(42, 'bash');
    expect((await failure('bash', { yes: true })).message).toMatch(/is not dockerd, containerd or a shim$/);
    expect(kill).not.toHaveBeenCalled();
  });

  test('is containerd under its old name too, and never the shim that is called alike', async () => {
    runs(41, 'docker-containe', '/usr/bin/docker-containerd-shim');
    runs(42, 'docker-containe', '/usr/bin/docker-containerd');
    await run('containerd');
    expect(printed).toContain('docker-containerd (pid 42)');
    printed = '';
    await run('docker-containerd-shim');
    expect(printed).toContain('docker-containerd-shim (pid 41)');
  });
});
