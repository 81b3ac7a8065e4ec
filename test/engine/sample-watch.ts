import type { Readings, Sample } from '../../src/sample/sample.ts';
import { waitFor } from '../support/wait-for.ts';
import type { SampleProcess } from './sample-process.ts';

/** It writes no Sample any more. */
const over = Symbol('over');

interface WaitOptions {
  /** For the error of a wait in vain, of the newest reading of each source. */
  readonly detail?: (newest: Readings) => string;
  readonly timeoutMs?: number;
}

/** Reads what a sampler writes, each Sample once and in order. */
export class SampleWatch {
  readonly #process: SampleProcess;
  readonly #unread: Sample[] = [];
  #isOver = false;
  #failure: unknown;
  #taken = 0;
  #newest: Readings = {};

  constructor(process: SampleProcess) {
    this.#process = process;
    void this.#read()
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#isOver = true;
      });
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
    if (seen === over)
      throw new Error(`the sampler exited before ${what}; ${this.#taken} samples`, { cause: this.#failure });
    return seen as Exclude<T, null | undefined | false>;
  }

  /** Ends the sampler. */
  close(): Promise<void> {
    return this.#process.close();
  }

  async #read(): Promise<void> {
    for await (const sample of this.#process) this.#unread.push(sample);
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
