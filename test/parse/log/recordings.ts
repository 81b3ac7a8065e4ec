import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A captured log of `test/recordings/logs`. */
export function recordedLog(name: string): string {
  return gunzipSync(fs.readFileSync(path.join(import.meta.dirname, '../../recordings/logs', `${name}.gz`))).toString();
}
