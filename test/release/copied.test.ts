import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyingTemplate, machineOf } from '../../src/remote/copied-program.ts';
import { waitFor } from '../support/wait-for.ts';
import { executable } from './release.ts';

test('the file that remote --copy brings gives samples on the node, where it has no name any more', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-copied-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  // Stands for ssh; test:fleet has a real one.
  const near = path.join(folder, 'near');
  fs.writeFileSync(near, '#!/bin/sh\nexec /bin/sh -c "$*"\n', { mode: 0o755 });
  const temporary = path.join(folder, 'tmp');
  fs.mkdirSync(temporary);
  const file = executable();
  const machine = machineOf(fs.readFileSync(file).subarray(0, 20));
  expect(machine).toMatch(/^(x86_64|aarch64)$/);
  const program = { file, bytes: fs.statSync(file).size, machine: machine ?? null };
  const input = fs.openSync(file, 'r');
  const child = spawn('/bin/sh', ['-c', copyingTemplate(`${near} rtwatch sample`, program) ?? ''], {
    detached: true,
    env: { PATH: '/usr/bin:/bin', HOME: folder, TMPDIR: temporary },
    stdio: [input, 'pipe', 'inherit'],
  });
  fs.closeSync(input);
  onTestFinished(
    () => void (child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, 'SIGKILL')),
  );
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await waitFor('what it read of the processes', () => said.includes('"processes":{"status":"ok"'), {
    detail: () => said.slice(0, 2000),
  });
  expect(fs.readdirSync(temporary)).toEqual([]);
});
