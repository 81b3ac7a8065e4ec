import fs from 'node:fs';
import path from 'node:path';

const checkout = path.join(import.meta.dirname, '../..');

/**
 * A copy of the program with a runtime of its own; the path of its launcher. A build that runs meanwhile does not get
 * in the way, and, more important, PSS tells the truth: the pages of the runtime would else be shared out among this
 * process and all others that run the same file.
 */
export function installProgram(folder: string, from = checkout): string {
  for (const name of ['bin', 'dist', 'package.json']) {
    fs.cpSync(path.join(from, name), path.join(folder, name), { recursive: true });
  }
  // Where bin/node looks for the pinned one.
  const runtime = path.join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin');
  fs.mkdirSync(runtime, { recursive: true });
  fs.copyFileSync(process.execPath, path.join(runtime, 'node'));
  return path.join(folder, 'bin/rtwatch');
}
