import { countOf } from '../../../base/counts.ts';
import { findingsNaming, rowNamed } from '../panes/named.ts';
import { type PaneId, paneOf } from '../panes/panes.ts';
import { type Line, linkSpan, span } from '../parts/line.ts';
import { wrapSpans } from '../parts/wrap-spans.ts';
import type { Shown } from '../state/selection.ts';
import { labelWidth } from './fields.ts';

/** Findings shown: the worst come first, and name the others as their consequences. */
const maxFindings = 2;

/** From the page of a row back to the findings that name it; empty if none does. */
export function findingLinks({ verdicts }: Shown, pane: PaneId, row: unknown, width: number): Line[] {
  const naming = findingsNaming(verdicts, paneOf(pane), row);
  const more = naming.length - maxFindings;
  const links = naming
    .slice(0, maxFindings)
    .flatMap(({ severity, title, key }) =>
      wrapSpans([linkSpan(title, { to: 'finding', key })], width - labelWidth).map(
        (line, index): Line => [
          span((index === 0 ? severity : '').padEnd(labelWidth), index === 0 ? toneOf(severity) : 'plain'),
          ...line,
        ],
      ),
    );
  return more <= 0
    ? links
    : [...links, [span(' '.repeat(labelWidth)), span(`and ${countOf(more, 'more finding')}`, 'dim')]];
}

/** The lines of a row of another pane, in which the name of its container leads to it. */
export function withContainerLink(
  { model }: Shown,
  paneId: PaneId,
  row: unknown,
  lines: readonly Line[],
): readonly Line[] {
  const id = paneOf(paneId).containerOf?.(row) ?? null;
  const target = id === null ? null : rowNamed(model, 'containers', id);
  if (target?.to !== 'row' || target.pane === paneId) return lines;
  return lines.map((line) => {
    const [label, name] = line;
    const isName = line.length === 2 && label?.text.trim() === 'container' && name !== undefined;
    return isName ? [label, linkSpan(name.text, target)] : line;
  });
}

const toneOf = (severity: 'critical' | 'warning' | 'info'): 'critical' | 'warning' | 'plain' =>
  severity === 'info' ? 'plain' : severity;
