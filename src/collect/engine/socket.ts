import fs from 'node:fs';

/**
 * Makes sure that there is something to connect to, before a client is loaded for it.
 *
 * @throws the error of connect(2) when there is nothing of that path; that of stat(2) when it may not be reached
 */
export function expectSocket(path: string): void {
  if (fs.statSync(path, { throwIfNoEntry: false }) !== undefined) return;
  throw Object.assign(new Error(`connect ENOENT ${path}`), { code: 'ENOENT', syscall: 'connect', address: path });
}
