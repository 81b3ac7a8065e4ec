import { truncate } from '../../text.ts';
import { frameOf } from '../parts/frame.ts';
import { type Line, lineWidth } from '../parts/line.ts';
import type { Theme } from '../theme/theme.ts';
import type { PageLayout } from './page-layout.ts';

interface PageInput {
  readonly title: string;
  readonly pageLayout: PageLayout;
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

/** Fewer columns of a title say nothing. */
const leastTitle = 12;
/** Columns of the title line that are neither title nor summary. */
const titleEdges = 8;

/** A page over the panes. On a narrow screen the title is cut before the place in the search. */
export function pageRows({ title, pageLayout, width, height, theme }: PageInput): Line[] {
  return frameOf({
    title: truncate(title, Math.max(leastTitle, width - lineWidth(pageLayout.summary) - titleEdges)),
    summary: pageLayout.summary,
    lines: pageLayout.visible.map((line) => ({ line })),
    width,
    height,
    theme,
    focused: true,
  });
}
