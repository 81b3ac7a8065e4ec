import fs from 'node:fs';
import { formatMs } from '../../base/durations.ts';
import { fileTrouble } from '../../base/file-trouble.ts';
import { Child } from '../../child/child.ts';

/** A disk or a server that is well needs milliseconds, and the screen waits for this. */
const deadlineMs = 1000;
/** What people write, and what `W` keeps, is a few kilobytes. */
const maxBytes = 1024 ** 2;

/** A file that rtwatch starts without, and says so: its disk or server does not answer, or it belongs to another user. */
export class UnreadFileError extends Error {}

/**
 * Reads a small file of the reader's home, which may lie on a server that does not answer: a child process reads it, and is left
 * behind when it hangs. Below /etc there is nothing to fear that would not stop the program itself.
 *
 * @returns null when there is no such file
 * @throws UnreadFileError when it is not read in time or may not be read; otherwise an Error with the reason
 */
export async function readOwnFile(file: string, withinMs = deadlineMs): Promise<string | null> {
  if (file.startsWith('/etc/')) return readAtOnce(file);
  const pieces: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    const child = new Child({
      // In another language the words of the error would be unknown.
      command: ['env', 'LC_ALL=C', 'cat', '--', file],
      deadlineMs: withinMs,
      onBytes: (bytes) => {
        length += bytes.length;
        pieces.push(bytes);
        if (length <= maxBytes) return;
        child.abandon();
        reject(new Error(`${file} is larger than 1 MiB`));
      },
      onEnd: ({ kind, code, complaint }) => {
        if (code === 0) resolve(Buffer.concat(pieces).toString('utf8'));
        else if (kind === 'deadline')
          reject(
            new UnreadFileError(
              `${file} was not read within ${formatMs(withinMs)}: its disk or server does not answer`,
            ),
          );
        // An image without coreutils has no home on a server either.
        else if (kind === 'failed' || code === 126 || code === 127) resolve(readAtOnce(file));
        else if (/No such file|Not a directory/.test(complaint ?? '')) resolve(null);
        // After su(1) or sudo(8) HOME may be that of another user.
        else if (/Permission denied/.test(complaint ?? ''))
          reject(new UnreadFileError(`${file} cannot be read: permission denied`));
        else reject(new Error(`${file} cannot be read: ${complaint?.replace(/^.*: /, '') ?? 'unknown reason'}`));
      },
    });
  });
}

function readAtOnce(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw new Error(`${file} cannot be read: ${fileTrouble(error)}`, {
      cause: error,
    });
  }
}
