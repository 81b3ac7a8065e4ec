import { type Command, Option } from 'commander';
import { withCollectOptions, withNodeOptions } from '../options/options.ts';
import { parseSize } from '../options/size.ts';

/** Commands that gather what a ticket needs. */
export function addTicketCommands(program: Command): void {
  withCollectOptions(program.command('bundle'))
    .description('write one archive for a ticket: report, samples, dumps, inspects, kernel stacks, mounts')
    .option('--json', 'print JSON')
    .option('--zstd', 'compress with zstd instead of gzip')
    .option('--full', 'list every goroutine (pauses a large daemon briefly)')
    .option('--with-secrets', 'keep environment variables, passwords and tokens')
    .addOption(
      new Option('--limit <size>', 'maximum size before compression, as 500MB; or none')
        .default(200_000_000, '200MB')
        .argParser(parseSize),
    )
    .addOption(new Option('--progress', 'print progress as JSON').hideHelp())
    .addOption(new Option('--worker', 'do the work in this process').hideHelp())
    .action(async (options) => {
      const { bundle } = await import('../commands/bundle.ts');
      await bundle(options);
    });

  // `bundle` runs these as children.
  withCollectOptions(program.command('bundle-files', { hidden: true })).action(async (options) => {
    const { bundleFiles } = await import('../children/bundle-files.ts');
    await bundleFiles(options);
  });

  program.command('bundle-machine', { hidden: true }).action(async () => {
    const { bundleMachine } = await import('../children/bundle-machine.ts');
    await bundleMachine();
  });

  withNodeOptions(program.command('inspect <container>'), ['--pprof', '--dump-dir'])
    .description(
      "print what its engine says of a container as JSON: Docker's inspect, or the CRI status and OCI spec; times out after 5s",
    )
    .action(async (container: string, options) => {
      const { inspect } = await import('../commands/inspect.ts');
      await inspect(container, options);
    });

  // `inspect` runs this as a child.
  program
    .command('read-part <part> <bytes> <file>', { hidden: true })
    .action(async (part: string, bytes: string, file: string) => {
      const { readPart } = await import('../children/read-part.ts');
      readPart(file, part === 'end' ? 'end' : 'start', Number(bytes));
    });

  // The log page runs this as a child.
  withCollectOptions(program.command('container-log <container>', { hidden: true })).action(
    async (container: string, options) => {
      const { containerLog } = await import('../children/container-log.ts');
      await containerLog(container, options);
    },
  );
}
