import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/world.ts';
import { program } from '../bundle-node.ts';

const write = (file: string, input: string) => {
  const [command = '', ...args] = program;
  return spawnSync(command, [...args, 'new-file', file], { input, encoding: 'utf8' });
};

test('standard input becomes a file of its owner’s, in a folder that is made', () => {
  const file = `${temporaryFolder()}/made/screen.txt`;
  expect(write(file, 'dockerd ✓').status).toBe(0);
  expect(fs.readFileSync(file, 'utf8')).toBe('dockerd ✓');
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
});

test('a file that is there stays as it is', () => {
  const file = `${temporaryFolder()}/screen.txt`;
  fs.writeFileSync(file, 'before');
  const { status, stderr } = write(file, 'after');
  expect([status, stderr]).toEqual([74, `rtwatch: ${file}: file exists; not overwriting\n`]);
  expect(fs.readFileSync(file, 'utf8')).toBe('before');
});

test('what cannot be written whole is not left in part', () => {
  const file = `${temporaryFolder()}/screen.txt`;
  // The kernel refuses more than 1 KiB, as a full disk would.
  const limited = ['-c', 'trap "" XFSZ; ulimit -f 1; exec "$@"', 'sh', ...program, 'new-file', file];
  const { status, stderr } = spawnSync('bash', limited, { input: 'x'.repeat(100_000), encoding: 'utf8' });
  expect([status, stderr]).toEqual([74, expect.stringContaining(`${file}: cannot be written: `)]);
  expect(fs.existsSync(file)).toBe(false);
});
