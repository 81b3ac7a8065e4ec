import { Command, CommanderError, Option } from 'commander';
import { applyConfig, configFile } from './config.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { withCollectOptions, withLookOptions, withProfileOptions } from './options.ts';
import { version } from './version.ts';

/** The program: argv to one command, whose modules are loaded only then. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('rtwatch')
    .description(
      'What to open on a container node that is sick: live panes of its daemons, containers, processes, mounts and disks.',
    )
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(`rtwatch: ${text.replace(/^error: /, '')}`) })
    .showHelpAfterError('(rtwatch --help lists the commands and options)');

  withLookOptions(withCollectOptions(program.command('watch [input]', { isDefault: true })))
    .description('the live screen; of the Samples on standard input, if the input is -')
    .action(async (input: string | undefined, options) => {
      const { watch } = await import('./watch.ts');
      await watch(input, options);
    });

  withLookOptions(withCollectOptions(program.command('check')))
    .description(
      'look at the node for a moment, print a report and end: 0 nothing found, 1 warning, 2 critical, 3 could not tell',
    )
    .option('--json', 'print JSON')
    .option('--all', 'tell of all containers, not only of those that are stuck')
    .option('--for <duration>', 'how long to look')
    .action(async (options) => {
      const { check } = await import('./check.ts');
      await check(options);
    });

  withCollectOptions(program.command('sample'))
    .description('write Samples as NDJSON to standard output, until it is ended')
    .option(
      '--avoid <path>',
      'leave a path below the roots out (repeatable)',
      (path: string, before: string[]) => [...before, path],
      [],
    )
    .option('--announce-all', 'say of every file that it is about to be read')
    .action(async (options) => {
      const { sample } = await import('./sample.ts');
      await sample(options);
    });

  withProfileOptions(program.command('goroutines [input]'))
    .description('group and explain a goroutine dump: a file, - for standard input, or a daemon (default: dockerd)')
    .option('--full', 'of a daemon with many goroutines too, list each: stops it for a while')
    .action(async (input: string | undefined, options) => {
      const { goroutines } = await import('./goroutines.ts');
      await goroutines(input ?? 'dockerd', options);
      // The connection to a daemon is kept alive; nothing more is asked of it.
      process.exit();
    });

  withProfileOptions(program.command('heap [input]'))
    .description('tell a Go heap profile by function: a file, - for standard input, or a daemon (default: dockerd)')
    .action(async (input: string | undefined, options) => {
      const { heap } = await import('./heap.ts');
      await heap(input ?? 'dockerd', options);
      process.exit();
    });

  withCollectOptions(program.command('dump <daemon>'))
    .description('write all goroutines of dockerd, containerd or a --pprof NAME to a file')
    .option('--json', 'print JSON')
    .addOption(new Option('--progress', 'say how far it is').hideHelp())
    .action(async (daemon: string, options) => {
      const { dump } = await import('./dump.ts');
      await dump(daemon, options);
    });

  withCollectOptions(program.command('signal-dump <daemon>'))
    .description(
      'where there are no debug pages: ask a daemon for a dump by SIGUSR1; without --yes only say what that will do',
    )
    .option('--yes', 'do it')
    .option('--pid <pid>', 'this process, where there are several of the name')
    .option('--json', 'print JSON')
    .action(async (daemon: string, options) => {
      const { signalDump } = await import('./signal-dump.ts');
      await signalDump(daemon, options);
    });

  withCollectOptions(program.command('inspect <container>'))
    .description('print what the engine says of a container, as JSON; does not wait for long')
    .action(async (container: string, options) => {
      const { inspect } = await import('./inspect.ts');
      await inspect(container, options);
    });

  program.hook('preAction', (_, command) => {
    applyConfig(
      command,
      program.commands.flatMap(({ options }) => [...options]),
      configFile(process.env),
    );
  });

  await program.parseAsync([...argv], { from: 'user' });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badUsage;
    return;
  }
  process.stderr.write(`rtwatch: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ReportedError ? error.exitCode : exitCodes.ownFault;
});
