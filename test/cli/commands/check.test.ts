import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { programEnv } from '../../support/program-env.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Tree } from '../../support/world.ts';

const launcher = path.join(import.meta.dirname, '../../../bin/rtwatch');
const demo = path.join(import.meta.dirname, '../../../demo/stop.zst');
const env = programEnv();

/** Again and again: on a busy machine the sources may not all answer in the time that a check waits for them. */
const eventually = (what: string, look: () => void): Promise<unknown> =>
  waitFor(what, () => {
    look();
    return true;
  });

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

  test.each([
    ['--json', '--format', 'markdown'],
    ['--npd', '--json'],
    ['--npd', '--format', 'markdown'],
    ['--from', demo, '--for', '3s'],
  ])('refuses %s %s %s: one of them would be ignored', (...args) => {
    const { status, stdout, stderr } = check(...args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain('cannot be used with');
  });

  test('refuses a rule to ignore that does not exist, and lists those that do', () => {
    const { status, stdout, stderr } = check('--from', demo, '--ignore', 'risky-config');
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain('--ignore risky-config: no such rule; the rules are');
    expect(stderr).toContain('risky-configuration');
  });

  describe('of a recorded incident', () => {
    const recorded = (...args: string[]) => check('--from', demo, '--at', '-45s', ...args);

    test('begins with the result in one line, and exits with its code', () => {
      const { status, stdout } = recorded();
      expect(stdout).toMatch(/^CRITICAL 2: .* is frozen/);
      expect(status).toBe(2);
    });

    test('prints one line for node-problem-detector, and calls a problem 1', () => {
      const { status, stdout } = recorded('--npd');
      expect(stdout).toMatch(/^CRITICAL 2: .{1,68}\n$/);
      expect(status).toBe(1);
    });

    test('leaves out what is ignored: what followed from it stands by itself', () => {
      const { stdout } = recorded('--format', 'json', '--ignore', 'frozen-filesystem');
      const { status, counts, findings } = JSON.parse(stdout);
      expect(status).toBe('critical');
      expect(counts.critical).toBe(1);
      expect(findings.map(({ id }: { id: string }) => id)).not.toContain('frozen-filesystem');
    });

    test('prints Markdown', () => {
      expect(recorded('--format', 'markdown').stdout).toMatch(/^# CRITICAL 2: [\s\S]*```sh\nfsfreeze -u [^\n]+\n```/);
    });
  });

  describe('of a node with nothing on it', () => {
    const node = (...args: string[]) => {
      const { procfs, sysfs, rootfs } = new Tree()
        .process(1, { comm: 'systemd' })
        .write('proc/diskstats', ' 254 0 vda 1 0 8 1 1 0 8 1 0 1 2\n').roots;
      return check('--procfs', procfs, '--sysfs', sysfs, '--rootfs', rootfs, '--interval', '250ms', ...args);
    };

    test('finds nothing', async () => {
      await eventually('nothing to be found', () => {
        const { status, stdout } = node();
        expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('nothing found') });
      });
    });

    test('names an engine that was named and is not there in its first line', async () => {
      await eventually('the first line to name it', () => {
        const { status, stdout } = node('--docker-host', 'unix:///nonexist');
        expect(stdout).toMatch(/^UNKNOWN: no container engine at unix:\/\/\/nonexist\n/);
        expect(status).toBe(3);
      });
    });

    test('is unknown when what was named is not there, and says so', async () => {
      const named = ['--docker-host', 'unix:///nonexist', '--pprof', 'kubelet=unix:///none', '--log', '/none.log'];
      await eventually('all of it to be unknown', () => {
        const { status, stdout } = node(...named);
        expect(stdout).toMatch(/unknown: kubelet was named with --pprof.*no such socket: \/none/);
        expect(stdout).toMatch(/unknown: \/none.log was named with --log.*not there/);
        expect(status).toBe(3);
      });
    });
  });

  const unshare = ['--pid', '--fork', '--mount-proc', launcher, 'check'];
  const canUnshare = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;
  test.skipIf(!canUnshare)('is unknown from a PID namespace that is not the host’s, and says so', () => {
    const { status, stdout } = spawnSync('unshare', unshare, { env, encoding: 'utf8' });
    expect(stdout).toContain('unknown: this is not the host’s PID namespace');
    expect(stdout).toContain('--pid=host');
    expect(status).not.toBe(0);
  });
});
