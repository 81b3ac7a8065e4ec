import fs from 'node:fs';

/**
 * Makes sure that there is something to connect to, before a client is loaded for it.
 *
 * @throws the error of connect(2) when there is nothing of that path
 */
export function expectSocket(path: string): void {
  if (fs.existsSync(path)) return;
  const error = new Error(`connect ENOENT ${path}`);
  throw Object.assign(error, { code: 'ENOENT', syscall: 'connect', address: path });
}
