import type { ReactNode } from 'react';
import { truncate } from '../../text.ts';
import { Frame } from '../parts/frame.tsx';
import { lineWidth } from '../parts/line.tsx';
import type { Look } from '../theme.ts';
import type { Sheet } from './sheet.ts';

interface PageProps {
  readonly title: string;
  readonly sheet: Sheet;
  readonly width: number;
  readonly height: number;
  readonly look: Look;
}

/** Fewer columns of a title say nothing. */
const leastTitle = 12;
/** Columns of the title line that are neither title nor summary. */
const titleEdges = 8;

/** A page over the panes. On a narrow screen the title is cut before the place in the search. */
export function Page({ title, sheet, width, height, look }: PageProps): ReactNode {
  return (
    <Frame
      title={truncate(title, Math.max(leastTitle, width - lineWidth(sheet.summary) - titleEdges))}
      summary={sheet.summary}
      lines={sheet.visible.map((line) => ({ line }))}
      width={width}
      height={height}
      focused
      look={look}
    />
  );
}
