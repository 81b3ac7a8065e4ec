import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cleanEnv, launcher } from '../engine/rtwatch.ts';
import type { Scratch } from '../engine/scratch.ts';

/** A running `rtwatch export`. */
export interface Exporter {
  /** As `127.0.0.1:39833`. */
  readonly address: string;
  /** Ends it with SIGKILL. */
  readonly kill: () => Promise<void>;
}

/**
 * Starts one on a port that the kernel chose. `Scratch.close` ends it.
 *
 * @throws when it does not say where it listens, with what it said
 */
export async function startExporter(scratch: Scratch, ...more: readonly string[]): Promise<Exporter> {
  const child = spawn(launcher, ['export', '--listen=127.0.0.1:0', ...more], {
    cwd: scratch.path,
    // The launcher may have become the program, or have it as a child: the group is ended.
    detached: true,
    env: cleanEnv(scratch),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = async (): Promise<void> => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  };
  scratch.onClose(kill);
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const address = /metrics at http:\/\/([^/]+)\/metrics/.exec(line)?.[1];
    if (address === undefined) continue;
    child.stderr.resume();
    return { address, kill };
  }
  throw new Error(`rtwatch export does not listen\n${said.join('\n')}`);
}
