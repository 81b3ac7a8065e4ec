import fs from 'node:fs';
import type { FilePart } from '../../capture/cri/node-file.ts';
import { reasonOf } from '../../collect/reason.ts';
import { clean } from '../../view/text.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';

/**
 * Prints the start or the end of a file, at most so many bytes. `inspect` runs this as a child, because the read may hang in the kernel.
 *
 * @throws ReportedError when it cannot be read
 */
export function readPart(file: string, part: FilePart, maxBytes: number): void {
  try {
    // Without O_NONBLOCK, open() of a FIFO would wait for a writer.
    const fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new Error(`${file} is no regular file`);
    const bytes = Buffer.allocUnsafe(maxBytes);
    let length = 0;
    for (let at = part === 'end' ? Math.max(0, stat.size - maxBytes) : 0; length < maxBytes; ) {
      const got = fs.readSync(fd, bytes, length, maxBytes - length, at + length);
      if (got === 0) break;
      length += got;
    }
    process.stdout.write(bytes.subarray(0, length));
  } catch (error) {
    throw new ReportedError(clean(reasonOf(error)), exitCodes.badInput);
  }
}
