import sea from 'node:sea';

/**
 * The command that runs this program again: same runtime and script.
 *
 * @param flags runtime flags
 */
export function selfCommand(...flags: readonly string[]): string[] {
  if (sea.isSea()) {
    // The link leads to the program also after its file was replaced or removed, if it never had a name (memfd), and from another mount
    // namespace. The runtime reads its flags from this one argument.
    return ['/proc/self/exe', ...(flags.length === 0 ? [] : [`--node-options=${flags.join(' ')}`])];
  }
  const script = process.argv[1];
  if (script === undefined) throw new Error('unknown how this program was started');
  const kept = process.execArgv.filter((flag) => ofMonths.includes(flag));
  return [process.execPath, ...kept, ...flags, script];
}

/**
 * The launcher starts `export` with them, and its recorder runs as long. A child takes no other flag of its parent: with `--inspect` both
 * would listen on one port, with `--cpu-prof` both would write one file. A dump of a gigabyte is read faster with V8's helper threads, so
 * the screen's `--single-threaded` is not passed on either. NODE_OPTIONS reaches children as well.
 */
const ofMonths: readonly string[] = ['--max-semi-space-size=1', '--no-turbofan'];

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
