import { emptyHistory, type History, reduce } from '../model/history.ts';
import { derive } from '../model/model.ts';
import { run } from '../rules/engine/run.ts';
import { rules } from '../rules/rules.ts';
import type { Sample } from '../sample/sample.ts';
import { NodeFollower } from '../timeline/node-follower.ts';
import { reportJson } from '../view/report/json.ts';
import { jsonText } from '../view/report/json-text.ts';
import { overall } from '../view/report/overall.ts';
import { reportText } from '../view/report/text.ts';
import type { LinkState } from '../wire/link.ts';
import { openLive } from '../wire/live.ts';
import { exitCodes, ReportedError } from './exit-codes.ts';
import { exitFlushed } from './exit-flushed.ts';
import { type CollectOptions, passOn } from './options.ts';
import { historyFrom } from './recorded.ts';
import { samplerCommand } from './self.ts';
import { chooseZone, type ZoneOptions } from './zone.ts';

export interface CheckOptions extends CollectOptions, ZoneOptions {
  readonly json?: boolean;
  readonly all?: boolean;
  /** How long to sample, in milliseconds. */
  readonly for?: number;
  /** A recording to report on. */
  readonly from?: string;
  /** The moment in the recording. */
  readonly at?: string;
}

/** How much longer to wait for sources that have not answered. */
const patienceMs = 6000;
const pollMs = 20;

/** Samples the node, or reads a recording, prints one report and exits with the code of the worst finding. */
export async function check(options: CheckOptions): Promise<void> {
  const follower = new NodeFollower();
  const follow = (sample: Sample): void => follower.take(sample);
  const zone = chooseZone(options, process.env);
  let leftOut = false;
  const onLeftOut = (): void => {
    leftOut = true;
  };
  const history =
    options.from === undefined
      ? await sampleNode(options, follow)
      : await historyFrom(options.from, options.at, zone, { onSample: follow, onLeftOut });
  const model = derive(history);
  // Findings are of this moment; only the resolved ones need more than one sample.
  const verdicts = { ...run(rules, model), resolved: follower.judge().verdicts.resolved ?? [] };
  const all = options.all ?? false;
  process.stdout.write(
    options.json ? `${jsonText(reportJson(model, verdicts, all), 2)}\n` : reportText(model, verdicts, { all, zone }),
  );
  // A sampler that hangs must not keep the report waiting.
  // What of a recording was left out may be what mattered: then the findings decide nothing.
  await exitFlushed(leftOut ? exitCodes.badInput : exitCodes[overall(model, verdicts)]);
}

/** Samples until the time is up and every source has answered (a rate needs two answers), or patience is over. */
async function sampleNode(options: CheckOptions, follow: (sample: Sample) => void): Promise<History> {
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
  return answered && rated && hasStacks && (hasFigures || daemons.size === 0);
}
