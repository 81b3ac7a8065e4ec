import { emptyHistory, type History, reduce } from '../model/history.ts';
import type { Sample } from '../sample/sample.ts';
import type { LinkState } from '../wire/link.ts';
import { openLive } from '../wire/live.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { type CollectOptions, passOn } from './options.ts';
import { samplerCommand } from './self.ts';

export interface SampleNodeOptions extends CollectOptions {
  /** How long to sample, in milliseconds; default: one interval. */
  readonly for?: number;
  /** Refused: a moment needs a recording. */
  readonly at?: string;
}

/** How much longer to wait for sources that have not answered. */
const patienceMs = 6000;
const pollMs = 20;

/** Samples until the time is up and every source has answered (a rate needs two answers), or patience is over. */
export async function sampleNode(options: SampleNodeOptions, follow: (sample: Sample) => void): Promise<History> {
  if (options.at !== undefined) throw new ReportedError('--at needs --from FILE', exitCodes.badUsage);
  const sampleMs = Math.max(options.interval, options.for ?? 0);
  let history = emptyHistory;
  let ended: LinkState | null = null;
  const firstAt: number[] = [];
  const link = openLive(
    { command: samplerCommand(), args: passOn(options), intervalMs: options.interval },
    {
      onSample: (sample) => {
        history = reduce(history, sample);
        follow(sample);
        if (firstAt.length === 0) firstAt.push(sample.monoMs);
      },
      onState: (state) => {
        if (state.status === 'ended') ended = state;
      },
    },
  );
  const started = performance.now();
  const isDone = (): boolean => {
    const sampledMs = history.monoMs - (firstAt[0] ?? history.monoMs);
    return sampledMs >= sampleMs * 0.95 && hasAnswered(history, options);
  };
  while (ended === null && !isDone() && performance.now() - started < sampleMs + patienceMs) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  link.close();
  // TypeScript does not see that a handler may set it.
  const end = ended as LinkState | null;
  if (end !== null) throw new ReportedError(end.detail ?? 'the sampler exited', exitCodes.badUsage);
  return history;
}

/** Every source has a final answer, and the disks have two: a rate needs two. */
function hasAnswered({ sources, disks, daemons }: History, { disable }: CollectOptions): boolean {
  const answered = Object.entries(sources).every(
    ([name, { reading }]) => disable.some((disabled) => disabled === name) || reading.status !== 'pending',
  );
  const rated = sources.disks.reading.status !== 'ok' || disks.some.length >= 2;
  const figures = sources.daemons.value?.daemons ?? [];
  const hasFigures = figures.every(({ goroutines, heap, version }) =>
    [goroutines, heap, version].every(({ status }) => status !== 'pending'),
  );
  const stacks = sources.stacks.value?.daemons ?? [];
  const hasStacks = stacks.every(({ stacks }) => stacks?.status !== 'pending');
  const runtimes = sources.cri.value?.runtimes ?? [];
  const hasLists = runtimes.every(({ ping, sandboxList, containerList }) =>
    [ping, sandboxList, containerList].every(({ status }) => status !== 'pending'),
  );
  return answered && rated && hasStacks && hasLists && (hasFigures || daemons.size === 0);
}
