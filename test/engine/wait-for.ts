import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** Told in the error, e.g. the screen as it was last. */
  readonly detail?: () => string;
}

/**
 * Looks again and again until there is something to see: anything but null, undefined and false. A look that throws has
 * seen nothing yet.
 *
 * @throws when the time is over
 */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, null | undefined | false>> {
  const { timeoutMs = 10_000, everyMs = 50, detail } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const seen = await look();
      if (seen !== null && seen !== undefined && seen !== false) return seen as Exclude<T, null | undefined | false>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) {
      const more = detail === undefined ? '' : `\n${detail()}`;
      throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}${more}`, { cause });
    }
    await sleep(everyMs);
  }
}
