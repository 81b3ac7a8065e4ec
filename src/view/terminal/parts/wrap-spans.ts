import { wrapText } from '../../text.ts';
import { type Line, type Span, span } from './line.ts';

/** Text in fewer columns than this is unreadable. */
const leastText = 12;

/** A line wrapped to `width` columns as one text, each piece with its tone and target; indented. */
export function wrapSpans(line: Line, width: number, indent = 0): Line[] {
  const rows = wrapText(line.map(({ text }) => text).join(''), Math.max(leastText, width - indent));
  const margin = indent === 0 ? [] : [span(' '.repeat(indent))];
  let rest = line;
  return rows.map((row) => {
    const { taken, left } = take(rest, row);
    rest = left;
    return [...margin, ...taken];
  });
}

/** The pieces of one row from the start of the line, without the blanks that wrapping drops, and what is left. */
function take(line: Line, row: string): { readonly taken: Span[]; readonly left: Line } {
  const taken: Span[] = [];
  let wanted = row;
  let left = line;
  while (wanted !== '') {
    const [first, ...others] = left;
    if (first === undefined) return { taken: [...taken, span(wanted)], left };
    const text = taken.length === 0 && !wanted.startsWith(' ') ? first.text.trimStart() : first.text;
    const part = text.slice(0, wanted.length);
    if (part !== '') taken.push({ ...first, text: part });
    wanted = wanted.slice(part.length);
    left = part.length < text.length ? [{ ...first, text: text.slice(part.length) }, ...others] : others;
  }
  return { taken, left };
}
