import fs from 'node:fs';
import { expect, test } from 'vitest';
import { fileTrouble } from '../../src/base/file-trouble.ts';
import { temporaryFolder } from '../support/world.ts';

function troubleOf(act: () => void): string {
  try {
    act();
    return 'none';
  } catch (error) {
    return fileTrouble(error);
  }
}

test('says why in words, without the code and the call of the system', () => {
  const folder = temporaryFolder();
  fs.writeFileSync(`${folder}/file`, '');
  fs.symlinkSync('loop', `${folder}/loop`);
  const read = (name: string) => troubleOf(() => void fs.readFileSync(`${folder}/${name}`));
  expect(read('file')).toBe('none');
  expect(read('none')).toBe('there is no such file or folder');
  expect(read('file/below')).toBe('a part of its path is not a folder');
  expect(read('')).toBe('it is a folder');
  expect(read('loop')).toBe('too many symbolic links');
  expect(read('x'.repeat(300))).toBe('its name is too long');
  expect(troubleOf(() => fs.writeFileSync('/dev/full', 'x'))).toBe('no space left on its disk');
});

test('an error that is not of the system keeps its words', () => {
  expect(fileTrouble(new Error('not a regular file'))).toBe('not a regular file');
  expect(fileTrouble('odd')).toBe('odd');
});
