import fs from 'node:fs';
import path from 'node:path';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';

/** Ends a text in the input. */
export const endOfText = '\0';
const name = 'rtwatch.prom';

/**
 * Keeps `rtwatch.prom` in a directory: each text of standard input replaces it, whole. Prints a line after each. At the end of the input the
 * file goes: what no process keeps true must not be read as true.
 *
 * `export` runs this as a child, because the disk may be the one that hangs.
 *
 * @throws ReportedError if it cannot be written
 */
export async function writeTextfile(folder: string): Promise<void> {
  // Ctrl-C reaches the whole process group; the parent decides when to stop.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  process.stdout.on('error', () => {});
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    const parts = `${text}${chunk}`.split(endOfText);
    text = parts.pop() ?? '';
    for (const whole of parts) {
      replace(folder, whole);
      process.stdout.write('written\n');
    }
  }
  fs.rmSync(path.join(folder, name), { force: true });
}

/** By rename, so that node_exporter never reads half of it. It reads only names that end in `.prom`, as its own user. */
function replace(folder: string, text: string): void {
  const file = path.join(folder, name);
  // Always the same name: what a writer that was killed leaves is replaced, and not one file more.
  const fresh = path.join(folder, `.${name}.new`);
  try {
    try {
      fs.rmSync(fresh, { force: true });
      fs.writeFileSync(fresh, text, { flag: 'wx', mode: 0o644 });
      // Whatever the umask is.
      fs.chmodSync(fresh, 0o644);
      fs.renameSync(fresh, file);
    } catch (error) {
      fs.rmSync(fresh, { force: true });
      throw error;
    }
  } catch (error) {
    throw new ReportedError(`${file} cannot be written: ${whyNot(error, folder)}`, exitCodes.cannotWrite);
  }
}

function whyNot(error: unknown, folder: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return `there is no directory ${folder}. Make it, or name the one in --collector.textfile.directory of node_exporter`;
    case 'ENOTDIR':
      return `${folder} is not a directory`;
    case 'EACCES':
    case 'EPERM':
      return 'permission denied. Run as root, or as a user who may write there';
    case 'EROFS':
      return 'the filesystem is read-only';
    case 'ENOSPC':
      return 'no space left';
    default:
      return message;
  }
}
