// Taken before a test can put fake timers in their place: time that a test has faked does not count.
const { setImmediate, setTimeout } = globalThis;
const now = performance.now.bind(performance);

/** Only a fault lasts longer, however busy the machine: no test passes or fails by how fast it is. */
const patienceMs = 60_000;

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
  const { timeoutMs = patienceMs, everyMs = 5, detail } = options;
  const deadline = now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const seen = await look();
      if (seen !== null && seen !== undefined && seen !== false) return seen as Exclude<T, null | undefined | false>;
    } catch (error) {
      cause = error;
    }
    if (now() > deadline) {
      const more = detail === undefined ? '' : `\n${detail()}`;
      throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}${more}`, { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Lets sockets and files have their turns, for what is to be seen not to happen. */
export async function letEventsRun(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
