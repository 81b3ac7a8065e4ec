import { codeOf } from '../base/system-error.ts';
import { meansNotAsked } from './engine/gate.ts';

/** The reason in an error, in a few words that name the way out where there is one. */
export function reasonOf(error: unknown): string {
  const file = fileOf(error);
  switch (codeOf(error)) {
    case 'ENOENT':
      return file === null ? `no such socket${addressOf(error, ': ')}` : `${file} is not there`;
    case 'EACCES':
    case 'EPERM':
      return `${file === null ? '' : `${file}: `}permission denied (run as root)`;
    case 'ECONNREFUSED':
      return `nothing listens${addressOf(error, ' on ')} (connection refused)`;
    case 'EAGAIN':
      return 'it accepts no connections and its queue is full';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'connection closed';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** The file that an error is about; null when it is about a connection. */
function fileOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('path' in error) || typeof error.path !== 'string') return null;
  return 'syscall' in error && error.syscall === 'connect' ? null : error.path;
}

/** What was connected to, behind a word: the path of a socket, `127.0.0.1:2375`; empty when the error does not say. */
function addressOf(error: unknown, before: string): string {
  if (!(error instanceof Error) || !('address' in error) || typeof error.address !== 'string') return '';
  return `${before}${error.address}${'port' in error ? `:${error.port}` : ''}`;
}

/** Whether the error means that there is nothing to read, rather than something that fails. */
export function meansAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || meansNotAsked(code);
}
