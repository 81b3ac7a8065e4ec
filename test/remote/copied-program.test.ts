import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type CopiedProgram, copyingTemplate, machineOf } from '../../src/remote/copied-program.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-copied-'));
  const made = folder;
  onTestFinished(() => fs.rmSync(made, { recursive: true, force: true }));
});

/** Says where it runs, with what, and what is left of it. */
const script = '#!/bin/sh\necho "ran $*"\nls -A "$TMPDIR"\n';

/** Runs as on a node: `near` is ssh, without the network. */
function run(program: CopiedProgram, input: string, args = 'sample'): { status: number | null; said: string } {
  const near = path.join(folder, 'near');
  fs.writeFileSync(near, '#!/bin/sh\nexec /bin/sh -c "$*"\n', { mode: 0o755 });
  const temporary = path.join(folder, 'tmp');
  fs.mkdirSync(temporary);
  const command = copyingTemplate(`${near} rtwatch ${args}`, program) ?? '';
  const env = { ...process.env, TMPDIR: temporary };
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], { input, env, encoding: 'utf8' });
  expect(fs.readdirSync(temporary)).toEqual([]);
  return { status, said: `${stdout}${stderr}` };
}

const own = execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim();
const file = { file: '/proc/self/exe', bytes: script.length, machine: null };

describe('a program that is copied', () => {
  test('runs with the arguments of the command, and has no name any more when it does', () => {
    expect(run(file, script, 'sample --interval 2s')).toEqual({ status: 0, said: 'ran sample --interval 2s\n' });
  });

  test('does not run when the connection was lost meanwhile, and nothing is left', () => {
    expect(run(file, script.slice(0, 20))).toEqual({ status: 1, said: 'rtwatch: the copy is incomplete\n' });
  });

  test('does not run on a node of another architecture, which is said before anything is written', () => {
    const other = own === 'aarch64' ? 'x86_64' : 'aarch64';
    const said = `rtwatch: the file is for ${other}, and the node is ${own}. Name one for ${own} with --copy-file\n`;
    expect(run({ ...file, machine: other }, script)).toEqual({ status: 1, said });
  });

  test('tries each folder that it says it tried', () => {
    const tried = path.join(folder, 'tried');
    fs.writeFileSync(path.join(folder, 'mktemp'), `#!/bin/sh\necho "$2" >>${tried}\nexit 1\n`, { mode: 0o755 });
    const command = copyingTemplate('eval rtwatch sample', file) ?? '';
    const env = { ...process.env, TMPDIR: '/data', PATH: `${folder}:${process.env['PATH']}` };
    const { status, stderr } = spawnSync('/bin/sh', ['-c', command], { input: script, env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, expect.stringContaining('TMPDIR, /tmp, /var/tmp or /dev/shm')]);
    expect(fs.readFileSync(tried, 'utf8').split('\n').filter(Boolean)).toEqual(
      ['/data', '/tmp', '/var/tmp', '/dev/shm'].map((one) => `${one}/rtwatch.XXXXXX`),
    );
  });

  test('needs a command that ends in rtwatch sample', () => {
    for (const template of [
      'ssh {node} sudo rtwatch',
      "ssh {node} 'rtwatch sample'",
      'ssh {node} rtwatch sample | tee x',
    ]) {
      expect(copyingTemplate(template, file)).toBeNull();
    }
  });
});

test('the machine of a program is read from its ELF header', () => {
  const elf = (machine: number): Buffer => {
    const header = Buffer.alloc(20);
    header.write('\u007fELF', 'latin1');
    header.writeUInt16LE(machine, 18);
    return header;
  };
  expect(machineOf(elf(62))).toBe('x86_64');
  expect(machineOf(elf(183))).toBe('aarch64');
  expect(machineOf(elf(40))).toBeUndefined();
  expect(machineOf(Buffer.from('#!/bin/sh'))).toBeNull();
  expect(machineOf(Buffer.from('PK\u0003\u0004'))).toBeUndefined();
  expect(machineOf(fs.readFileSync('/bin/sh').subarray(0, 20))).toBe(own);
});
