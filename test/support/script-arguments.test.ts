import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const script = path.join(import.meta.dirname, '../bench/beside.ts');
const run = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });

test('--help prints the head of a script', () => {
  const { status, stdout, stderr } = run('--help');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^rtwatch, htop and btop .*\n\n {4}bin\/node test\/bench\/beside\.ts \[/s);
});

test('an option that it does not know is named, with its head and without a stack', () => {
  const { status, stderr } = run('--foo');
  expect(status).toBe(64);
  expect(stderr).toMatch(/^Unknown option '--foo'/);
  expect(stderr).not.toContain('    at ');
});
