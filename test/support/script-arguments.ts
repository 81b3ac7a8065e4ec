import fs from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';

/**
 * The arguments of the script that runs. With `--help`, or with what it does not know, it prints how it is used, by default the comment
 * at its head, and exits.
 */
export function scriptArguments<T extends ParseArgsConfig>(
  config: T,
  usage = headOf(process.argv[1] ?? ''),
): ReturnType<typeof parseArgs<T>> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    process.exit(64);
  }
}

/** The first comment of a script, without its stars. */
export function headOf(file: string): string {
  const [, head = ''] = /\/\*\*\n(.*?)\n \*\//s.exec(fs.readFileSync(file, 'utf8')) ?? [];
  return head.replaceAll(/^ \* ?/gm, '');
}
