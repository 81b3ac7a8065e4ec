import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../engine/engine.ts';
import type { Random } from '../reliability/random.ts';

const containers = 24;
const pauseMs = 2000;
/** It does not listen to SIGTERM, as many do not: every stop takes its ten seconds. */
const deaf = "trap '' TERM; while :; do sleep 1; done";
/** It leaves zombies, and a new pid every second. */
const restless = 'while :; do sleep 1 & sleep 1; done';
const scripts = ['exec sleep 99999', 'exec sleep 99999', deaf, restless, 'while :; do echo a line; sleep 1; done'];

/** Containers that come and go, one change after the other, until it is closed. */
export class Churn {
  readonly #engine: Engine;
  readonly #random: Random;
  readonly #names: string[] = [];
  #made = 0;
  #isClosed = false;
  #loop: Promise<void> = Promise.resolve();
  changes = 0;
  /** While a daemon is down or held, its client fails; that is what is wanted. */
  failures = 0;

  constructor(engine: Engine, random: Random) {
    this.#engine = engine;
    this.#random = random;
  }

  async start(): Promise<void> {
    while (this.#names.length < containers) await this.#make();
    this.#loop = this.#run();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#change();
        this.changes++;
      } catch {
        this.failures++;
      }
      await pause(pauseMs);
    }
  }

  async #make(): Promise<void> {
    const name = `web-${this.#made++}`;
    // First: what was half made, because a daemon went away, is to be removed like the others.
    this.#names.push(name);
    await this.#engine.run(name, this.#random.pick(scripts as [string, ...string[]]), ['--memory=64m']);
  }

  async #change(): Promise<void> {
    const name = this.#random.pick(this.#names as [string, ...string[]]);
    const docker = (...args: string[]): Promise<string> => this.#engine.docker(...args);
    switch (this.#random.pick(['restart', 'kill', 'pause', 'exec', 'replace', 'replace', 'replace'])) {
      case 'restart':
        await docker('restart', '-t', '2', name);
        return;
      case 'kill':
        await docker('kill', name);
        await docker('start', name);
        return;
      case 'pause':
        await docker('pause', name);
        await pause(5000);
        await docker('unpause', name);
        return;
      case 'exec':
        await docker('exec', name, '/bin/sh', '-c', 'exit 3').catch(() => '');
        return;
      default:
        // A new name and a new id, as a deployment makes them.
        await docker('rm', '-f', name);
        this.#names.splice(this.#names.indexOf(name), 1);
        while (this.#names.length < containers) await this.#make();
    }
  }
}
