import { emptyHistory, type History } from '../../model/history.ts';
import type { Sample } from '../../sample/sample.ts';
import { clean } from '../../view/text.ts';
import { type CollectOptions, passOn } from '../options/options.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { samplerCommand } from '../process/self.ts';
import { sampleUntilAnswered } from './sampling.ts';

export interface SampleNodeOptions extends CollectOptions {
  /** How long to sample, in milliseconds; default: one interval. */
  readonly for?: number;
  /** Refused: a moment needs a recording. */
  readonly at?: string;
}

/** How much longer to wait for sources that have not answered. */
const patienceMs = 6000;

/** Samples this node for a report or a frame; `follow` gets each Sample. */
export async function sampleNode(options: SampleNodeOptions, follow: (sample: Sample) => void): Promise<History> {
  if (options.at !== undefined) throw new ReportedError('--at needs --from FILE', exitCodes.badUsage);
  const { history, state } = await sampleUntilAnswered({
    command: samplerCommand(),
    args: passOn(options),
    intervalMs: options.interval,
    sampleMs: Math.max(options.interval, options.for ?? 0),
    patienceMs,
    disabled: options.disable,
    onSample: (sample) => {
      follow(sample);
      return sample;
    },
  });
  if (state.status === 'ended') throw new ReportedError(state.detail ?? 'the sampler exited', exitCodes.badUsage);
  if (history === emptyHistory) {
    process.stderr.write(`rtwatch: no sample arrived${state.detail === null ? '' : `: ${clean(state.detail)}`}\n`);
    return { ...history, at: Date.now() };
  }
  return history;
}
