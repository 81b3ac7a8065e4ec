/** Errors of Linux that libuv has no name for: their code is UNKNOWN, or `Unknown system error -122` where C++ throws them. */
const unnamed: Readonly<Record<number, string>> = { 122: 'EDQUOT' };

/** The `code` of a system error (`ENOENT`, `EACCES`), or null. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  const number = 'errno' in error && typeof error.errno === 'number' ? -error.errno : 0;
  return unnamed[number] ?? error.code;
}
