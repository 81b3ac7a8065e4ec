import fs from 'node:fs';
import { codeOf } from '../world.ts';

/**
 * Makes sure that there is something to connect to, before a client is loaded for it.
 *
 * @throws the error of connect(2) when there is nothing of that path; that of stat(2) when it may not be reached
 */
export function expectSocket(path: string): void {
  try {
    fs.statSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw Object.assign(new Error(`connect ENOENT ${path}`), { code: 'ENOENT', syscall: 'connect', address: path });
  }
}
