import { clean, wrapText } from '../../text.ts';
import { type Line, lineWidth, span } from '../parts/line.ts';
import { wrapSpans } from '../parts/wrap-spans.ts';
import type { Tone } from '../theme/tones.ts';

/** Columns of a label, as `detail` of the panes has them. */
export const labelWidth = 18;
/** Text in fewer columns than this is unreadable. */
const leastText = 12;

/** `label   text`: the whole text, wrapped below itself; nothing without a text. It may be raw: it is cleaned here. */
export function field(label: string, text: string | null, width: number, tone: Tone = 'plain'): Line[] {
  if (text === null) return [];
  const pieces = wrapText(clean(text), Math.max(leastText, width - labelWidth));
  return pieces.map(
    (piece, index): Line => [span((index === 0 ? label : '').padEnd(labelWidth), 'dim'), span(piece, tone)],
  );
}

/** The whole text, wrapped. It may be raw: it is cleaned here. */
export function paragraph(text: string, width: number, tone: Tone = 'plain', indent = 0): Line[] {
  const pieces = wrapText(clean(text), Math.max(leastText, width - indent));
  return pieces.map((piece): Line => [...(indent === 0 ? [] : [span(' '.repeat(indent))]), span(piece, tone)]);
}

/** Wraps a line of a label and a text; any other line stays as it is. */
export function wrapDetail(line: Line, width: number): Line[] {
  const [label, text] = line;
  const isDetail = line.length === 2 && label !== undefined && text !== undefined && lineWidth([label]) === labelWidth;
  if (!isDetail || lineWidth(line) <= width) return [line];
  return wrapSpans([text], width - labelWidth).map((row, index) => [
    span((index === 0 ? label.text.trimEnd() : '').padEnd(labelWidth), 'dim'),
    ...row,
  ]);
}
