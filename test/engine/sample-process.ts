import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sample } from '../../src/sample/sample.ts';

/** How long a killed process may take to exit: one in D does not, before the test has repaired what it waits for. */
const exitPatienceMs = 10_000;

/** `rtwatch sample`, with what it starts. Its Samples are read once. */
export class SampleProcess implements AsyncIterable<Sample> {
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  readonly #closed: Promise<unknown>;
  #lines: Interface | null = null;

  /** @param command that runs `rtwatch sample` */
  constructor(
    [program = '', ...args]: readonly string[],
    where: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  ) {
    this.#child = spawn(program, args, { ...where, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#closed = once(this.#child, 'close');
    this.#closed.catch(() => this.#lines?.close());
  }

  /** @throws when the program cannot be started */
  async *[Symbol.asyncIterator](): AsyncGenerator<Sample> {
    this.#lines = createInterface({ input: this.#child.stdout });
    for await (const line of this.#lines) yield JSON.parse(line) as Sample;
    if (this.#child.pid === undefined) await this.#closed;
  }

  /** Kills it and ends its Samples, also those of a process that hangs: that one is left behind. */
  async close(): Promise<void> {
    const { pid, exitCode, signalCode, stdout } = this.#child;
    // The whole group: the launcher may have become the program, or have it as a child.
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
    this.#lines?.close();
    stdout.resume();
    await Promise.race([this.#closed.catch(() => {}), sleep(exitPatienceMs, undefined, { ref: false })]);
    stdout.destroy();
    this.#child.unref();
  }
}
