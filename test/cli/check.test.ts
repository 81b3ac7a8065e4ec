import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const launcher = path.join(import.meta.dirname, '../../bin/rtwatch');
const env = { ...process.env, DOCKER_HOST: '', XDG_CONFIG_HOME: '/nonexistent' };

function check(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(launcher, ['check', ...args], { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('rtwatch check', () => {
  test.each(['abc', '-5s', ''])('refuses --for %j, and says what is wrong', (duration) => {
    const { status, stdout, stderr } = check('--for', duration);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain('It is not a duration such as 250ms, 2s or 1m.');
  });
});
