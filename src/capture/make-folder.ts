import fs from 'node:fs';
import path from 'node:path';
import { codeOf } from '../base/system-error.ts';

/**
 * Makes a folder, and those above it, for their owner alone; one that is there stays as it is. Not by `recursive` of Node.js: that tries for
 * ever where the kernel makes no folder below one that is there (/proc, a working folder that was removed).
 *
 * @throws the error of mkdir(2)
 */
export function makeFolder(folder: string): void {
  const parent = path.dirname(folder);
  try {
    makeOne(folder);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' || parent === folder) throw error;
    makeFolder(parent);
    makeOne(folder);
  }
}

function makeOne(folder: string): void {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST' || fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw error;
  }
}
