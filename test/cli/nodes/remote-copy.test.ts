import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { programToCopy } from '../../../src/cli/nodes/remote-copy.ts';
import { temporaryFolder } from '../../support/world.ts';

test('a FIFO or a folder is no program to copy, and is not waited for', () => {
  const folder = temporaryFolder();
  execFileSync('mkfifo', [`${folder}/program`]);
  expect(() => programToCopy(`${folder}/program`)).toThrow('it is not a regular file');
  expect(() => programToCopy(folder)).toThrow('it is not a regular file');
});

test('this program, run from a checkout, is not one file', () => {
  expect(() => programToCopy(undefined)).toThrow('--copy-file FILE');
});
