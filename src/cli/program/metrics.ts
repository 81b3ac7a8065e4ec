import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DetailLabel, detailLabels } from '../../export/known.ts';
import { parseListenAddress } from '../export/listen-address.ts';
import { withCollectOptions } from '../options/options.ts';
import { withRecordingBounds } from '../options/recording-bounds.ts';

/** Of sampling: scrapes are seldom more frequent, and it costs a third of what the screen's second costs. */
const usualSeconds = 5;

/** Commands for the programs that watch many nodes. */
export function addMetricsCommands(program: Command): void {
  withRecordingBounds(withCollectOptions(program.command('export'), usualSeconds))
    .description('export metrics and findings of this node for Prometheus until stopped')
    .addOption(
      new Option(
        '--listen <address:port>',
        'answer HTTP here; 0.0.0.0 and [::] are all interfaces (default: 127.0.0.1:9753; with --textfile: none)',
      ).argParser(parseListenAddress),
    )
    .addOption(
      new Option(
        '--web-config <file>',
        'TLS and passwords of the port, in the format of Prometheus’ exporters: tls_server_config, basic_auth_users',
      ),
    )
    .addOption(
      new Option(
        '--textfile <dir>',
        'write rtwatch.prom to this directory every 15s, for the textfile collector of node_exporter',
      ),
    )
    .addOption(
      new Option(
        '--record <dir>',
        'also record to files in this directory, as record --into does, within --max-size and --max-age',
      ),
    )
    .addOption(
      new Option('--labels <kind>', 'more series, up to a limit: containers names those that are stuck (repeatable)')
        .choices(detailLabels)
        .argParser(addLabel)
        .default([], 'none'),
    )
    .action(async (options) => {
      const { exportMetrics } = await import('../commands/export.ts');
      await exportMetrics(options);
    });

  // `export` runs this as a child.
  program.command('write-textfile <dir>', { hidden: true }).action(async (folder: string) => {
    const { writeTextfile } = await import('../children/write-textfile.ts');
    await writeTextfile(folder);
  });
}

function addLabel(text: string, before: readonly DetailLabel[] = []): DetailLabel[] {
  const found = detailLabels.find((label) => label === text);
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${detailLabels.join(', ')}.`);
  return [...before, found];
}
