import type { Zone } from '../../base/zone.ts';
import { derive, type Model } from '../../model/model.ts';
import type { Rule } from '../../rules/engine/rule.ts';
import { run, type Verdicts } from '../../rules/engine/run.ts';
import { rules } from '../../rules/rules.ts';
import type { Sample } from '../../sample/sample.ts';
import { NodeFollower } from '../../timeline/node-follower.ts';
import { reportJson } from '../../view/report/json.ts';
import { jsonText } from '../../view/report/json-text.ts';
import { reportMarkdown } from '../../view/report/markdown.ts';
import { type Overall, overall } from '../../view/report/overall.ts';
import { npdLine } from '../../view/report/status-line.ts';
import { reportText } from '../../view/report/text.ts';
import { chooseZone, type ZoneOptions } from '../options/zone.ts';
import { exitCodes, ReportedError } from '../process/exit-codes.ts';
import { exitFlushed } from '../process/exit-flushed.ts';
import { historyFrom } from '../recording/recorded.ts';
import { type SampleNodeOptions, sampleNode } from '../sampler/sample-node.ts';

export interface CheckOptions extends SampleNodeOptions, ZoneOptions {
  readonly format?: 'text' | 'json' | 'markdown';
  /** The same as `format` json. */
  readonly json?: boolean;
  /** One line, and the exit codes of a plugin of node-problem-detector. */
  readonly npd?: boolean;
  /** Rules that are not judged. */
  readonly ignore?: readonly string[];
  /** The mildest finding that sets the exit code. */
  readonly failOn?: 'warning' | 'critical';
  readonly all?: boolean;
  /** A recording to report on. */
  readonly from?: string;
  /** The moment in the recording. */
  readonly at?: string;
}

/** Samples the node, or reads a recording, prints one report and exits with the code of the worst finding. */
export async function check(options: CheckOptions): Promise<void> {
  const { ignore = [] } = options;
  const judged = rulesBut(ignore);
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
  const resolved = (follower.judge().verdicts.resolved ?? []).filter(({ id }) => !ignore.includes(id));
  const verdicts = { ...run(judged, model), resolved };
  process.stdout.write(reportOf(model, verdicts, options, zone));
  // A sampler that hangs must not keep the report waiting.
  // What was skipped in a recording may be what mattered: then the findings decide nothing.
  await exitFlushed(leftOut ? exitCodes.badInput : exitCodeOf(overall(model, verdicts), options));
}

function reportOf(model: Model, verdicts: Verdicts, options: CheckOptions, zone: Zone): string {
  const { json, npd, format, all = false } = options;
  if (npd) return `${npdLine(model, verdicts)}\n`;
  if (json || format === 'json') return `${jsonText(reportJson(model, verdicts, all), 2)}\n`;
  if (format === 'markdown') return reportMarkdown(model, verdicts, zone);
  return reportText(model, verdicts, { all, zone, columns: process.stdout.columns ?? null });
}

/** node-problem-detector knows 0, no problem, 1, a problem, and takes the rest as unknown. */
function exitCodeOf(result: Overall, { npd, failOn }: CheckOptions): number {
  if (result === 'warning' && failOn === 'critical') return exitCodes.ok;
  return npd && result === 'critical' ? exitCodes.warning : exitCodes[result];
}

/** All rules but these. One that does not exist is an error: a typo would ignore nothing. */
function rulesBut(ignored: readonly string[]): readonly Rule[] {
  const ids = new Set(rules.map(({ id }) => id));
  const odd = ignored.find((id) => !ids.has(id));
  if (odd !== undefined) {
    throw new ReportedError(
      `--ignore ${odd}: no such rule; the rules are ${[...ids].toSorted().join(', ')}`,
      exitCodes.badUsage,
    );
  }
  return rules.filter(({ id }) => !ignored.includes(id));
}
