import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executable, reportStart, version } from './release.ts';
import { runCommand } from './root.ts';

let folder = '';
let filter: string[] = [];
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-old-kernel-'));
  const program = path.join(folder, 'old-kernel');
  execFileSync('gcc', ['-O1', '-o', program, path.join(import.meta.dirname, 'old-kernel.c')]);
  filter = [program, '313'];
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** With the system calls of Linux 3.10 alone: what that kernel does otherwise, a filter on this one cannot show. */
describe.skipIf(process.arch !== 'x64')('with no system call that Linux 3.10 does not have', () => {
  test('the filter works: Node.js starts under it, and nothing without its system calls', () => {
    const node = [process.execPath, '-e', 'process.exit(0)'];
    expect(runCommand([...filter, ...node]).status).toBe(0);
    expect(runCommand([filter[0] ?? '', '0', '/bin/true']).status).not.toBe(0);
  });

  test('it starts, checks and prints a frame', () => {
    expect(runCommand([...filter, executable(), '--version']).stdout).toBe(`${version}\n`);
    const { stdout, stderr } = runCommand([...filter, executable(), 'check']);
    expect(stdout, stderr).toMatch(reportStart);
    expect(stdout).toContain('processes');
    expect(runCommand([...filter, executable(), 'snap']).stdout).toContain('Disk I/O');
  });

  test('the packed one unpacks and starts', () => {
    const file = path.join(folder, 'rtwatch');
    fs.copyFileSync(`${executable()}-packed`, file);
    expect(runCommand([...filter, file, '--version']).stdout).toBe(`${version}\n`);
  });
});
