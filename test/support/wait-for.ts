/** Waits until a condition gives something other than false, null or undefined, and gives that; fails when it takes too long. */
export async function waitFor<T>(
  condition: () => T | false | null | undefined,
  what: string,
  deadlineMs = 4000,
): Promise<T> {
  const started = performance.now();
  for (;;) {
    const value = condition();
    if (value !== false && value !== null && value !== undefined) return value;
    if (performance.now() - started > deadlineMs) throw new Error(`it did not happen within ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
