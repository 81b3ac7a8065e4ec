import { type Command, Option } from 'commander';
import { withNodeOptions, withProfileOptions } from '../options/options.ts';
import { exitFlushed } from '../process/exit-flushed.ts';

/** Commands that explain what a daemon said, or have it say more. */
export function addDaemonCommands(program: Command): void {
  withProfileOptions(program.command('goroutines [input]'))
    .description('group and explain a goroutine dump: a file, - for standard input, or a daemon (default: dockerd)')
    .option('--full', 'list every goroutine (pauses a large daemon briefly)')
    .action(async (input: string | undefined, options) => {
      const { goroutines } = await import('../commands/goroutines.ts');
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
      const { logs } = await import('../commands/logs.ts');
      await logs(files, options);
    });

  withProfileOptions(program.command('heap [input]'))
    .description(
      'summarise a Go heap profile by function: a file, - for standard input, or a daemon (default: dockerd)',
    )
    .action(async (input: string | undefined, options) => {
      const { heap } = await import('../commands/heap.ts');
      await heap(input ?? 'dockerd', options);
      await exitFlushed();
    });

  withNodeOptions(program.command('dump <daemon>'), ['--cri'])
    .description('write all goroutines of dockerd, containerd or a --pprof NAME to a file')
    .option('--json', 'print JSON')
    .addOption(new Option('--progress', 'print progress as JSON').hideHelp())
    .action(async (daemon: string, options) => {
      const { dump } = await import('../commands/dump.ts');
      await dump(daemon, options);
    });

  withNodeOptions(program.command('signal-dump <daemon>'), ['--cri', '--dump-dir'])
    .description(
      'make a daemon without debug endpoint dump its goroutines with SIGUSR1; without --yes, only explain what it does; exit codes: 0 dumped or explained, 3 refused or no dump found, 64 no such process',
    )
    .option('--yes', 'send the signal')
    .option('--pid <pid>', 'which process, if several have the name')
    .option('--json', 'print JSON')
    .action(async (daemon: string, options) => {
      const { signalDump } = await import('../commands/signal-dump.ts');
      await signalDump(daemon, options);
    });
}
