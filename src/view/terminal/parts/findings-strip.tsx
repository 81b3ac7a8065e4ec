import type { ReactNode } from 'react';
import type { Verdicts } from '../../../rules/run.ts';
import { formatSince } from '../../format.ts';
import { clean, fitText } from '../../text.ts';
import type { Look } from '../look.ts';
import { bareSides, Frame, type FrameLine, frameSides } from './frame.tsx';
import { type Line, span, spread } from './line.tsx';

export interface FindingsStripProps {
  readonly verdicts: Verdicts;
  /** Now, by the node's clock. */
  readonly at: number;
  /** What is wrong with rtwatch's own link to the node. */
  readonly trouble: string | null;
  readonly width: number;
  readonly height: number;
  readonly bare: boolean;
  readonly look: Look;
}

const severityWidth = 9;

/** What is wrong, the worst first: the first thing to read. */
export function FindingsStrip({ verdicts, at, trouble, width, height, bare, look }: FindingsStripProps): ReactNode {
  const { findings, unknown } = verdicts;
  const inner = width - (bare ? bareSides : frameSides);
  const lines: FrameLine[] = findings.map(({ severity, title, summary, since }) => ({
    line: spread(
      [
        span(fitText(severity, severityWidth), toneOf(severity)),
        span(`${clean(title)}  `, 'strong'),
        span(clean(summary), 'dim'),
      ],
      since === null ? [] : [span(` since ${formatSince(since, at)}`, 'dim')],
      inner,
    ),
  }));
  if (trouble !== null)
    lines.unshift({ line: [span(fitText('rtwatch', severityWidth), 'warning'), span(clean(trouble))] });
  if (lines.length === 0) lines.push({ line: calm(unknown.length) });
  return (
    <Frame
      title="Findings"
      summary={summaryOf(verdicts)}
      lines={lines}
      width={width}
      height={height}
      bare={bare}
      look={look}
    />
  );
}

function calm(unknown: number): Line {
  return unknown === 0
    ? [span('nothing found', 'good')]
    : [span('nothing found so far; ', 'dim'), span(`${unknown} checks wait for their sources`, 'dim')];
}

function summaryOf({ findings }: Verdicts): Line {
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  const critical = count('critical');
  const warning = count('warning');
  return [
    ...(critical > 0 ? [span(`${critical} critical`, 'critical')] : []),
    ...(critical > 0 && warning > 0 ? [span(' · ', 'dim')] : []),
    ...(warning > 0 ? [span(`${warning} ${warning === 1 ? 'warning' : 'warnings'}`, 'warning')] : []),
  ];
}

function toneOf(severity: string): 'critical' | 'warning' | 'plain' {
  return severity === 'critical' || severity === 'warning' ? severity : 'plain';
}
