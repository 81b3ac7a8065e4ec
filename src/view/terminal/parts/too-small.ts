import { wrapText } from '../../text.ts';
import { fitLine, type Line, span } from './line.ts';

const smallest = { columns: 20, rows: 5 };

/** What a terminal shows that has no room for a screen: a blank one looks hung. Null where there is room. */
export function tooSmallLines({ columns, rows }: { readonly columns: number; readonly rows: number }): Line[] | null {
  if (columns >= smallest.columns && rows >= smallest.rows) return null;
  const lines = wrapText(`rtwatch needs ${smallest.columns}x${smallest.rows}`, Math.max(1, columns));
  return lines.slice(0, rows).map((text): Line => fitLine([span(text)], columns));
}
