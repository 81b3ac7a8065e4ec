import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readOwnFile, UnreadFileError } from '../../../src/cli/settings/read-own-file.ts';
import { temporaryFolder } from '../../support/world.ts';

test('a file is read whole, and one that is not there is none', async () => {
  const file = path.join(temporaryFolder(), 'view.json');
  expect(await readOwnFile(file)).toBeNull();
  expect(await readOwnFile(`${file}/below`)).toBeNull();
  fs.writeFileSync(file, '{"é":1}\n');
  expect(await readOwnFile(file)).toBe('{"é":1}\n');
  expect(await readOwnFile(`${file}/below`)).toBeNull();
});

test('one that cannot be read is an error with its name and the reason', async () => {
  const folder = temporaryFolder();
  await expect(readOwnFile(folder)).rejects.toThrow(`${folder} cannot be read: Is a directory`);
});

test('one that is too large for what people write is refused', async () => {
  const file = path.join(temporaryFolder(), 'large');
  fs.writeFileSync(file, 'x'.repeat(1024 ** 2 + 1));
  await expect(readOwnFile(file)).rejects.toThrow(`${file} is larger than 1 MiB`);
});

test('a read that hangs is given up, with words for the reader', async () => {
  const file = path.join(temporaryFolder(), 'fifo');
  execFileSync('mkfifo', [file]);
  const late = readOwnFile(file, 50);
  await expect(late).rejects.toBeInstanceOf(UnreadFileError);
  await expect(late).rejects.toThrow(`${file} was not read within 50ms: its disk or server does not answer`);
});
