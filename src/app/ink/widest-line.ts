// Stands in for the package widest-line where Ink uses it (see bin/build.js and docs/architecture.md).
import original from '../../../node_modules/widest-line/index.js';
import { isNarrow } from '../../view/text.ts';
import { LineMemo } from './line-memo.ts';
import { linesOf } from './lines-of.ts';
import { bareText } from './styled-line.ts';

const widths = new LineMemo((line) => {
  const bare = bareText(line);
  return isNarrow(bare) ? bare.length : original(line);
});

let last = { text: '', widest: 0 };

/** Columns of the widest line. Ink asks when it measures a text, and once more when it draws it. */
export default function widestLine(text: string): number {
  if (text !== last.text) {
    let widest = 0;
    for (const line of linesOf(text)) widest = Math.max(widest, widths.of(line));
    last = { text, widest };
  }
  return last.widest;
}
