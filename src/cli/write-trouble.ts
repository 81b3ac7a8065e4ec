import { codeOf } from '../collect/world.ts';

/** The system calls that make a file; those of a connection have other names. */
const writes = new Set(['mkdir', 'open', 'write', 'writev', 'close', 'fsync', 'link', 'unlink', 'rename']);

/**
 * Why a file could not be written into a folder, and what to do, in words. Null when the error is about something else.
 * The call is in `syscall`, the reason in `code` (Node.js, SystemError).
 */
export function writeTrouble(error: unknown, folder: string): string | null {
  if (!(error instanceof Error) || !('syscall' in error) || !writes.has(String(error.syscall))) return null;
  return `${folder} cannot be written to: ${reasonOf(error)}`;
}

function reasonOf(error: Error): string {
  const elsewhere = 'name another folder with --dump-dir';
  switch (codeOf(error)) {
    case 'ENOSPC':
      return `no space is left on its filesystem (${elsewhere}; what was written is removed again)`;
    case 'EDQUOT':
      return `the disk quota is used up (${elsewhere}; what was written is removed again)`;
    case 'EROFS':
      return `its filesystem is read-only (${elsewhere})`;
    case 'EACCES':
    case 'EPERM':
      return `permission denied (run as root, or ${elsewhere})`;
    case 'ENOTDIR':
      return `it is no folder (${elsewhere})`;
    case 'EIO':
      return `the disk below it gave an error (dmesg tells more; ${elsewhere})`;
    default:
      return error.message;
  }
}
