import fs from 'node:fs';
import path from 'node:path';
import { fileTrouble } from '../../base/file-trouble.ts';
import { codeOf } from '../../base/system-error.ts';
import { makeFolder } from '../../capture/make-folder.ts';
import { clean } from '../../view/text.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';

/**
 * Writes a file for its owner only.
 *
 * @throws ReportedError when it exists, or cannot be written
 */
export function writeNewFile(file: string, text: string): void {
  try {
    const fd = fs.openSync(file, 'wx', 0o600);
    try {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) done += fs.writeSync(fd, bytes, done);
    } catch (error) {
      // A part of it looks like the whole.
      fs.rmSync(file, { force: true });
      throw error;
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    throw notWritten(file, error);
  }
}

/**
 * What the screen prints with `P` or keeps with `W` runs this as a child, because the disk may hang: standard input becomes a new
 * file, or with `replace` the new content of that file, all of it or nothing.
 */
export async function newFile(file: string, { replace = false }: { readonly replace?: boolean }): Promise<void> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  try {
    makeFolder(path.dirname(file));
  } catch (error) {
    throw notWritten(file, error);
  }
  if (replace) replaceFile(file, text);
  else writeNewFile(file, text);
}

function replaceFile(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  writeNewFile(fresh, text);
  try {
    fs.renameSync(fresh, file);
  } catch (error) {
    fs.rmSync(fresh, { force: true });
    throw notWritten(file, error);
  }
}

function notWritten(file: string, error: unknown): ReportedError {
  const exists = codeOf(error) === 'EEXIST';
  const why = exists ? 'file exists; not overwriting' : `cannot be written: ${fileTrouble(error)}`;
  return new ReportedError(`${clean(file)}: ${why}`, exitCodes.cannotWrite);
}
