import fs from 'node:fs';
import { launcher } from './rtwatch.ts';
import { run } from './run.ts';

const commands = [
  'docker',
  'dockerd',
  'containerd',
  'busybox',
  'tmux',
  'mkfs.ext4',
  'mkfs.btrfs',
  'fsfreeze',
  'iostat',
];

/**
 * Says once, before any test, what is missing, instead of six files that fail each in its own way.
 *
 * @throws with the remedy
 */
export default async function checkPreconditions(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('the engine tests mount, freeze and start dockerd: run them as root');
  const script = 'for c in "$@"; do command -v "$c" >/dev/null || echo "$c"; done';
  const { stdout } = await run('sh', ['-c', script, 'sh', ...commands]);
  const missing = stdout.split('\n').filter((line) => line !== '');
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}. test/engine/prepare installs them`);
  if (!fs.existsSync(launcher)) throw new Error(`${launcher} is not there`);
}
