import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DetailLabel, detailLabels } from '../../export/known.ts';
import { parseListenAddress } from '../export/listen-address.ts';
import { withCollectOptions } from '../options.ts';

/** Commands for the programs that watch many nodes. */
export function addMetricsCommands(program: Command): void {
  withCollectOptions(program.command('export'))
    .description('export metrics and findings of this node for Prometheus until stopped')
    .addOption(
      new Option('--listen <address:port>', 'answer HTTP here; 0.0.0.0 and [::] are all interfaces')
        .default({ host: '127.0.0.1', port: 9753 }, '127.0.0.1:9753')
        .argParser(parseListenAddress),
    )
    .addOption(
      new Option('--labels <kind>', 'more series, up to a limit: containers names those that are stuck (repeatable)')
        .choices(detailLabels)
        .argParser(addLabel)
        .default([], 'none'),
    )
    .action(async (options) => {
      const { exportMetrics } = await import('../export.ts');
      await exportMetrics(options);
    });
}

function addLabel(text: string, before: readonly DetailLabel[] = []): DetailLabel[] {
  const found = detailLabels.find((label) => label === text);
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${detailLabels.join(', ')}.`);
  return [...before, found];
}
