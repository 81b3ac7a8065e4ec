import fs from 'node:fs';
import path from 'node:path';
import { waitFor } from './wait-for.ts';

const root = '/sys/fs/cgroup';

/** A control group that limits the memory of what is in it, without swap; of version 2, or 1 where that has the memory. */
export class MemoryGroup {
  readonly #path: string;
  readonly #isV2: boolean;

  /**
   * Makes one; only root may.
   *
   * @param name of its own: two at once are two groups
   */
  constructor(name: string, limitBytes: number) {
    this.#isV2 = !fs.existsSync(`${root}/memory/memory.limit_in_bytes`);
    this.#path = path.join(root, this.#isV2 ? '' : 'memory', name);
    if (this.#isV2) fs.writeFileSync(`${root}/cgroup.subtree_control`, '+memory');
    fs.mkdirSync(this.#path);
    this.#write(this.#isV2 ? 'memory.max' : 'memory.limit_in_bytes', limitBytes);
    // Absent where the kernel does not count swap.
    if (this.#isV2 && fs.existsSync(`${this.#path}/memory.swap.max`)) this.#write('memory.swap.max', 0);
    if (!this.#isV2) this.#write('memory.swappiness', 0);
  }

  /** A command that runs another one in the group. */
  command(command: readonly string[]): string[] {
    return ['sh', '-c', 'echo $$ > "$0" && exec "$@"', `${this.#path}/cgroup.procs`, ...command];
  }

  /** The most that it had at once, with the page cache, which gives way. */
  get peakBytes(): number {
    return Number(this.#read(this.#isV2 ? 'memory.peak' : 'memory.max_usage_in_bytes'));
  }

  /** How many processes the kernel ended because there was no more. */
  get kills(): number {
    const text = this.#read(this.#isV2 ? 'memory.events' : 'memory.oom_control');
    return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
  }

  /** Waits until nothing is in it any more. @throws when something stays */
  async remove(): Promise<void> {
    await waitFor(`${this.#path} to be empty`, () => {
      fs.rmdirSync(this.#path);
      return true;
    });
  }

  #read(file: string): string {
    return fs.readFileSync(`${this.#path}/${file}`, 'utf8');
  }

  #write(file: string, value: number): void {
    fs.writeFileSync(`${this.#path}/${file}`, String(value));
  }
}
