import type { ReactNode } from 'react';
import type { Look } from '../look.ts';
import { Frame } from '../parts/frame.tsx';
import { type Line, span } from '../parts/line.tsx';

export interface PageProps {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly scroll: number;
  /** Index of a line that must be in sight, whatever the scroll; null for none. */
  readonly inSight?: number | null;
  readonly width: number;
  readonly height: number;
  readonly look: Look;
}

/** A page over the panes that scrolls; it never scrolls past its end. */
export function Page({ title, lines, scroll, inSight = null, width, height, look }: PageProps): ReactNode {
  const room = Math.max(1, height - 2);
  const wanted = inSight === null ? scroll : Math.max(0, inSight - room + 2);
  const from = Math.max(0, Math.min(wanted, lines.length - room));
  const below = lines.length - from - room;
  return (
    <Frame
      title={title}
      summary={below > 0 ? [span(`${below} more lines`, 'dim')] : []}
      lines={lines.slice(from, from + room).map((line) => ({ line }))}
      width={width}
      height={height}
      focused
      look={look}
    />
  );
}
