import sea from 'node:sea';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { applyConfig, configFiles } from './config.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { exitFlushed } from './exit-flushed.ts';
import {
  ownOptionsFirst,
  parseDuration,
  withCollectOptions,
  withProfileOptions,
  withScreenOptions,
  withThemeOptions,
} from './options.ts';
import { parseSize, parseTerminalSize } from './size.ts';
import { version } from './version.ts';

/** Runs the command that argv names. Its modules are loaded only then. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('rtwatch')
    .description('Diagnose a sick container node: live panes for daemons, containers, processes, mounts and disks.')
    .version(version, '-V, --version')
    .option(
      '--host [=PID]',
      'in a container, as the first argument: enter the mounts, network and name of the node, those of process 1 or of PID',
    )
    .configureHelp({ groupItems: ownOptionsFirst })
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(`rtwatch: ${text.replace(/^error: /, '')}`) })
    .showHelpAfterError('See rtwatch --help.');

  withScreenOptions(withCollectOptions(program.command('watch [input]', { isDefault: true })))
    .description('show the live screen (of this node, or with - of the samples on standard input)')
    .addOption(
      new Option(
        '--notify <form>',
        'call for attention when a critical finding appears: bell, or a notification of the terminal (default: off)',
      ).choices(['bell', 'osc9', 'osc777']),
    )
    .action(async (input: string | undefined, options) => {
      const { watch } = await import('./watch.ts');
      await watch(input, options);
    });

  withThemeOptions(withCollectOptions(program.command('check')))
    .description('check the node and print a report; exit codes: 0 nothing found, 1 warning, 2 critical, 3 unknown')
    .addOption(
      new Option('--format <format>', 'how to print the report').choices(['text', 'json', 'markdown']).default('text'),
    )
    .option('--json', 'the same as --format json')
    .option('--all', 'list all containers, not only stuck ones')
    .option(
      '--ignore <rule>',
      'do not judge this rule, as risky-configuration (repeatable)',
      (rule: string, before: string[]) => [...before, rule],
      [],
    )
    .addOption(
      new Option('--fail-on <severity>', 'the mildest finding that sets the exit code')
        .choices(['warning', 'critical'])
        .default('warning'),
    )
    .option('--npd', 'print one line, for node-problem-detector; exit codes: 0 fine, 1 problem, 3 unknown')
    .addOption(new Option('--for <duration>', 'how long to sample the node').argParser(parseDuration))
    .option('--from <file>', 'report on a recording, at its end, instead of on this node')
    .option(
      '--at <time>',
      'with --from: report on this moment: 12:00:05, "2026-11-21 12:00:05" (local time; with Z: UTC) or -5m (before the end)',
    )
    .action(async (options) => {
      const { check } = await import('./check.ts');
      await check(options);
    });

  withThemeOptions(withCollectOptions(program.command('snap')))
    .description('print one frame of the screen, of this node or a recording, for a ticket or a snapshot test')
    .option('--from <file>', 'draw a recording, at its end, instead of this node')
    .option(
      '--at <time>',
      'with --from: draw this moment: 12:00:05, "2026-11-21 12:00:05" (local time; with Z: UTC) or -5m (before the end)',
    )
    .addOption(new Option('--for <duration>', 'how long to sample the node').argParser(parseDuration))
    .option('--view <name>', 'overview, finding (the first), a pane such as containers, or help', 'overview')
    .addOption(
      new Option('--size <columns>x<rows>', 'of the terminal, as 120x36')
        .default({ columns: 120, rows: 36 }, '120x36')
        .argParser(parseTerminalSize),
    )
    .addOption(
      new Option('--format <format>', 'default: by the name of the file; ansi on a terminal, else txt').choices([
        'txt',
        'ansi',
        'svg',
        'html',
      ]),
    )
    .option('--output <file>', 'write to this file, which must not exist')
    .action(async (options) => {
      const { snap } = await import('./snap.ts');
      await snap(options);
    });

  withCollectOptions(program.command('sample'))
    .description('write samples as NDJSON to standard output until stopped')
    .option(
      '--avoid <path>',
      'do not read this path (repeatable)',
      (path: string, before: string[]) => [...before, path],
      [],
    )
    .addOption(
      new Option('--skip <source>', 'a source that hung')
        .hideHelp()
        .argParser((text: string, before: string[]) => [...before, text])
        .default([]),
    )
    .option('--announce-all', 'announce every file before reading it')
    .action(async (options) => {
      const { sample } = await import('./sample.ts');
      await sample(options);
    });

  withRecordingBounds(withCollectOptions(program.command('record [file] [input]')))
    .description(
      'record samples to a file until Ctrl-C (of this node, or with - from standard input); .gz and .zst compress',
    )
    .option(
      '--into <dir>',
      'instead of a file: a new file in this directory, named by node and time; deletes earlier ones there beyond --max-size and --max-age',
    )
    .addOption(new Option('--for <duration>', 'how long to record').argParser(parseDuration))
    .action(async (file: string | undefined, input: string | undefined, options) => {
      const { record } = await import('./record.ts');
      await record(file, input, options);
    });

  withScreenOptions(program.command('replay <file>'))
    .description('show a recording on the screen: play, pause, step, seek, change speed')
    .option(
      '--at <time>',
      'start paused at this moment: 12:00:05, "2026-11-21 12:00:05" (local time; with Z: UTC) or -5m (before the end)',
    )
    .action(async (file: string, options) => {
      const { replay } = await import('./replay.ts');
      await replay(file, options);
    });

  withScreenOptions(program.command('demo'))
    .description('replay a real incident; reads nothing on this machine')
    .action(async (options) => {
      const { demo } = await import('./demo.ts');
      await demo(options);
    });

  // The screen runs this as a child.
  program.command('new-file <file>', { hidden: true }).action(async (file: string) => {
    const { newFile } = await import('./new-file.ts');
    await newFile(file);
  });

  // `record` and the screen run this as a child.
  withRecordingBounds(program.command('write-recording <file>', { hidden: true })).action(
    async (file: string, options) => {
      const { writeRecording } = await import('./write-recording.ts');
      await writeRecording(file, options);
    },
  );

  withProfileOptions(program.command('goroutines [input]'))
    .description('group and explain a goroutine dump: a file, - for standard input, or a daemon (default: dockerd)')
    .option('--full', 'list every goroutine (pauses a large daemon briefly)')
    .action(async (input: string | undefined, options) => {
      const { goroutines } = await import('./goroutines.ts');
      await goroutines(input ?? 'dockerd', options);
      // A keep-alive connection to the daemon would delay the exit.
      await exitFlushed();
    });

  program
    .command('logs [files...]')
    .description(
      'explain the known lines of logs of any age: files (plain, gzip, zstd), - for standard input, or journal (default); exit codes as check, 65: not readable',
    )
    .option('--json', 'print JSON')
    .option('--container <id>', 'only lines that name this container: the beginning of its id, or its name')
    .option(
      '--since <time>',
      'only lines from then on: 12:00:05, "2026-11-21 12:00:05" (local time; with Z: UTC) or -2h',
    )
    .option('--until <time>', 'only lines up to then')
    .option('--utc', 'show and read times in UTC (default: local time)')
    .action(async (files: string[], options) => {
      const { logs } = await import('./logs.ts');
      await logs(files, options);
    });

  withProfileOptions(program.command('heap [input]'))
    .description(
      'summarise a Go heap profile by function: a file, - for standard input, or a daemon (default: dockerd)',
    )
    .action(async (input: string | undefined, options) => {
      const { heap } = await import('./heap.ts');
      await heap(input ?? 'dockerd', options);
      await exitFlushed();
    });

  withCollectOptions(program.command('dump <daemon>'))
    .description('write all goroutines of dockerd, containerd or a --pprof NAME to a file')
    .option('--json', 'print JSON')
    .addOption(new Option('--progress', 'print progress as JSON').hideHelp())
    .action(async (daemon: string, options) => {
      const { dump } = await import('./dump.ts');
      await dump(daemon, options);
    });

  withCollectOptions(program.command('signal-dump <daemon>'))
    .description(
      'make a daemon without debug endpoint dump its goroutines with SIGUSR1; without --yes, only explain what it does',
    )
    .option('--yes', 'send the signal')
    .option('--pid <pid>', 'which process, if several have the name')
    .option('--json', 'print JSON')
    .action(async (daemon: string, options) => {
      const { signalDump } = await import('./signal-dump.ts');
      await signalDump(daemon, options);
    });

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
      const { bundle } = await import('./bundle.ts');
      await bundle(options);
    });

  // `bundle` runs these as children.
  withCollectOptions(program.command('bundle-files', { hidden: true })).action(async (options) => {
    const { bundleFiles } = await import('./bundle-files.ts');
    await bundleFiles(options);
  });

  program.command('bundle-machine', { hidden: true }).action(async () => {
    const { bundleMachine } = await import('./bundle-machine.ts');
    await bundleMachine();
  });

  withCollectOptions(program.command('inspect <container>'))
    .description(
      "print what its engine says of a container as JSON: Docker's inspect, or the CRI status and OCI spec; times out after 5s",
    )
    .action(async (container: string, options) => {
      const { inspect } = await import('./inspect.ts');
      await inspect(container, options);
    });

  // The log page runs this as a child.
  withCollectOptions(program.command('container-log <container>', { hidden: true })).action(
    async (container: string, options) => {
      const { containerLog } = await import('./container-log.ts');
      await containerLog(container, options);
    },
  );

  program
    .command('completion <shell>')
    .description('print the completion script for bash, zsh or fish')
    .action(async (shell: string) => {
      const { completionScript } = await import('./completion.ts');
      process.stdout.write(completionScript(shell, program));
    });

  const optionsOfAll = (): readonly Option[] => program.commands.flatMap(({ options }) => [...options]);

  program
    .command('config')
    .description('print where settings are read from')
    .option('--print-default', 'print a settings file with all settings and their defaults')
    .action(async (options) => {
      const { config } = await import('./config.ts');
      process.stdout.write(config(options, process.env, optionsOfAll()));
    });

  program
    .command('doctor')
    .description('report what this node lets rtwatch see, what not, and how to change that')
    .option('--json', 'print JSON')
    .action(async (options) => {
      const { doctor } = await import('./doctor.ts');
      await doctor(options);
    });

  program
    .command('man')
    .description('print the manual page: rtwatch man | man -l -')
    .action(async () => {
      const { manPage } = await import('./man.ts');
      process.stdout.write(manPage(program));
    });

  program
    .command('version')
    .description('print the version')
    .option('--json', 'print JSON, with what the program runs on')
    .action(async (options) => {
      const { printVersion } = await import('./version.ts');
      printVersion(options);
    });

  program
    .command('licenses')
    .description('print the licenses of rtwatch and of all libraries in it')
    .action(async () => {
      const { licenses } = await import('./licenses.ts');
      await licenses();
    });

  program.hook('preAction', async (_, command) => {
    if (program.opts()['host'] !== undefined) throw new ReportedError(hostUsage, exitCodes.badUsage);
    for (const file of configFiles(process.env)) applyConfig(command, optionsOfAll(), file);
    // A parent would take the warning of a child for the reason of its exit.
    const asksEngine = ['watch', 'check', 'snap', 'record'].includes(command.name());
    if (!asksEngine || command.args.includes('-') || command.opts()['from'] !== undefined) return;
    const { plainTcpWarning } = await import('./plain-tcp.ts');
    const warning = plainTcpWarning(command.opts(), process.env);
    if (warning !== null) process.stderr.write(`rtwatch: ${warning}\n`);
  });

  await program.parseAsync([...argv], { from: 'user' });
}

/** Adds the options that bound the size of a recording. */
function withRecordingBounds(command: Command): Command {
  return command
    .addOption(
      new Option('--max-size <size>', 'drop the oldest quarter above this size, as 500MB; or none')
        .default(1_000_000_000, '1GB')
        .argParser(parseSize),
    )
    .addOption(
      new Option('--max-age <duration>', 'drop the oldest quarter when it is older than this, as 24h')
        .default(null, 'any')
        .argParser(parseDuration),
    );
}

const hostUsage =
  '--host works only in the single-file executable and as its first argument, as in "rtwatch --host=PID check". Otherwise name the node with --procfs, --sysfs and --rootfs';

/** Without --host where the start code of the single-file executable has obeyed it: this process is in the node's namespaces now. */
function argumentsOf(argv: readonly string[]): readonly string[] {
  const [first = ''] = argv;
  return sea.isSea() && /^--host(?:=[1-9]\d*)?$/.test(first) ? argv.slice(1) : argv;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof ReportedError) return error.exitCode;
  return error instanceof InvalidArgumentError ? exitCodes.badUsage : exitCodes.ownFault;
}

// Set first: an unhandled error prints a stack and exits with 1, which means "warning".
process.stderr.on('error', () => {});
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // EPIPE: the reader went away. Some commands handle that themselves.
  if (code === 'EPIPE' && process.stdout.listenerCount('error') > 1) return;
  if (code !== 'EPIPE') process.stderr.write(`rtwatch: standard output: ${message}\n`);
  process.exit(exitCodes.cannotWrite);
});

main(argumentsOf(process.argv.slice(2))).catch(async (error: unknown) => {
  // Commander has printed its own errors, but not an argument that a command refused.
  if (error instanceof CommanderError && !(error instanceof InvalidArgumentError)) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badUsage;
    return;
  }
  process.exitCode = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  // The message may hold an engine's answer or a file name.
  const { clean } = await import('../view/text.ts');
  process.stderr.write(`rtwatch: ${message.split('\n').map(clean).join('\n')}\n`);
});
