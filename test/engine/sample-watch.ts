import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readings, Sample } from '../../src/sample/sample.ts';
import { waitFor } from '../support/wait-for.ts';

/** It writes no Sample any more. */
const over = Symbol('over');

interface WaitOptions {
  /** For the error of a wait in vain, of the newest reading of each source. */
  readonly detail?: (newest: Readings) => string;
  readonly timeoutMs?: number;
}

/** Reads what a sampler writes, each Sample once and in order. */
export class SampleWatch {
  readonly #unread: Sample[] = [];
  readonly #ended: Promise<unknown>;
  readonly #kill: () => void;
  #isOver = false;
  #taken = 0;
  #newest: Readings = {};

  /** @param command that runs `rtwatch sample` */
  constructor(
    [program = '', ...args]: readonly string[],
    where: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  ) {
    const child = spawn(program, args, { ...where, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    // The whole group: the launcher may have become the program, or have it as a child.
    this.#kill = () => void (child.pid !== undefined && child.exitCode === null && process.kill(-child.pid, 'SIGKILL'));
    this.#ended = new Promise((resolve) => child.once('close', resolve));
    void this.#ended.then(() => {
      this.#isOver = true;
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.#unread.push(JSON.parse(line) as Sample));
  }

  /**
   * Waits for the first Sample, of those that were not looked at, in which there is something to see.
   *
   * @throws when the time is over, or the sampler has exited
   */
  async first<T>(
    what: string,
    look: (sample: Sample) => T,
    { detail = describe, timeoutMs = 60_000 }: WaitOptions = {},
  ): Promise<Exclude<T, null | undefined | false>> {
    const seen = await waitFor(what, () => this.#look(look) ?? (this.#isOver ? over : null), {
      timeoutMs,
      everyMs: 20,
      detail: () => `${this.#taken} samples so far; newest readings: ${detail(this.#newest)}`,
    });
    if (seen === over) throw new Error(`the sampler exited before ${what}; ${this.#taken} samples`);
    return seen as Exclude<T, null | undefined | false>;
  }

  /** Ends the sampler. */
  async close(): Promise<void> {
    this.#kill();
    await this.#ended;
  }

  #look<T>(look: (sample: Sample) => T): T | null {
    for (let sample = this.#unread.shift(); sample !== undefined; sample = this.#unread.shift()) {
      this.#taken++;
      this.#newest = { ...this.#newest, ...sample.readings };
      const seen = look(sample);
      if (seen !== null && seen !== undefined && seen !== false) return seen;
    }
    return null;
  }
}

/** What became of each source. */
function describe(newest: Readings): string {
  return JSON.stringify(
    Object.entries(newest).map(([name, { status, ...rest }]) => [name, status, 'detail' in rest ? rest.detail : '']),
  );
}
