import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

/** For a tool or a download: a release never hangs. */
export const deadlineMs = 600_000;

/** Runs a tool. Its output is only shown when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
): Promise<string> {
  const options = {
    cwd,
    timeout: deadlineMs,
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
  } as const;
  const { stdout } = await promisify(execFile)(program, [...args], options);
  return stdout;
}

/** Writes a file, and the folders above it, with the same mode whatever the umask is. */
export function put(file: string, content: string | Buffer, mode = 0o644): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
  fs.writeFileSync(file, content);
  fs.chmodSync(file, mode);
}

/** Gives everything in a folder, and it, one time: that of the release. */
export function setTimes(folder: string, seconds: number): void {
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    fs.lutimesSync(path.join(folder, name), seconds, seconds);
  }
  fs.utimesSync(folder, seconds, seconds);
}

/** Arguments of tar that leave nothing of this machine in an archive. */
export const sameTar = (seconds: number): string[] => [
  ...['--format=ustar', '--sort=name', `--mtime=@${seconds}`, '--owner=0', '--group=0', '--numeric-owner'],
];
