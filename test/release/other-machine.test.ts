import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Pty } from '../reliability/pty.ts';
import { waitFor } from '../support/wait-for.ts';
import { executable, other, version } from './release.ts';
import { runCommand } from './root.ts';

/** qemu-user emulates the program, on the kernel of this machine. It does not start the sampler, which is /proc/self/exe: the emulator's. */
const emulator = other === 'arm64' ? 'qemu-aarch64' : 'qemu-x86_64';
const command = [emulator, executable(other)];

test(`the executable for ${other} starts in an emulator`, () => {
  expect(runCommand([...command, '--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  expect(JSON.parse(runCommand([...command, 'version', '--json']).stdout)).toMatchObject({
    arch: other,
    form: 'executable',
  });
});

test.each([
  ['the demo', [...command, 'demo']],
  // Its sampler and its screen, joined by a pipe instead of by /proc/self/exe.
  ['this node', ['sh', '-c', `${command.join(' ')} sample | ${command.join(' ')} watch -`]],
])(`the executable for ${other} shows %s in an emulator`, async (_, words) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-other-'));
  const pty = await Pty.open(folder, words);
  try {
    // Emulated, a start takes ten times as long.
    await waitFor('the screen', () => /Disk I\/O/.test(pty.drawnSince(0)), { timeoutMs: 150_000 });
  } finally {
    pty.close();
    fs.rmSync(folder, { recursive: true });
  }
});
