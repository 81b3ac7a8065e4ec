import { setTimeout as pause } from 'node:timers/promises';
import type { Pty } from './pty.ts';

const escapeKey = '\u001b';

/**
 * Opens the help page and closes it again; milliseconds until the page was there.
 *
 * @throws when a key has no answer
 */
export async function probeKeys(pty: Pty, timeoutMs?: number): Promise<number> {
  const tookMs = await pty.answer('?', /elsewhere and always/, timeoutMs);
  await pty.answer(escapeKey, /Daemons/, timeoutMs);
  // What the samples draw meanwhile is looked at by the caller.
  await pause(100);
  return tookMs;
}

/** Gets back to the panes from wherever the keys before have led. Never q: that would quit there. */
export async function goHome(pty: Pty): Promise<void> {
  for (let presses = 0; presses < 6; presses++) {
    pty.press(escapeKey);
    await pause(60);
  }
  // A key that is read together with Escape is another key (Alt), in any program: a screen that was busy needs a moment.
  await pause(400);
}
