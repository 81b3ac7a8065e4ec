import { plural } from '../../../base/counts.ts';
import { allFindings, type Verdicts } from '../../../rules/engine/run.ts';
import { clean, fitText } from '../../text.ts';
import { chosenKey, type ViewState } from '../state.ts';
import type { Theme } from '../theme.ts';
import { findingsLines, severityWidth } from './findings-lines.ts';
import { bareSides, type FrameLine, frameOf, frameSides } from './frame.ts';
import { type Line, span } from './line.ts';

interface FindingsPaneInput {
  readonly verdicts: Verdicts;
  readonly state: ViewState;
  /** Now, by the node's clock. */
  readonly at: number;
  /** A fault of rtwatch itself or of its data source. */
  readonly trouble: string | null;
  readonly width: number;
  readonly height: number;
  readonly bare: boolean;
  readonly theme: Theme;
}

/** The findings, worst first. */
export function findingsPaneRows({
  verdicts,
  state,
  at,
  trouble,
  width,
  height,
  bare,
  theme,
}: FindingsPaneInput): Line[] {
  const inner = width - (bare ? bareSides : frameSides);
  const { focused } = state.findingsPane;
  const chosen = focused
    ? chosenKey(
        state,
        allFindings(verdicts).map(({ key }) => key),
      )
    : null;
  const lines = linesAbove(verdicts, trouble);
  const room = Math.max(1, height - (bare ? 1 : 2) - lines.length);
  lines.push(...findingsLines({ verdicts, chosen, at, width: inner, room, theme }));
  return frameOf({
    ...{ title: 'Findings', summary: summaryOf(verdicts), lines, width, height, bare, theme },
    focused: focused && state.page === null,
  });
}

/** Lines that the pane would fill. */
export function findingsWant(verdicts: Verdicts, trouble: string | null): number {
  return linesAbove(verdicts, trouble).length + allFindings(verdicts).length;
}

function linesAbove({ findings, unknown }: Verdicts, trouble: string | null): FrameLine[] {
  return [
    ...(trouble === null ? [] : [{ line: [span(fitText('rtwatch', severityWidth), 'warning'), span(clean(trouble))] }]),
    ...(findings.length > 0 || trouble !== null ? [] : [{ line: calm(unknown.length) }]),
  ];
}

function calm(unknown: number): Line {
  return unknown === 0
    ? [span('nothing found', 'good')]
    : [
        span('nothing found so far; ', 'dim'),
        span(`${unknown} ${plural(unknown, 'check is', 'checks are')} waiting for data`, 'dim'),
      ];
}

function summaryOf({ findings }: Verdicts): Line {
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  const critical = count('critical');
  const warning = count('warning');
  return [
    ...(critical > 0 ? [span(`${critical} critical`, 'critical')] : []),
    ...(critical > 0 && warning > 0 ? [span(' · ', 'dim')] : []),
    ...(warning > 0 ? [span(`${warning} ${plural(warning, 'warning', 'warnings')}`, 'warning')] : []),
  ];
}
