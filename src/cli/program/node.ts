import { type Command, Option } from 'commander';
import { frameFormats } from '../../view/frame-formats.ts';
import { parseDuration } from '../options/arguments.ts';
import { withCollectOptions, withScreenOptions, withThemeOptions } from '../options/options.ts';
import { parseTerminalSize } from '../options/size.ts';

/** Commands that show this node now. */
export function addNodeCommands(program: Command): void {
  withScreenOptions(withCollectOptions(program.command('watch [input]', { isDefault: true })))
    .description('show the live screen (of this node, or with - of the samples on standard input)')
    .addOption(
      new Option(
        '--notify <form>',
        'call for attention when a critical finding appears: bell, or a notification of the terminal (default: off)',
      ).choices(['bell', 'osc9', 'osc777']),
    )
    .action(async (input: string | undefined, options) => {
      // Of the options before a command that takes none there, watch is asked for, and the command is its input.
      if (program.commands.some((command) => command.name() === input)) {
        program.error(`options of ${input} come after its name: rtwatch ${input} --help lists them`);
      }
      const { watch } = await import('../commands/watch.ts');
      await watch(input, options);
    });

  withThemeOptions(withCollectOptions(program.command('check')))
    .description('check the node and print a report; exit codes: 0 nothing found, 1 warning, 2 critical, 3 unknown')
    .addOption(
      new Option('--format <format>', 'how to print the report').choices(['text', 'json', 'markdown']).default('text'),
    )
    .addOption(new Option('--json', 'the same as --format json').conflicts(['format', 'npd']))
    .option('--all', 'list all containers, not only stuck ones')
    .addOption(
      new Option('--ignore <rule>', 'do not judge this rule, as risky-configuration (repeatable)')
        .argParser((rule: string, before: string[]) => [...before, rule])
        .default([], 'none'),
    )
    .addOption(
      new Option('--fail-on <severity>', 'the mildest finding that sets the exit code')
        .choices(['warning', 'critical'])
        .default('warning'),
    )
    .addOption(
      new Option(
        '--npd',
        'print one line, for node-problem-detector; exit codes: 0 fine, 1 problem, 3 unknown',
      ).conflicts('format'),
    )
    .addOption(new Option('--for <duration>', 'how long to sample the node').argParser(parseDuration))
    .addOption(
      new Option('--from <file>', 'report on a recording, at its end, instead of on this node').conflicts('for'),
    )
    .option(
      '--at <time>',
      'with --from: report on this moment: 12:00:05, "2026-11-21 12:00:05" (local time; with Z: UTC) or -5m (before the end)',
    )
    .action(async (options) => {
      const { check } = await import('../commands/check.ts');
      await check(options);
    });

  withThemeOptions(withCollectOptions(program.command('snap')))
    .description('print one frame of the screen, of this node or a recording, for a ticket or a snapshot test')
    .addOption(new Option('--from <file>', 'draw a recording, at its end, instead of this node').conflicts('for'))
    .option(
      '--at <time>',
      'with --from: draw this moment: 12:00:05, "2026-11-21 12:00:05" (local time; with Z: UTC) or -5m (before the end)',
    )
    .addOption(new Option('--for <duration>', 'how long to sample the node').argParser(parseDuration))
    .option(
      '--view <name>',
      'what to draw: overview, finding (the first), a pane such as containers, or help',
      'overview',
    )
    .addOption(
      new Option('--size <columns>x<rows>', 'size of the terminal, as 120x36')
        .default({ columns: 120, rows: 36 }, '120x36')
        .argParser(parseTerminalSize),
    )
    .addOption(
      new Option(
        '--format <format>',
        'form of the frame (default: by the name of the file; ansi on a terminal, else txt)',
      ).choices(frameFormats),
    )
    .option('--output <file>', 'write to this file, which must not exist')
    .action(async (options) => {
      const { snap } = await import('../commands/snap.ts');
      await snap(options);
    });
}
