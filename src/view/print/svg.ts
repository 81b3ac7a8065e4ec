import { widthOf } from '../text.ts';
import { pathOf, piecesOf, px } from './drawn-cells.ts';
import { coloursOf, escapeMarkup, type Paper } from './palette.ts';
import { type StyledRun, styledRuns } from './styled-runs.ts';

/** Of a cell, in pixels: what DejaVu Sans Mono takes at this size, so that the lines of frames join. */
const cell = { width: 8.43, height: 16.3, baseline: 12.9, font: 14 };

/** A frame of the terminal as a picture; every run is stretched to its columns, so that lines join with any font; charts are drawn. */
export function frameSvg(frame: string, columns: number, paper: Paper): string {
  const lines = styledRuns(frame);
  const [width, height] = [columns * cell.width, lines.length * cell.height].map(Math.round);
  const drawn = lines.flatMap((runs, row) => runs.map((run) => runSvg(run, row, paper)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" fill="${paper.ground}"/>`,
    `<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="${cell.font}" xml:space="preserve">`,
    ...drawn.filter((run) => run !== ''),
    '</g></svg>\n',
  ].join('\n');
}

function runSvg(run: StyledRun, row: number, paper: Paper): string {
  const { text, column, width, bold, dim, underline } = run;
  const colours = coloursOf(run, paper);
  const x = px(column * cell.width);
  const length = px(width * cell.width);
  const ground =
    colours.ground === null
      ? ''
      : `<rect x="${x}" y="${px(row * cell.height)}" width="${length}" height="${cell.height}" fill="${colours.ground}"/>`;
  const style = [
    ...(bold ? ['font-weight="bold"'] : []),
    ...(dim ? ['opacity="0.6"'] : []),
    ...(underline ? ['text-decoration="underline"'] : []),
  ];
  let at = column;
  const pieces = piecesOf(text).map((piece) => {
    const from = at * cell.width;
    const columns = widthOf(piece.text);
    at += columns;
    if (piece.text.trim() === '') return '';
    const ink = `fill="${colours.ink}"${dim ? ' opacity="0.6"' : ''}`;
    if (piece.drawn) return `<path d="${pathOf(piece.text, from, row * cell.height, cell)}" ${ink}/>`;
    const place = `x="${px(from)}" y="${px(row * cell.height + cell.baseline)}" textLength="${px(columns * cell.width)}" lengthAdjust="spacingAndGlyphs"`;
    return `<text ${[place, `fill="${colours.ink}"`, ...style].join(' ')}>${escapeMarkup(piece.text)}</text>`;
  });
  return `${ground}${pieces.join('')}`;
}
