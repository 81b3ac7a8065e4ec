import { setTimeout as pause } from 'node:timers/promises';
import { processesIn } from '../engine/clear.ts';
import type { Engine } from '../engine/engine.ts';
import { FrozenVolume } from '../engine/frozen-volume.ts';
import type { Scratch } from '../engine/scratch.ts';
import type { Random } from '../reliability/random.ts';

const pauseMs = 45_000;
const heldMs = 25_000;

/** Faults of the node, each of which comes, stays for half a minute, and heals; one at a time, until it is closed. */
export class Faults {
  readonly #scratch: Scratch;
  readonly #engine: Engine;
  readonly #random: Random;
  readonly #volume: FrozenVolume;
  readonly #ended = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  readonly counts = new Map<string, number>();
  failures = 0;

  private constructor(scratch: Scratch, engine: Engine, random: Random, volume: FrozenVolume) {
    this.#scratch = scratch;
    this.#engine = engine;
    this.#random = random;
    this.#volume = volume;
  }

  /** Makes a volume and a container that writes to it; the faults begin. */
  static async start(scratch: Scratch, engine: Engine, random: Random): Promise<Faults> {
    const volume = await FrozenVolume.make(scratch);
    const script = 'while :; do dd if=/dev/zero of=/data/file bs=4096 count=16; sleep 1; done';
    await engine.run('writer', script, ['-v', `${volume.path}:/data`]);
    const faults = new Faults(scratch, engine, random, volume);
    faults.#loop = faults.#run();
    return faults;
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const faults = {
      'frozen volume': () => this.#freeze(),
      'dockerd stopped': () => this.#hold('dockerd'),
      'containerd stopped': () => this.#hold('containerd'),
      'shim stopped': () => this.#hold('containerd-shim'),
      'shim killed': () => this.#killShim(),
      'daemons restarted': () => this.#engine.restartDaemons(),
      'dockerd restarted': () => this.#restartDockerd(),
    };
    while (!this.#ended.signal.aborted) {
      await this.#wait(pauseMs);
      if (this.#ended.signal.aborted) return;
      const name = this.#random.pick(Object.keys(faults) as [keyof typeof faults, ...(keyof typeof faults)[]]);
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
      try {
        await faults[name]();
      } catch {
        this.failures++;
      }
    }
  }

  async #freeze(): Promise<void> {
    await this.#volume.freeze();
    await this.#wait(heldMs);
    this.#volume.thaw();
  }

  async #hold(comm: string): Promise<void> {
    const found = this.#processes(comm)[0];
    if (found === undefined) return;
    process.kill(found, 'SIGSTOP');
    await this.#wait(heldMs);
    process.kill(found, 'SIGCONT');
  }

  async #killShim(): Promise<void> {
    const pids = this.#processes('containerd-shim');
    if (pids.length > 0) process.kill(this.#random.pick(pids as [number, ...number[]]), 'SIGKILL');
  }

  async #restartDockerd(): Promise<void> {
    await this.#engine.killDockerd();
    await this.#wait(heldMs / 2);
    await this.#engine.startDockerd();
  }

  #processes(comm: string): number[] {
    // The kernel keeps fifteen characters of a name.
    return processesIn(this.#scratch.path).flatMap((one) =>
      one.comm === comm || (comm.length > 12 && one.comm.startsWith(comm)) ? [one.pid] : [],
    );
  }

  async #wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#ended.signal }).catch(() => {});
  }
}
