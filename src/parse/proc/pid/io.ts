import { lineAfter } from '../line-after.ts';

/** The lines of `/proc/PID/io` that count bytes at the storage layer (proc_pid_io(5)). */
export interface PidIo {
  readonly readBytes: number;
  /** Bytes made dirty, counted when they are made so, not when they reach the device. */
  readonly writeBytes: number;
  /** Of these, bytes that were truncated away before they were written. */
}

/**
 * Parses `/proc/PID/io`.
 *
 * @throws if a line is missing (the file needs CONFIG_TASK_IO_ACCOUNTING; it is empty if its process has exited)
 */
export function parsePidIo(text: string): PidIo {
  return {
    readBytes: bytesOf(text, 'read_bytes'),
    writeBytes: bytesOf(text, 'write_bytes'),
  };
}

function bytesOf(text: string, word: string): number {
  const digits = /^\d+/.exec(lineAfter(text, `${word}: `) ?? '')?.[0];
  if (digits === undefined) throw new Error(`no ${word} in an io file of a process`);
  return Number(digits);
}
