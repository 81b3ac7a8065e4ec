import sea from 'node:sea';

/**
 * The command that runs this program again: same runtime, flags and script.
 *
 * @param flags more runtime flags
 */
export function selfCommand(...flags: readonly string[]): string[] {
  if (sea.isSea()) {
    // The link leads to the program also after its file was replaced or removed, if it never had a name (memfd), and from another mount
    // namespace. The runtime reads its flags from this one argument.
    return ['/proc/self/exe', ...(flags.length === 0 ? [] : [`--node-options=${flags.join(' ')}`])];
  }
  const script = process.argv[1];
  if (script === undefined) throw new Error('unknown how this program was started');
  const own = process.execArgv.filter((flag) => !ofScreen.includes(flag));
  return [process.execPath, ...own, ...flags, script];
}

/** The launcher starts the screen with them, and `export` with the first. A dump of a gigabyte is read faster with V8's helper threads. */
const ofScreen = ['--single-threaded', '--min-semi-space-size=3'];

/**
 * The command that runs the sampler. A small young generation saves some ten megabytes, its objects are short-lived; without helper threads it
 * wakes less; without TurboFan from the first line on (`small-code.ts`) that part of the runtime's file is not read. These would make the
 * executable's code cache invalid, and compiling anew costs more than they save. `--optimize-for-size` would save two megabytes for a tenth of
 * its CPU time (see docs/performance.md).
 */
export function samplerCommand(): string[] {
  const forCheckout = sea.isSea() ? [] : ['--single-threaded', '--no-turbofan'];
  return selfCommand('--max-semi-space-size=1', ...forCheckout);
}
