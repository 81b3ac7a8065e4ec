import { fileURLToPath } from 'node:url';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Ended, run } from './run.ts';
import { SampleProcess } from './sample-process.ts';
import { SampleWatch } from './sample-watch.ts';
import type { Scratch } from './scratch.ts';

/** The program as a user starts it. */
export const launcher = fileURLToPath(new URL('../../bin/rtwatch', import.meta.url));

/** The part of `check --json` that is asked for here. */
export interface Report {
  readonly schema: number;
  readonly takenAt: string;
  readonly daemons: readonly ReportedDaemon[];
  readonly processes: readonly ReportedProcess[];
  readonly containers: readonly { readonly id: string; readonly name: string; readonly state: string }[];
  readonly findings: readonly Finding[];
}

export interface ReportedDaemon {
  readonly name: string;
  readonly pid: number | null;
  readonly version: string | null;
  readonly goroutines: number | null;
  readonly heapBytes: number | null;
  readonly fds: number | null;
}

export interface ReportedProcess {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly wchan: string | null;
  readonly killPending: boolean;
  readonly containerId: string | null;
}

/** rtwatch, looking at an engine of a test. */
export class Rtwatch {
  readonly #scratch: Scratch;
  readonly #engine: { readonly host: string } | null;

  /** @param engine where it is told to look; an engine, or a socket in front of one; null for a node without */
  constructor(scratch: Scratch, engine: { readonly host: string } | null) {
    this.#scratch = scratch;
    this.#engine = engine;
  }

  /** What to type into a shell to start it. */
  commandLine(...args: string[]): string {
    return [launcher, ...this.#args(args)].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  }

  /** Runs a command of it to its end. */
  run(...args: string[]): Promise<Ended> {
    return run(launcher, this.#args(args), { cwd: this.#scratch.path, env: cleanEnv(this.#scratch) });
  }

  /**
   * One report: two looks at the node, an interval apart. Another one when it could not tell: on a busy machine the sampler may
   * not even have begun in the time that a report waits.
   *
   * @throws when no report can tell, or what it says is no JSON
   */
  check(...args: string[]): Promise<Report> {
    return waitFor('a report that can tell', () => this.#checkOnce(args), { timeoutMs: 120_000 });
  }

  async #checkOnce(args: readonly string[]): Promise<Report> {
    const { status, stdout, stderr } = await this.run('check', '--json', ...args);
    // 1 and 2 say that something is wrong on the node, and that is what the tests make.
    if (status === null || status > 2) throw new Error(`rtwatch check ended with ${status}\n${stderr}${stdout}`);
    return JSON.parse(stdout) as Report;
  }

  /**
   * Reports again and again, until one is as it should be: on a busy machine an answer can come later than a report waits.
   *
   * @param look throws, or says null or false, while it is not
   * @throws when the time is over
   */
  checkUntil<T>(
    what: string,
    look: (report: Report) => T | Promise<T>,
    ...args: string[]
  ): Promise<Exclude<T, null | undefined | false>> {
    return waitFor(what, async () => look(await this.check(...args)), { timeoutMs: 120_000 });
  }

  /** Starts `rtwatch sample`, to wait for what it says. */
  watchSamples(...args: string[]): SampleWatch {
    return new SampleWatch(this.samples(...args));
  }

  /** Starts `rtwatch sample`, which runs until it is closed. */
  samples(...args: string[]): SampleProcess {
    return new SampleProcess([launcher, ...this.#args(['sample', ...args])], {
      cwd: this.#scratch.path,
      env: cleanEnv(this.#scratch),
    });
  }

  #args(args: readonly string[]): string[] {
    return [...args, ...(this.#engine === null ? [] : ['--docker-host', this.#engine.host])];
  }
}

/**
 * The environment of someone who has just logged in: no `CI` (ink draws only its last frame there), no `NODE_ENV` of the
 * test runner, no settings, and no node of `node_modules` in the path (finding one is the launcher's work).
 */
export function cleanEnv(scratch: Scratch): NodeJS.ProcessEnv {
  const searched = (process.env['PATH'] ?? '').split(':').filter((directory) => !directory.includes('node_modules'));
  return {
    PATH: [...searched, '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
    HOME: scratch.path,
    LC_ALL: 'C.UTF-8',
    XDG_CONFIG_HOME: scratch.of('config'),
    XDG_STATE_HOME: scratch.of('state'),
  };
}
