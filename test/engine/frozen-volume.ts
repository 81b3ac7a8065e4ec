import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { thaw } from './clear.ts';
import { succeed, toolEnv } from './run.ts';
import type { Scratch } from './scratch.ts';

/** How long a volume stays frozen at most, in seconds, whatever becomes of the test. */
const longestFreeze = 900;

/**
 * A filesystem of its own in a file, to be frozen under a writer as a dead disk or file server would freeze it: who
 * writes waits in D, and no signal ends it.
 */
export class FrozenVolume {
  static #made = 0;
  readonly path: string;
  #watchdog: ChildProcess | null = null;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes and mounts one; not frozen yet. `Scratch.close` thaws and unmounts it.
   *
   * @param path where, if not in the test's folder; then the caller unmounts it
   */
  static async make(scratch: Scratch, mebibytes = 64, path: string | null = null): Promise<FrozenVolume> {
    const name = `volume-${FrozenVolume.#made++}`;
    const image = scratch.of(`${name}.img`);
    const volume = new FrozenVolume(path ?? scratch.of(name));
    await fs.promises.writeFile(image, '');
    await fs.promises.truncate(image, mebibytes * 1024 * 1024);
    await succeed('mkfs.ext4', ['-q', '-F', image]);
    await fs.promises.mkdir(volume.path, { recursive: true });
    await succeed('mount', ['-o', 'loop', image, volume.path]);
    scratch.onClose(async () => volume.thaw());
    return volume;
  }

  async freeze(): Promise<void> {
    // A frozen filesystem outlives whoever froze it. The watchdog is no child of the terminal, and waits for the end of
    // its standard input, which is the end of this process, or for the time to be over.
    const script = `timeout ${longestFreeze} cat >/dev/null; fsfreeze --unfreeze "$0"`;
    this.#watchdog = spawn('sh', ['-c', script, this.path], {
      cwd: '/',
      detached: true,
      env: toolEnv(),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#watchdog.unref();
    await succeed('fsfreeze', ['--freeze', this.path]);
  }

  /** Lets the writers go on. Not an error when it is not frozen. */
  thaw(): void {
    thaw(this.path);
    this.#watchdog?.stdin?.end();
    this.#watchdog = null;
  }
}
