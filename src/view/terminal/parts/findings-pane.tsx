import type { ReactNode } from 'react';
import { plural } from '../../../base/counts.ts';
import { toldFindings, type Verdicts } from '../../../rules/engine/run.ts';
import { clean, fitText } from '../../text.ts';
import { chosenKey, type ViewState } from '../state.ts';
import type { Look } from '../theme.ts';
import { severityWidth, stripLines } from './findings-lines.ts';
import { bareSides, Frame, type FrameLine, frameSides } from './frame.tsx';
import { type Line, span } from './line.tsx';

interface FindingsStripProps {
  readonly verdicts: Verdicts;
  readonly state: ViewState;
  /** Now, by the node's clock. */
  readonly at: number;
  /** A fault of rtwatch itself or of its data source. */
  readonly trouble: string | null;
  readonly width: number;
  readonly height: number;
  readonly bare: boolean;
  readonly look: Look;
}

/** The findings, worst first. */
export function FindingsStrip({
  verdicts,
  state,
  at,
  trouble,
  width,
  height,
  bare,
  look,
}: FindingsStripProps): ReactNode {
  const inner = width - (bare ? bareSides : frameSides);
  const { focused } = state.strip;
  const chosen = focused
    ? chosenKey(
        state,
        toldFindings(verdicts).map(({ key }) => key),
      )
    : null;
  const lines = linesAbove(verdicts, trouble);
  const room = Math.max(1, height - (bare ? 1 : 2) - lines.length);
  lines.push(...stripLines({ verdicts, chosen, at, width: inner, room, look }));
  return (
    <Frame
      title="Findings"
      summary={summaryOf(verdicts)}
      lines={lines}
      width={width}
      height={height}
      focused={focused && state.overlay === null}
      bare={bare}
      look={look}
    />
  );
}

/** Lines that the pane would fill. */
export function stripWants(verdicts: Verdicts, trouble: string | null): number {
  return linesAbove(verdicts, trouble).length + toldFindings(verdicts).length;
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
