/**
 * How to run this very program again: the same runtime, its flags, the same script.
 *
 * @param flags more flags of the runtime
 */
export function selfCommand(...flags: readonly string[]): string[] {
  const script = process.argv[1];
  if (script === undefined) throw new Error('it is not known how this program was started');
  return [process.execPath, ...process.execArgv, ...flags, script];
}

/** How to run the sampler: with a small young generation, because all it makes is short-lived; it saves some ten megabytes. */
export function samplerCommand(): string[] {
  return selfCommand('--max-semi-space-size=1');
}
