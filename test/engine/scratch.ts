import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clear, thawBelow } from './clear.ts';

/** The one folder in which everything of a test lives, and its end. */
export class Scratch {
  readonly path: string;
  readonly #guard: ChildProcess;
  readonly #closers: (() => Promise<unknown>)[] = [];
  readonly #thaw = (): void => thawBelow(this.path);

  constructor() {
    this.path = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'rtwatch-engine-'));
    // The kernel takes 107 bytes of a unix socket's path.
    if (this.path.length > 70) throw new Error(`${this.path} is too long for sockets: set TMPDIR to a shorter one`);
    const guard = fileURLToPath(new URL('guard.ts', import.meta.url));
    this.#guard = spawn(process.execPath, [guard, this.path], {
      // Not the folder: whatever works in there is ended.
      cwd: '/',
      detached: true,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    this.#guard.unref();
    process.once('exit', this.#thaw);
  }

  /** A path in the folder. */
  of(...names: string[]): string {
    return path.join(this.path, ...names);
  }

  /** Something to be ended in its own polite way; the newest goes first. */
  onClose(closer: () => Promise<unknown>): void {
    this.#closers.push(closer);
  }

  /**
   * Ends all and removes the folder. Thaws before anything else: nothing that waits for a frozen filesystem ends.
   *
   * @throws when something could not be ended, after trying all
   */
  async close(): Promise<void> {
    thawBelow(this.path);
    const failures: unknown[] = [];
    for (const closer of this.#closers.splice(0).reverse()) {
      await closer().catch((error: unknown) => failures.push(error));
    }
    await clear(this.path).catch((error: unknown) => failures.push(error));
    process.off('exit', this.#thaw);
    this.#guard.stdin?.end();
    if (failures.length > 0) throw new AggregateError(failures, `could not end everything of ${this.path}`);
  }
}
