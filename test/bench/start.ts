import { setTimeout as sleep } from 'node:timers/promises';
import type { TerminalSize } from './options.ts';
import type { Scratch } from './scratch.ts';
import { Terminal } from './terminal.ts';
import type { Watcher } from './watchers.ts';

const deadlineMs = 20_000;

/**
 * How long a program takes from its start in a terminal until it shows the node there, in milliseconds.
 *
 * @throws when it shows nothing
 */
export async function measureStart(scratch: Scratch, watcher: Watcher, size: TerminalSize): Promise<number> {
  const terminal = await Terminal.open(scratch, watcher.command, size);
  try {
    const startedAt = await terminal.start();
    const shownAt = await Promise.race([
      terminal.recording.find(watcher.firstData),
      sleep(deadlineMs, null, { ref: false }),
    ]);
    if (shownAt !== null) return shownAt - startedAt;
    const screen = await terminal.screen();
    throw new Error(`${watcher.name} showed no data within ${deadlineMs / 1000} s\nits screen:\n${screen}`);
  } finally {
    await terminal.close();
  }
}
