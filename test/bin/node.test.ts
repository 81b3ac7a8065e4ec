import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/world.ts';

const bin = path.join(import.meta.dirname, '../../bin');

const run = (named: string) =>
  // A launcher that starts itself is stopped by the deadline, and then has no status.
  spawnSync(path.join(bin, 'node'), ['--version'], {
    env: { ...process.env, RTWATCH_NODE: named },
    encoding: 'utf8',
    timeout: 100_000,
  });

test('it runs the Node.js that RTWATCH_NODE names', () => {
  expect(run(process.execPath)).toMatchObject({ status: 0, stdout: `${process.version}\n` });
});

test('a RTWATCH_NODE that is not there is named, with what to do', () => {
  const { status, stderr } = run('/nonexistent/node');
  expect([status, stderr]).toEqual([
    69,
    expect.stringMatching(/^rtwatch: RTWATCH_NODE is \/nonexistent\/node, .*unset it\n$/),
  ]);
});

test.each(['node', 'rtwatch'])(
  'RTWATCH_NODE=bin/%s, which would start itself for ever, is refused by every name',
  (name) => {
    const link = `${temporaryFolder()}/link`;
    fs.symlinkSync(path.join(bin, name), link);
    for (const named of [path.join(bin, name), link, path.relative('.', path.join(bin, name))]) {
      const { status, stderr } = run(named);
      expect([status, stderr]).toEqual([69, expect.stringContaining(`RTWATCH_NODE is ${named}`)]);
    }
  },
);
