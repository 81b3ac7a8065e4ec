import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { probeKeys } from '../reliability/keys.ts';
import { Pty } from '../reliability/pty.ts';
import { samplersOf } from '../reliability/samplers.ts';
import { MemoryGroup } from '../support/memory-group.ts';
import { waitFor } from '../support/wait-for.ts';
import { temporaryFolder } from '../support/world.ts';
import { descendantsOf } from './proc.ts';
import { launcher } from './rtwatch.ts';

const mebibyte = 2 ** 20;

test('rtwatch lives in 150 MiB, and offers the sampler to the kernel where memory runs out', async () => {
  const folder = temporaryFolder();
  const group = new MemoryGroup(path.basename(folder), 150 * mebibyte);
  onTestFinished(() => group.remove());
  const pty = await Pty.open(folder, group.command([launcher, '--docker-host', 'unix:///none.sock']));
  onTestFinished(() => pty.close());
  await waitFor('the first screen', () => pty.drawnSince(0).includes('Daemons'));
  for (let page = 0; page < 10; page++) await probeKeys(pty, 60_000);
  const { pid } = await waitFor('the sampler', () => samplersOf(pty.pid)[0]);
  expect(fs.readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8')).toBe('500\n');
  expect(fs.readFileSync(`/proc/${pty.pid}/oom_score_adj`, 'utf8')).toBe(
    fs.readFileSync('/proc/self/oom_score_adj', 'utf8'),
  );
  expect(pty.isOpen).toBe(true);
  expect(group.kills).toBe(0);
});

test('a screen that the kernel kills for lack of memory says so, and what to do', async () => {
  const folder = temporaryFolder();
  const group = new MemoryGroup(path.basename(folder), 150 * mebibyte);
  onTestFinished(() => group.remove());
  // What the shell runs ends before the terminal does: the line comes after the screen.
  const shell = [
    'sh',
    '-c',
    '"$@"; read -r _',
    'sh',
    ...group.command([launcher, '--docker-host', 'unix:///none.sock']),
  ];
  const pty = await Pty.open(folder, shell);
  onTestFinished(() => pty.close());
  await waitFor('the first screen', () => pty.drawnSince(0).includes('Daemons'));
  const screen = descendantsOf(pty.pid)[0]?.pid;
  // The kernel's first choice; else it would be the sampler.
  fs.writeFileSync(`/proc/${screen}/oom_score_adj`, '1000');
  const [command = '', ...args] = group.command(['sh', '-c', 'head -c 120m /dev/zero | tail -n 1 | wc -c']);
  const hungry = spawn(command, args);
  onTestFinished(() => void hungry.kill('SIGKILL'));
  await waitFor('the line', () =>
    /rtwatch: the screen was killed, probably because memory ran out: oom_kill in \/sys\/fs\/cgroup\/\S+ rose by [1-9].*another machine/.test(
      pty.drawnSince(0),
    ),
  );
});

test('where another process leaves 200 MiB without swap, both live', async () => {
  const folder = temporaryFolder();
  const hogMebibytes = 400;
  const group = new MemoryGroup(path.basename(folder), (hogMebibytes + 200) * mebibyte);
  onTestFinished(() => group.remove());
  const fill = `globalThis.held = Buffer.alloc(${hogMebibytes} * 2 ** 20, 1); process.stdout.write('full'); setInterval(() => {}, 2 ** 30)`;
  const [program = '', ...words] = group.command([process.execPath, '-e', fill]);
  const hog = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void hog.kill('SIGKILL'));
  await once(hog.stdout, 'data');
  const pty = await Pty.open(folder, group.command([launcher, '--docker-host', 'unix:///none.sock']));
  onTestFinished(() => pty.close());
  await waitFor('the first screen', () => pty.drawnSince(0).includes('Daemons'));
  for (let page = 0; page < 10; page++) await probeKeys(pty, 60_000);
  process.stdout.write(`with ${hogMebibytes} MiB of another: ${Math.round(group.peakBytes / mebibyte)} MiB at most\n`);
  expect([pty.isOpen, hog.exitCode, hog.signalCode, group.kills]).toEqual([true, null, null, 0]);
});
