import { fileTrouble } from '../../base/file-trouble.ts';
import { codeOf } from '../../base/system-error.ts';

/** The system calls of files; those of connections have other names. */
const writes = new Set(['mkdir', 'open', 'write', 'writev', 'close', 'fsync', 'link', 'unlink', 'rename']);

/**
 * Why writing to a folder failed, and what to do. Null if the error is about something else. `syscall` holds the call,
 * `code` the reason (Node.js, SystemError).
 */
export function writeTrouble(error: unknown, folder: string): string | null {
  if (!(error instanceof Error) || !('syscall' in error) || !writes.has(String(error.syscall))) return null;
  return `${folder} cannot be written to: ${reasonOf(error)}`;
}

function reasonOf(error: Error): string {
  const elsewhere = 'name another folder with --dump-dir';
  switch (codeOf(error)) {
    case 'ENOSPC':
      return `no space left (${elsewhere}; the partial file is removed)`;
    case 'EDQUOT':
      return `disk quota exceeded (${elsewhere}; the partial file is removed)`;
    case 'EROFS':
      return `the filesystem is read-only (${elsewhere})`;
    case 'EACCES':
    case 'EPERM':
      return `permission denied (run as root, or ${elsewhere})`;
    case 'ENOTDIR':
      return `it is not a directory (${elsewhere})`;
    case 'EIO':
      return `I/O error on the disk (see dmesg; ${elsewhere})`;
    default:
      return `${fileTrouble(error)} (${elsewhere})`;
  }
}
