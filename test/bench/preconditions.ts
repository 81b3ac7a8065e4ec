import fs from 'node:fs';
import { run } from '../engine/run.ts';

/** What has to be there before anything is measured, and cannot be made; the message is one line with the remedy. */
export class PreconditionError extends Error {}

const packages = ['htop', 'tmux'];

/**
 * Makes sure of a Linux, a build, htop and tmux; installs the two with apt-get if they are missing.
 *
 * @param main the built program
 * @throws PreconditionError
 */
export async function checkPreconditions(main: string, say: (text: string) => void): Promise<void> {
  if (process.platform !== 'linux') throw new PreconditionError('it measures with /proc, which only Linux has');
  if (!fs.existsSync(main)) throw new PreconditionError(`${main} is not there: run 'npm run build' first`);
  const missing = await missingOf(packages);
  if (missing.length === 0) return;
  const install = `apt-get install -y ${missing.join(' ')}`;
  if (process.getuid?.() !== 0)
    throw new PreconditionError(`${missing.join(' and ')} missing: run '${install}' as root`);
  say(`installing ${missing.join(' and ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const script = `apt-get update && exec apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const { status, stderr } = await run('sh', ['-c', script], { env, timeoutMs: 300_000 }).catch(failedToStart);
  const left = await missingOf(missing);
  if (left.length === 0) return;
  const reason = stderr.trim().split('\n').at(-1) ?? '';
  throw new PreconditionError(`'${install}' did not bring ${left.join(' and ')} (status ${status}): ${reason}`);
}

/** Which of these commands are not in the PATH. */
export async function missingOf(commands: readonly string[]): Promise<string[]> {
  const script = 'for c in "$@"; do command -v "$c" >/dev/null || echo "$c"; done';
  const { stdout } = await run('sh', ['-c', script, 'sh', ...commands]);
  return stdout.split('\n').filter((line) => line !== '');
}

const failedToStart = (error: Error) => ({ status: null, stderr: error.message });
