import { coloursOf, escapeMarkup, type Paper } from './palette.ts';
import { type StyledRun, styledRuns } from './styled-runs.ts';

/** A frame of the terminal as a page that needs nothing else. */
export function frameHtml(frame: string, title: string, paper: Paper): string {
  const lines = styledRuns(frame).map((runs) => runs.map((run) => runHtml(run, paper)).join(''));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeMarkup(title)}</title>
<pre style="background:${paper.ground};padding:1em;font:14px/1.3 'DejaVu Sans Mono',Menlo,Consolas,monospace">${lines.join('\n')}</pre>
</html>
`;
}

function runHtml(run: StyledRun, paper: Paper): string {
  const { ink, ground } = coloursOf(run, paper);
  const css = [
    `color:${ink}`,
    ...(ground === null ? [] : [`background:${ground}`]),
    ...(run.bold ? ['font-weight:bold'] : []),
    ...(run.dim ? ['opacity:.6'] : []),
    ...(run.underline ? ['text-decoration:underline'] : []),
  ];
  return `<span style="${css.join(';')}">${escapeMarkup(run.text)}</span>`;
}
