import { codeOf } from './world.ts';

/** The reason in an error, in a few words that name the way out where there is one. */
export function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'no such socket';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied (run as root)';
    case 'ECONNREFUSED':
      return 'nobody listens (connection refused)';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'the connection was cut';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Whether the error means that there is nothing to ask, rather than something that does not work. */
export function meansAbsent(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}
