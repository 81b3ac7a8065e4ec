/** How to run this very program again: the same runtime, its flags, the same script. */
export function selfCommand(): string[] {
  const script = process.argv[1];
  if (script === undefined) throw new Error('it is not known how this program was started');
  return [process.execPath, ...process.execArgv, script];
}
