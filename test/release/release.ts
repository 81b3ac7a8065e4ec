import { execFileSync } from 'node:child_process';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

const root = path.join(import.meta.dirname, '../..');

export const { version } = manifest;
/** The release that `make.ts` makes before the tests. */
export const folder = path.join(root, '.cache/release/test');
/** The executable for the machine of the tests, and the other one. */
export const own = process.arch === 'arm64' ? 'arm64' : 'x64';
export const other = own === 'arm64' ? 'x64' : 'arm64';
export const executable = (machine: string = own): string => path.join(folder, `rtwatch-linux-${machine}`);

/** How a report begins, whatever the node of the tests has: `CRITICAL 2, WARNING 1: …`. */
export const reportStart = /^(?:OK|UNKNOWN|(?:CRITICAL|WARNING) \d+[^:]*): /;

/** As a packager's machine with another clock, for the same files. */
const epoch = '1795800000';

/** Makes a release that is packed little. */
export function makeRelease(out: string, env: NodeJS.ProcessEnv = {}): void {
  const script = path.join(root, 'bin/release/release.ts');
  execFileSync(path.join(root, 'bin/node'), [script, '--quick', '--out', out], {
    env: { ...process.env, SOURCE_DATE_EPOCH: epoch, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
    // Alone on two processors it takes a minute.
    timeout: 900_000,
  });
}
