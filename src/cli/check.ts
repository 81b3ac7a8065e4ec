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
  /** How long to look, in milliseconds. */
  readonly for?: number;
  /** A recording, instead of a look. */
  readonly from?: string;
  /** The moment in it. */
  readonly at?: string;
}

/** How long to wait beyond the time to look for sources that have not answered. */
const patienceMs = 6000;
const askMs = 20;

/** Looks for a moment, or at one that was recorded, prints one report, and ends with the code that tells the worst of it. */
export async function check(options: CheckOptions): Promise<void> {
  const follower = new NodeFollower();
  const follow = (sample: Sample): void => follower.take(sample);
  const zone = chooseZone(options, process.env);
  const history =
    options.from === undefined
      ? await look(options, follow)
      : await historyFrom(options.from, options.at, zone, follow);
  const model = derive(history);
  // The findings are those of this moment alone; what was resolved takes more than one.
  const verdicts = { ...run(rules, model), resolved: follower.judge().verdicts.resolved ?? [] };
  const all = options.all ?? false;
  process.stdout.write(
    options.json ? `${jsonText(reportJson(model, verdicts, all), 2)}\n` : reportText(model, verdicts, { all, zone }),
  );
  // A sampler that hangs must not keep the report waiting.
  await exitFlushed(exitCodes[overall(model, verdicts)]);
}

/** Samples until the time is up and every source has answered twice where it should, or will not answer. */
async function look(options: CheckOptions, follow: (sample: Sample) => void): Promise<History> {
  if (options.at !== undefined) throw new ReportedError('--at goes with --from FILE', exitCodes.badUsage);
  const lookMs = Math.max(options.interval, options.for ?? 0);
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
    const lookedMs = history.monoMs - (firstAt[0] ?? history.monoMs);
    return lookedMs >= lookMs * 0.95 && hasAnswered(history, options);
  };
  while (ended === null && !isDone() && performance.now() - started < lookMs + patienceMs) {
    await new Promise((resolve) => setTimeout(resolve, askMs));
  }
  link.close();
  // TypeScript does not see that the handler may have set it.
  const end = ended as LinkState | null;
  if (end !== null) throw new ReportedError(end.detail ?? 'the sampler ended', exitCodes.badUsage);
  return history;
}

/** Every source has said something final, and the disks twice: a rate needs two. */
function hasAnswered({ sources, disks, daemons }: History, { disable }: CollectOptions): boolean {
  const answered = Object.entries(sources).every(
    ([name, { reading }]) => disable.some((disabled) => disabled === name) || reading.status !== 'pending',
  );
  const rated = sources.disks.reading.status !== 'ok' || disks.some.length >= 2;
  const figures = sources.daemons.value?.daemons ?? [];
  const told = figures.every(({ goroutines, heap, version }) =>
    [goroutines, heap, version].every(({ status }) => status !== 'pending'),
  );
  const stacks = sources.stacks.value?.daemons ?? [];
  const looked = stacks.every(({ stacks }) => stacks?.status !== 'pending');
  return answered && rated && looked && (told || daemons.size === 0);
}
