import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';

import { toolEnv } from '../engine/run.ts';
import type { Scratch } from '../engine/scratch.ts';
import { waitFor } from '../support/wait-for.ts';

/** A Prometheus or Alertmanager of a test, on a port that the kernel chose. */
export interface Server {
  /** As `http://127.0.0.1:39833`. */
  readonly url: string;
  readonly child: ChildProcess;
}

/**
 * Starts a Prometheus. `Scratch.close` ends it.
 *
 * @param folder of its data in the test's folder, with a file `prometheus.yml`
 * @throws when it does not come up, with its log
 */
export function startPrometheus(scratch: Scratch, folder: string, more: readonly string[] = []): Promise<Server> {
  const of = (name: string): string => scratch.of(folder, name);
  const args = [`--config.file=${of('prometheus.yml')}`, `--storage.tsdb.path=${of('data')}`, ...more];
  return start(scratch, 'prometheus', folder, args);
}

/** Starts an Alertmanager, alone, with a configuration. `Scratch.close` ends it. */
export function startAlertmanager(scratch: Scratch, config: string): Promise<Server> {
  const folder = 'alertmanager';
  fs.mkdirSync(scratch.of(folder), { recursive: true });
  const args = [`--config.file=${config}`, `--storage.path=${scratch.of(folder)}`, '--cluster.listen-address='];
  return start(scratch, 'prometheus-alertmanager', folder, args);
}

async function start(scratch: Scratch, program: string, folder: string, args: readonly string[]): Promise<Server> {
  const log = scratch.of(folder, 'log');
  const output = fs.openSync(log, 'a');
  // In the folder, and with no terminal: that is how the guard of a test that was killed finds and ends it.
  const child = spawn(program, [...args, '--web.listen-address=127.0.0.1:0'], {
    cwd: scratch.of(folder),
    detached: true,
    env: toolEnv(),
    stdio: ['ignore', output, output],
  });
  fs.closeSync(output);
  child.on('error', () => {});
  child.unref();
  scratch.onClose(() => stop(child));
  const text = (): string => fs.readFileSync(log, 'utf8');
  const isOver = (): boolean => child.pid === undefined || child.exitCode !== null;
  const address = await waitFor(
    `${program} to listen`,
    () => (isOver() ? 'over' : /Listening on" address=(\S+)/.exec(text())?.[1]),
    { detail: text },
  );
  if (address === 'over') throw new Error(`${program} did not start\n${text()}`);
  const url = `http://${address}`;
  await waitFor(`${program} to be ready`, async () => (await fetch(`${url}/-/ready`)).ok, { detail: text });
  return { url, child };
}

/** Ends it, also when it is stopped: there is nothing in it to be kept. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
