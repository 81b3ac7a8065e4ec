// Stands in for ink/build/measure-text.js, which keeps the last 4,096 texts: here a text is a whole frame.
import widestLine from './widest-line.ts';

/** Columns and rows that a text takes. */
export default function measureText(text: string): { width: number; height: number } {
  if (text === '') return { width: 0, height: 0 };
  let height = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) height++;
  return { width: widestLine(text), height };
}
