import { type Command, Option } from 'commander';
import { parseDuration } from '../options/arguments.ts';
import { withCollectOptions, withScreenOptions } from '../options/options.ts';
import { withRecordingBounds } from '../options/recording-bounds.ts';

/** Commands that write samples, and show written ones. */
export function addRecordingCommands(program: Command): void {
  withCollectOptions(program.command('sample'))
    .description('write samples as NDJSON to standard output until stopped')
    .addOption(
      new Option('--avoid <path>', 'do not read this path (repeatable)')
        .argParser((path: string, before: string[]) => [...before, path])
        .default([], 'none'),
    )
    .addOption(
      new Option('--skip <source>', 'a source that hung')
        .hideHelp()
        .argParser((text: string, before: string[]) => [...before, text])
        .default([]),
    )
    .option('--announce-all', 'announce every file before reading it')
    .option('--omit-unchanged', 'write a long list that did not change as the seq of the line that has it')
    .action(async (options) => {
      const { sample } = await import('../commands/sample.ts');
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
      const { record } = await import('../commands/record.ts');
      await record(file, input, options);
    });

  withScreenOptions(program.command('replay <file>'))
    .description('show a recording on the screen: play, pause, step, seek, change speed')
    .option(
      '--at <time>',
      'start paused at this moment: 12:00:05, "2026-11-21 12:00:05" (local time; with Z: UTC) or -5m (before the end)',
    )
    .action(async (file: string, options) => {
      const { replay } = await import('../commands/replay.ts');
      await replay(file, options);
    });

  withScreenOptions(program.command('demo'))
    .description('replay a real incident; reads nothing on this machine')
    .action(async (options) => {
      const { demo } = await import('../commands/demo.ts');
      await demo(options);
    });

  // The screen runs this as a child.
  program
    .command('new-file <file>', { hidden: true })
    .addOption(new Option('--replace').hideHelp())
    .action(async (file: string, options) => {
      const { newFile } = await import('../children/new-file.ts');
      await newFile(file, options);
    });

  // `record` and the screen run this as a child.
  withRecordingBounds(program.command('write-recording <file>', { hidden: true }))
    .option('--make-folder', 'make the folder of the file if it is absent')
    .option('--prune', 'prune earlier recordings in the folder of the file, which is made if it is absent')
    .action(async (file: string, options) => {
      const { writeRecording } = await import('../children/write-recording.ts');
      await writeRecording(file, options);
    });
}
