import { countOf, formatCount } from '../../base/counts.ts';
import { blindSpots } from '../../model/blind-spots.ts';
import type { Model } from '../../model/model.ts';
import type { Severity } from '../../rules/engine/rule.ts';
import type { Verdicts } from '../../rules/engine/run.ts';
import { clean, truncate } from '../text.ts';
import { overall } from './overall.ts';

/** Findings of each severity, and checks without a verdict. */
interface Counts extends Readonly<Record<Severity, number>> {
  readonly unknown: number;
}

/** Findings by severity, and of how much it is unknown. */
export function countsOf(model: Model, { findings, unknown }: Verdicts): Counts {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    critical: count('critical'),
    warning: count('warning'),
    info: count('info'),
    unknown: blindSpots(model).length + unknown.length,
  };
}

/**
 * The report in one line, the form of monitoring plugins: `CRITICAL 2, WARNING 1: /data is frozen`, `OK: nothing found`. The
 * title is that of the worst finding, a cause before what follows from it.
 */
export function statusLine(model: Model, verdicts: Verdicts): string {
  const { critical, warning, info } = countsOf(model, verdicts);
  const counts = [
    ...(critical > 0 ? [`CRITICAL ${formatCount(critical)}`] : []),
    ...(warning > 0 ? [`WARNING ${formatCount(warning)}`] : []),
  ];
  const [worst] = verdicts.findings;
  if (counts.length > 0 && worst !== undefined) return clean(`${counts.join(', ')}: ${worst.title}`);
  if (overall(model, verdicts) === 'unknown') return clean(`UNKNOWN: ${unknownReason(model, verdicts)}`);
  return info > 0 ? `OK: nothing found but ${countOf(info, 'remark')}` : 'OK: nothing found';
}

/** Bytes of a message that node-problem-detector passes on by default (`max_output_length`): it cuts there, also within a character. */
const npdBytes = 80;
const encoder = new TextEncoder();
const excess = (text: string): number => encoder.encode(text).length - npdBytes;

/** The line for a custom plugin of node-problem-detector: cut to the length that it passes on. */
export function npdLine(model: Model, verdicts: Verdicts): string {
  const line = statusLine(model, verdicts);
  let cut = truncate(line, npdBytes);
  let columns = npdBytes;
  for (let over = excess(cut); over > 0; over = excess(cut)) {
    // A character has four bytes at most.
    columns -= Math.ceil(over / 4);
    cut = truncate(line, columns);
  }
  return cut;
}

function unknownReason(model: Model, { unknown }: Verdicts): string {
  const [spot] = blindSpots(model);
  if (spot !== undefined) return spot.because;
  const mattering = unknown.find(({ matters }) => matters);
  const isSilent = model.sources.every(({ status }) => status !== 'ok');
  return mattering === undefined || isSilent
    ? 'no source of this node answers'
    : `${mattering.id} could not be judged (${mattering.because})`;
}
