import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/world.ts';
import { program } from '../bundle-node.ts';

const read = (part: string, bytes: number, file: string) => {
  const [command = '', ...args] = program;
  return spawnSync(command, [...args, 'read-part', part, String(bytes), file], { encoding: 'utf8' });
};

test('the start or the end of a file is printed, at most so many bytes', () => {
  const file = `${temporaryFolder()}/log`;
  fs.writeFileSync(file, 'one two three');
  expect(read('start', 3, file).stdout).toBe('one');
  expect(read('end', 5, file).stdout).toBe('three');
  expect(read('end', 1000, file).stdout).toBe('one two three');
});

test('a file that is not there, and one that no one writes, are no hang', () => {
  const folder = temporaryFolder();
  expect(read('end', 5, `${folder}/gone`)).toMatchObject({
    status: 65,
    stderr: `rtwatch: ${folder}/gone is not there\n`,
  });
  execFileSync('mkfifo', [`${folder}/fifo`]);
  expect(read('start', 5, `${folder}/fifo`)).toMatchObject({
    status: 65,
    stderr: `rtwatch: ${folder}/fifo is no regular file\n`,
  });
});
