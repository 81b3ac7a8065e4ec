import fs from 'node:fs';
import path from 'node:path';
import { waitFor } from '../support/wait-for.ts';

/** What lives in a process: what is left after all garbage has been collected. */
export interface LiveHeap {
  readonly heapBytes: number;
  /** Outside of the heap: of the screen, mostly the packed past. */
  readonly bufferBytes: number;
}

/** The environment in which a program of Node.js tells it: `liveHeapOf` asks. */
export function liveHeapEnv(folder: string): NodeJS.ProcessEnv {
  return {
    NODE_OPTIONS: `--expose-gc --require=${path.join(import.meta.dirname, 'live-heap.cjs')}`,
    RTWATCH_LIVE_HEAP: folder,
  };
}

/**
 * Asks a process for its live heap.
 *
 * @throws when it has ended or does not answer
 */
export function liveHeapOf(pid: number, folder: string): Promise<LiveHeap> {
  const file = path.join(folder, `${pid}`);
  fs.rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  return waitFor('the live heap', () => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null), {
    timeoutMs: 30_000,
  });
}
