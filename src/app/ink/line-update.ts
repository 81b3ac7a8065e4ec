// Stands in for ink/build/line-update.js, which cuts every changed row with a border into graphemes.
import original from '../../../node_modules/ink/build/line-update.js';
import { frameLine } from './frame-line.ts';
import { sgrCodes } from './styled-line.ts';

const toFirstColumn = '\u001b[1G';
const eraseToEnd = '\u001b[K';

/** The shortest output that makes a row from the one before, where every character takes one column; else as Ink makes it. */
export default function lineUpdate(previous: string, next: string, columns: number | undefined): string {
  const { narrowColumns: previousColumns } = frameLine(previous);
  const { narrowColumns: nextColumns } = frameLine(next);
  if (columns === undefined || !(columns >= 1) || previousColumns === null || nextColumns === null) {
    return original(previous, next, columns);
  }
  const full = `${toFirstColumn}${eraseToEnd}${next}`;
  let common = 0;
  const shorter = Math.min(previous.length, next.length);
  while (common < shorter && previous.charCodeAt(common) === next.charCodeAt(common)) common++;
  const codes = sgrCodes(next);
  let column = common;
  for (const { index, 0: code } of codes) {
    if (index >= common) break;
    // A difference inside a sequence repaints from before it.
    column -= Math.min(code.length, common - index);
  }
  if (column === 0 || column >= columns || Math.max(previousColumns, nextColumns) > columns) return full;
  let offset = column;
  let styles = '';
  for (const { index, 0: code } of codes) {
    if (index > offset || index + code.length > common) break;
    offset += code.length;
    styles += code;
  }
  const partial = `\u001b[${column + 1}G${eraseToEnd}${styles}${next.slice(offset)}`;
  return partial.length < full.length ? partial : full;
}
