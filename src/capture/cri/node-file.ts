import { formatMs } from '../../base/durations.ts';
import { Child } from '../../child/child.ts';

/** A file of some kilobytes takes milliseconds; one on a dead disk is never read. */
const deadlineMs = 2000;

/** Which part of a file is read. */
type Part = 'start' | 'end';

/**
 * Reads at most so many bytes of a file in a child process: a read that hangs in the kernel does not hold up this one.
 *
 * @throws if the file cannot be read, or not within two seconds
 */
export function readNodeFile(file: string, part: Part, maxBytes: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const chunks: Buffer[] = [];
  new Child({
    command: [part === 'start' ? 'head' : 'tail', '-c', String(maxBytes), file],
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
