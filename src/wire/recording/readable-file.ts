import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { reasonOf } from './line-place.ts';

/** What is used of a FileHandle; a recording that is part of the program is in memory. */
export interface ReadableFile {
  readonly stat: () => Promise<{ readonly size: number }>;
  readonly read: (
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ) => Promise<{ readonly buffer: Buffer; readonly bytesRead: number }>;
  readonly close: () => Promise<void>;
}

/** A file that cannot be taken for a recording, or not by this program; the message names the file. */
export class RecordingError extends Error {
  /** The file can be read, but what is in it is no recording, or of a newer version. */
  readonly isContent: boolean;

  constructor(message: string, isContent = false) {
    super(message);
    this.isContent = isContent;
  }
}

/** A recording in memory as a file. */
export function readableBytes(bytes: Buffer): ReadableFile {
  return {
    stat: async () => ({ size: bytes.length }),
    read: async (buffer, offset, length, position) => {
      const end = Math.min(position + length, bytes.length);
      return { buffer, bytesRead: position >= end ? 0 : bytes.copy(buffer, offset, position, end) };
    },
    close: async () => {},
  };
}

/** @throws RecordingError when it is no file that can be read */
export async function openForReading(path: string): Promise<ReadableFile> {
  try {
    // Without O_NONBLOCK, open() of a FIFO would wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new Error('not a regular file');
  } catch (error) {
    throw new RecordingError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}
