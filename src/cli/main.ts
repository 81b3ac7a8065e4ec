import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { applyConfig, configFile } from './config.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { exitFlushed } from './exit-flushed.ts';
import { parseDuration, withCollectOptions, withLookOptions, withProfileOptions } from './options.ts';
import { parseSize } from './size.ts';
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
    .option('--all', 'list all containers, not only those that are stuck')
    .addOption(new Option('--for <duration>', 'how long to look').argParser(parseDuration))
    .option('--from <file>', 'the report over a recording, at its last moment, instead of looking')
    .option(
      '--at <time>',
      'with --from: the moment, as 12:00:05, "2026-11-21 12:00:05" (local time; with Z: UTC) or -5m (before the end)',
    )
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

  withRecordingBounds(withCollectOptions(program.command('record <file> [input]')))
    .description(
      'record Samples to a file until Ctrl-C, packed when it ends in .gz or .zst; those on standard input, if the input is -',
    )
    .addOption(new Option('--for <duration>', 'how long to record').argParser(parseDuration))
    .action(async (file: string, input: string | undefined, options) => {
      const { record } = await import('./record.ts');
      await record(file, input, options);
    });

  withLookOptions(program.command('replay <file>'))
    .description('the screen over a recording: play, pause, step, go to a time, faster and slower')
    .option(
      '--at <time>',
      'begin at a moment, held still: as 12:00:05, "2026-11-21 12:00:05" (local time; with Z: UTC) or -5m (before the end)',
    )
    .action(async (file: string, options) => {
      const { replay } = await import('./replay.ts');
      await replay(file, options);
    });

  withLookOptions(program.command('demo'))
    .description('play a real incident that comes with the program; nothing on this machine is looked at')
    .action(async (options) => {
      const { demo } = await import('./demo.ts');
      await demo(options);
    });

  // What `record` runs as its child, and the screen too.
  withRecordingBounds(program.command('write-recording <file>', { hidden: true })).action(
    async (file: string, options) => {
      const { writeRecording } = await import('./write-recording.ts');
      await writeRecording(file, options);
    },
  );

  withProfileOptions(program.command('goroutines [input]'))
    .description('group and explain a goroutine dump: a file, - for standard input, or a daemon (default: dockerd)')
    .option('--full', 'of a daemon with many goroutines too, list each: stops it for a while')
    .action(async (input: string | undefined, options) => {
      const { goroutines } = await import('./goroutines.ts');
      await goroutines(input ?? 'dockerd', options);
      // The connection to a daemon is kept alive; nothing more is asked of it.
      await exitFlushed();
    });

  withProfileOptions(program.command('heap [input]'))
    .description('tell a Go heap profile by function: a file, - for standard input, or a daemon (default: dockerd)')
    .action(async (input: string | undefined, options) => {
      const { heap } = await import('./heap.ts');
      await heap(input ?? 'dockerd', options);
      await exitFlushed();
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

  withCollectOptions(program.command('bundle'))
    .description(
      'write one archive with everything that helps after the incident: report, Samples, dumps, inspects, kernel stacks, mounts',
    )
    .option('--json', 'print JSON')
    .option('--zstd', 'pack with zstd instead of gzip')
    .option('--full', 'of a daemon with many goroutines too, list each: stops it for a while')
    .option('--with-secrets', 'do not hide environment variables, passwords and tokens')
    .addOption(
      new Option('--limit <size>', 'of what goes in, before it is packed, as 500MB; or none')
        .default(200_000_000, '200MB')
        .argParser(parseSize),
    )
    .addOption(new Option('--progress', 'say how far it is').hideHelp())
    .addOption(new Option('--worker', 'do it in this process').hideHelp())
    .action(async (options) => {
      const { bundle } = await import('./bundle.ts');
      await bundle(options);
    });

  // What `bundle` runs as its child.
  withCollectOptions(program.command('bundle-files', { hidden: true })).action(async (options) => {
    const { bundleFiles } = await import('./bundle-files.ts');
    await bundleFiles(options);
  });

  withCollectOptions(program.command('inspect <container>'))
    .description('print what the engine says of a container, as JSON; does not wait for long')
    .action(async (container: string, options) => {
      const { inspect } = await import('./inspect.ts');
      await inspect(container, options);
    });

  program
    .command('completion <shell>')
    .description('print the completion for bash, zsh or fish')
    .action(async (shell: string) => {
      const { completionScript } = await import('./completion.ts');
      process.stdout.write(completionScript(shell, program));
    });

  program.hook('preAction', async (_, command) => {
    applyConfig(
      command,
      program.commands.flatMap(({ options }) => [...options]),
      configFile(process.env),
    );
    // Of the children of these it would be taken for their last words.
    const asksEngine = ['watch', 'check', 'record'].includes(command.name());
    if (!asksEngine || command.args.includes('-') || command.opts()['from'] !== undefined) return;
    const { plainTcpWarning } = await import('./plain-tcp.ts');
    const warning = plainTcpWarning(command.opts(), process.env);
    if (warning !== null) process.stderr.write(`rtwatch: ${warning}\n`);
  });

  await program.parseAsync([...argv], { from: 'user' });
}

/** Adds the options that keep a recording from filling a disk. */
function withRecordingBounds(command: Command): Command {
  return command
    .addOption(
      new Option('--max-size <size>', 'the oldest quarter goes when the recording gets larger, as 500MB; or none')
        .default(1_000_000_000, '1GB')
        .argParser(parseSize),
    )
    .addOption(
      new Option('--max-age <duration>', 'the oldest quarter goes when it gets older than this, as 24h')
        .default(null, 'any')
        .argParser(parseDuration),
    );
}

function exitCodeOf(error: unknown): number {
  if (error instanceof ReportedError) return error.exitCode;
  return error instanceof InvalidArgumentError ? exitCodes.badUsage : exitCodes.ownFault;
}

// Before anything is written: an error that nobody hears ends the program with a stack and with 1, which means a warning.
process.stderr.on('error', () => {});
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // Whoever read has had enough. Some commands have an end of their own for that.
  if (code === 'EPIPE' && process.stdout.listenerCount('error') > 1) return;
  if (code !== 'EPIPE') process.stderr.write(`rtwatch: standard output: ${message}\n`);
  process.exit(exitCodes.cannotWrite);
});

main(process.argv.slice(2)).catch(async (error: unknown) => {
  // Commander has printed its own errors; an argument that a command itself refuses has not been printed yet.
  if (error instanceof CommanderError && !(error instanceof InvalidArgumentError)) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badUsage;
    return;
  }
  process.exitCode = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  // It may hold what an engine answered, or the name of a file.
  const { clean } = await import('../view/text.ts');
  process.stderr.write(`rtwatch: ${message.split('\n').map(clean).join('\n')}\n`);
});
