import fs from 'node:fs';
import { expect, test } from 'vitest';
import { makeFolder } from '../../src/capture/make-folder.ts';
import { temporaryFolder } from '../support/world.ts';

test('folders are made for their owner alone, and one that is there stays as it is', () => {
  const top = temporaryFolder();
  makeFolder(`${top}/a/b/c`);
  expect(fs.statSync(`${top}/a`).mode & 0o777).toBe(0o700);
  expect(fs.statSync(`${top}/a/b/c`).mode & 0o777).toBe(0o700);
  fs.chmodSync(`${top}/a/b/c`, 0o755);
  makeFolder(`${top}/a/b/c/`);
  expect(fs.statSync(`${top}/a/b/c`).mode & 0o777).toBe(0o755);
});

test('where there can be none it fails at once, and does not try for ever', () => {
  const top = temporaryFolder();
  fs.writeFileSync(`${top}/file`, '');
  expect(() => makeFolder(`${top}/file`)).toThrow('EEXIST');
  expect(() => makeFolder(`${top}/file/below`)).toThrow('ENOTDIR');
  expect(() => makeFolder('/proc/none/below')).toThrow('ENOENT');
  fs.symlinkSync('nowhere', `${top}/link`);
  expect(() => makeFolder(`${top}/link`)).toThrow('EEXIST');
});
