// Stands in for ink/build/measure-text.js, which keeps the last 4,096 texts: here a text is a whole frame.
import { frameLines } from './frame-line.ts';
import widestLine from './widest-line.ts';

/** Columns and rows that a text takes. */
export default function measureText(text: string): { width: number; height: number } {
  return text === '' ? { width: 0, height: 0 } : { width: widestLine(text), height: frameLines(text).length };
}
