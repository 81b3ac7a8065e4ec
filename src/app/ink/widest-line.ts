// Stands in for the package widest-line where Ink uses it (see bin/build.js and docs/architecture.md).
import { frameLines } from './frame-line.ts';

let last = { text: '', widest: 0 };

/** Columns of the widest line. Ink asks when it measures a text, and once more when it draws it. */
export default function widestLine(text: string): number {
  if (text !== last.text) {
    let widest = 0;
    for (const { columns } of frameLines(text)) widest = Math.max(widest, columns);
    last = { text, widest };
  }
  return last.widest;
}
