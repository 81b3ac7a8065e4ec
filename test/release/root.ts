import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** How a root is mounted. */
export interface RootOptions {
  /** No file in it can be written, not even in /tmp. */
  readonly readOnly?: boolean;
  /** /tmp, /run and /dev/shm are there, and mounted noexec. */
  readonly noexecTmp?: boolean;
}

/** What a command did. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A root directory of another system, in which a command runs in mounts of its own: nothing of this machine is left but /proc, /dev
 * and /sys.
 */
export class OtherRoot {
  readonly path = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-root-'));
  readonly #options: RootOptions;

  constructor(options: RootOptions = {}) {
    this.#options = options;
    for (const name of ['proc', 'dev', 'sys', 'tmp', 'run']) fs.mkdirSync(this.of(name));
  }

  of(name: string): string {
    return path.join(this.path, name);
  }

  /** Puts a file of this machine in, under the same or another name. */
  copy(from: string, to: string): void {
    fs.mkdirSync(path.dirname(this.of(to)), { recursive: true });
    fs.copyFileSync(from, this.of(to));
    fs.chmodSync(this.of(to), 0o755);
  }

  /** The words that run a command in it. */
  command(...words: readonly string[]): string[] {
    const { readOnly = false, noexecTmp = false } = this.#options;
    const script = [
      'root=$1; shift',
      'mount --bind "$root" "$root"',
      'mount -t proc proc "$root/proc"; mount --rbind /dev "$root/dev"; mount --rbind /sys "$root/sys"',
      ...(noexecTmp
        ? ['for d in tmp run dev/shm; do mount -t tmpfs -o noexec tmpfs "$root/$d"; done']
        : ['mount -t tmpfs -o size=1k,ro tmpfs "$root/dev/shm"']),
      ...(readOnly ? ['mount -o remount,ro,bind "$root"'] : []),
      'exec chroot "$root" "$@"',
    ].join('\n');
    return ['unshare', '--mount', '--propagation', 'private', 'sh', '-ec', script, 'sh', this.path, ...words];
  }

  run(words: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
    return runCommand(this.command(...words), env);
  }

  close(): void {
    fs.rmSync(this.path, { recursive: true, force: true });
  }
}

/** Runs a command to its end, without this machine's environment. */
export function runCommand([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(program, args, {
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', HOME: '/nonexistent', ...env },
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 2 ** 28,
  });
  return { status, stdout, stderr };
}

/** Runs a tool of this machine, to its end or for two minutes. @throws when it fails, with what it said */
export function runTool(program: string, args: readonly string[], input = ''): string {
  return execFileSync(program, args, { input, encoding: 'utf8', stdio: 'pipe', timeout: 120_000, maxBuffer: 2 ** 28 });
}
