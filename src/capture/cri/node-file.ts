import { formatMs } from '../../base/durations.ts';
import { Child } from '../../child/child.ts';

/** A file of some kilobytes takes milliseconds, the start of its reader some more; one on a dead disk is never read. */
const deadlineMs = 3000;

/** Which part of a file is read. */
export type FilePart = 'start' | 'end';

/**
 * Reads at most so many bytes of a file in a child process: a read that hangs in the kernel does not hold up this one.
 *
 * @param reader the command that prints a part of a file; it is given the part, the number of bytes and the file
 * @throws if the file cannot be read, or not within three seconds
 */
export function readNodeFile(
  reader: readonly string[],
  file: string,
  part: FilePart,
  maxBytes: number,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  new Child({
    command: [...reader, part, String(maxBytes), file],
    deadlineMs,
    onBytes: (bytes) => chunks.push(bytes),
    onEnd: ({ kind, code, error, complaint }) => {
      if (kind === 'deadline')
        reject(new Error(`${file}: no answer from its filesystem within ${formatMs(deadlineMs)}`));
      else if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(error ?? new Error(complaint ?? `${file} cannot be read`));
    },
  });
  return promise;
}
