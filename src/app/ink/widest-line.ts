// Stands in for the package widest-line where Ink uses it (see bin/build.js and docs/architecture.md).
import original from '../../../node_modules/widest-line/index.js';
import { isNarrow } from '../../view/text.ts';
import { LineMemo } from './line-memo.ts';
import { bareText } from './styled-line.ts';

const widths = new LineMemo((line) => {
  const bare = bareText(line);
  return isNarrow(bare) ? bare.length : original(line);
});

/** Columns of the widest line. */
export default function widestLine(text: string): number {
  let widest = 0;
  for (const line of text.split('\n')) widest = Math.max(widest, widths.of(line));
  return widest;
}
