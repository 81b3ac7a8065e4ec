import { frameRows, sidesOf } from '../parts/frame.ts';
import { type ListScreenProps, listBlocks } from './list-layout.ts';

/** What stands at a place of the screen: a pane, and in it a row or a heading. */
export interface ListHit {
  readonly pane: string;
  readonly key: string | null;
  /** The column of a heading. */
  readonly column: string | null;
}

/**
 * @param column from 0, as `row`
 * @returns null beside the panes; on a page, the pane in focus without a row
 */
export function listHitAt(props: ListScreenProps, column: number, row: number): ListHit | null {
  const block = listBlocks(props).find(({ top, frame }) => row >= top && row < top + frame.height);
  if (block === undefined) return null;
  if (block.pane === null) return { pane: props.state.focus, key: null, column: null };
  const { frame } = block;
  const bare = frame.bare ?? false;
  // The title line is above the content.
  const line = frame.lines[row - block.top - 1];
  const isContent = row - block.top - 1 < frame.height - frameRows(bare);
  const pane = block.pane;
  if (line === undefined || !isContent) return { pane, key: null, column: null };
  if (line.columns === undefined) return { pane, key: line.key ?? null, column: null };
  // Left of the content: a side, if there is one, and the pointer.
  let left = column - (sidesOf(bare) > 1 ? 2 : 1);
  for (const { id, width } of line.columns) {
    if (left >= 0 && left < width) return { pane, key: null, column: id };
    left -= width + 1;
  }
  return { pane, key: null, column: null };
}
