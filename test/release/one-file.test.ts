import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Pty } from '../reliability/pty.ts';
import { waitFor } from '../support/wait-for.ts';
import { executable, own, reportStart, version } from './release.ts';
import { OtherRoot, runCommand } from './root.ts';

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-one-file-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const roots: OtherRoot[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) root.close();
});

function rootOf(...args: ConstructorParameters<typeof OtherRoot>): OtherRoot {
  const root = new OtherRoot(...args);
  roots.push(root);
  root.copy(executable(), 'rtwatch');
  return root;
}

/** What is drawn of a screen until it shows something; then q ends it. */
async function screenOf(command: readonly string[], expected: RegExp): Promise<void> {
  const own = fs.mkdtempSync(path.join(folder, 'pty-'));
  const pty = await Pty.open(own, command);
  try {
    const seen = (): boolean => expected.test(pty.drawnSince(0));
    await waitFor(`${expected} on the screen`, seen, { detail: () => pty.drawnSince(0).slice(-4000) });
    pty.press('q');
    await waitFor('the end', () => !pty.isOpen);
    expect(pty.exitCode).toBe(0);
  } finally {
    pty.close();
  }
}

/** The samplers of a screen. It has other children: those that read its files, and a sampler that is not yet itself before execve(). */
function samplersOf({ pid }: Pty): number[] {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return children.filter((child) => wordsOf(child, 'cmdline').includes('sample'));
}

/** Whether a process has mapped the file with this content that one of its descriptors holds. */
function isMapped(pid: number, content: Buffer): boolean {
  const maps = fs.readFileSync(`/proc/${pid}/maps`, 'utf8');
  return fs.readdirSync(`/proc/${pid}/fd`).some((fd) => {
    const file = `/proc/${pid}/fd/${fd}`;
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    return stat?.isFile() === true && maps.includes(` ${stat.ino} `) && fs.readFileSync(file).equals(content);
  });
}

/** Empty for a process that has ended. */
function wordsOf(pid: number, file: 'cmdline' | 'environ'): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** The live screen has this on every node. */
const liveScreen = /Disk I\/O/;

describe('in an empty root that nobody can write to', () => {
  test('it checks the node', () => {
    const { stdout, stderr, status } = rootOf({ readOnly: true }).run(['/rtwatch', 'check']);
    expect(stdout, stderr).toMatch(reportStart);
    expect([0, 1, 2, 3]).toContain(status);
  });

  test('it shows the screen, and the demo', async () => {
    const root = rootOf({ readOnly: true });
    await screenOf(root.command('/rtwatch'), liveScreen);
    await screenOf(root.command('/rtwatch', 'demo'), /recorded with "rtwatch record"/);
  });

  test('a key starts a recording, in a directory that it makes', async () => {
    const root = rootOf();
    const pty = await Pty.open(fs.mkdtempSync(path.join(folder, 'key-')), root.command('/rtwatch'));
    try {
      await waitFor('the screen', () => liveScreen.test(pty.drawnSince(0)));
      pty.press('r');
      const names = (): string[] => fs.readdirSync(root.path, { recursive: true, encoding: 'utf8' });
      await waitFor('the recording', () => names().some((name) => /rtwatch-.*\.zst$/.test(name)));
    } finally {
      pty.close();
    }
  });

  test('it records and replays', async () => {
    const root = rootOf();
    const { status, stderr } = root.run(['/rtwatch', 'record', '/tmp/a.zst', '--for', '3s']);
    expect(status, stderr).toBe(0);
    expect(root.run(['/rtwatch', 'check', '--from', '/tmp/a.zst']).stdout).toMatch(reportStart);
    await screenOf(root.command('/rtwatch', 'replay', '/tmp/a.zst'), liveScreen);
  });
});

test('on a node with musl, and the libraries of no other libc', () => {
  const root = rootOf();
  const loader = `/lib/ld-musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`;
  root.copy(fs.realpathSync(loader), loader);
  root.copy('/bin/busybox', 'bin/busybox');
  const { stdout, stderr } = root.run(['/bin/busybox', 'sh', '-c', '/rtwatch check; ls -a /tmp']);
  expect(stdout, stderr).toMatch(reportStart);
  expect(stdout).not.toContain('.rtwatch-');
});

test('with /tmp, /run and /dev/shm mounted noexec', () => {
  const { stdout, stderr } = rootOf({ noexecTmp: true }).run(['/rtwatch', 'check']);
  expect(stdout, stderr).toMatch(reportStart);
});

test('variables of other Node.js programs and for the loader of the machine have no effect', () => {
  const env = { NODE_OPTIONS: '--bogus', NODE_PATH: '/x', LD_PRELOAD: '/x.so', LD_LIBRARY_PATH: '/lib' };
  expect(runCommand([executable(), '--version'], env)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('with its file deleted while it runs, it starts another sampler', async () => {
  const own = fs.mkdtempSync(path.join(folder, 'deleted-'));
  const file = path.join(own, 'rtwatch');
  fs.copyFileSync(executable(), file);
  const pty = await Pty.open(own, [file]);
  try {
    await waitFor('the screen', () => liveScreen.test(pty.drawnSince(0)));
    fs.rmSync(file);
    const [first = 0] = await waitFor('the sampler', () => samplersOf(pty).length > 0 && samplersOf(pty));
    process.kill(first, 'SIGKILL');
    await waitFor('another sampler', () => samplersOf(pty).some((pid) => pid !== first));
    pty.forget();
    pty.press('?');
    await waitFor('the help', () => /help/i.test(pty.drawnSince(0)));
  } finally {
    pty.close();
  }
});

test('it starts its sampler with one arena of malloc whose large blocks are given back, and with flags that leave its code cache valid', async () => {
  const pty = await Pty.open(fs.mkdtempSync(path.join(folder, 'flags-')), [executable()]);
  try {
    const [sampler = 0] = await waitFor('the sampler', () => samplersOf(pty).length > 0 && samplersOf(pty));
    const flags = wordsOf(sampler, 'cmdline').find((word) => word.startsWith('--node-options=')) ?? 'none';
    expect(wordsOf(sampler, 'environ')).toEqual(
      expect.arrayContaining(['MALLOC_ARENA_MAX=1', 'MALLOC_TRIM_THRESHOLD_=131072']),
    );
    expect(flags).toContain('--max-semi-space-size');
    expect(runCommand([executable(), flags, '--version']).stderr).toBe('');
  } finally {
    pty.close();
  }
  // Others do not.
  expect(runCommand([executable(), '--node-options=--single-threaded', '--version']).stderr).toContain('rejected');
});

test('screen and sampler have the addon that unmaps the pages of the start, from the executable itself', async () => {
  const addon = fs.readFileSync(path.join(import.meta.dirname, `../../bin/pages/unmap-${own}.node`));
  const pty = await Pty.open(fs.mkdtempSync(path.join(folder, 'addon-')), [executable()]);
  try {
    await waitFor('the screen', () => liveScreen.test(pty.drawnSince(0)));
    const [sampler = 0] = await waitFor('the sampler', () => samplersOf(pty).length > 0 && samplersOf(pty));
    for (const pid of [pty.pid, sampler]) await waitFor('the addon', () => isMapped(pid, addon));
  } finally {
    pty.close();
  }
});

test('with few open files it raises its limit, and where it may not it says how many there are', () => {
  const within = (nofile: string, ...before: string[]) =>
    runCommand([...before, 'prlimit', `--nofile=${nofile}`, executable(), 'version']);
  expect(within('16:4096')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  expect(within('20:20', ...asNobody)).toEqual({
    status: 70,
    stdout: '',
    stderr:
      'rtwatch: cannot start: only 20 files may be open here, too few for Node.js. Raise the limit, as root: ulimit -n 1024\n',
  });
});

test('--host elsewhere than as the first argument is refused', () => {
  expect(runCommand([executable(), 'check', '--host'])).toMatchObject({ status: 64 });
});

test('it prints the licenses of all that it carries', () => {
  const { stdout } = runCommand([executable(), 'licenses']);
  for (const part of [
    'rtwatch (MIT)',
    'Node.js',
    'libc6',
    'libstdc++6',
    'GNU LESSER GENERAL PUBLIC LICENSE',
    'ink 8',
  ]) {
    expect(stdout).toContain(part);
  }
});
