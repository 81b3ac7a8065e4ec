import { pageRows } from '../pages/page-frame.ts';
import { causePanelRows } from '../parts/cause-panel.ts';
import { findingsFrame, shownFinding } from '../parts/findings-pane.ts';
import { hintAt } from '../parts/footer.ts';
import { type FrameInput, frameRows } from '../parts/frame.ts';
import { targetAt } from '../parts/line.ts';
import { paneFrame } from '../parts/pane-frame.ts';
import type { Hit } from '../state/state.ts';
import {
  causeInputOf,
  findingsInputOf,
  footerInputOf,
  has,
  layoutOf,
  linesBelow,
  pageIn,
  paneInputOf,
  type ScreenProps,
} from './arrangement.ts';
import type { Layout } from './layout.ts';
import { bareGap, type Place } from './places.ts';

/** Columns of a frame before its text: the side and the pointer. */
const leftOf = (bare: boolean): number => (bare ? 1 : 2);

/** What a click at that column and row means, both from 0: by the places that the same screen is drawn from. Null for nothing. */
export function hitAt(props: ScreenProps, column: number, row: number): Hit | null {
  const { size, state } = props;
  if (column < 0 || row < 1 || column >= size.columns || row >= size.rows) return null;
  const below = linesBelow(props).length;
  if (row === size.rows - 1) return state.typing || state.sorting ? null : hintHit(props, column);
  if (row >= size.rows - below) return null;
  const layout = layoutOf(props);
  let top = 1;
  for (const { height, stacks } of layout.bands) {
    if (row < top + height) {
      let left = 0;
      for (const { width, places } of stacks) {
        if (column >= left && column < left + width) return inStack(props, layout, places, column - left, row - top);
        left += width + (layout.bare ? bareGap : 0);
      }
      return null;
    }
    top += height;
  }
  return null;
}

function hintHit(props: ScreenProps, column: number): Hit | null {
  const key = hintAt(footerInputOf(props), column);
  return key === null ? null : { kind: 'hint', key };
}

function inStack(
  props: ScreenProps,
  layout: Layout,
  places: readonly Place[],
  column: number,
  row: number,
): Hit | null {
  let top = 0;
  for (const place of places) {
    if (row < top + place.height) return inPlace(props, layout, place, column, row - top);
    top += place.height;
  }
  return null;
}

function inPlace(props: ScreenProps, layout: Layout, place: Place, column: number, row: number): Hit | null {
  const { block, height } = place;
  switch (block) {
    case 'findings':
      return {
        kind: 'findings',
        key: lineAt(findingsFrame(findingsInputOf(props, layout, place, has(layout, 'cause'))), row)?.key ?? null,
      };
    case 'cause': {
      const finding = shownFinding(props.verdicts, props.state);
      if (finding === null) return null;
      const rows = causePanelRows(causeInputOf(props, layout, place, finding));
      return { kind: 'cause', key: finding.key, target: targetAt(rows[row] ?? [], column) };
    }
    case 'charts':
    case 'row':
    case 'log':
      return null;
    case 'page': {
      const { page } = props.state;
      if (page === null) return null;
      const { content, pageLayout } = pageIn(props, height, page);
      const { from, head, visible, choices } = pageLayout;
      const inPage = row - 1 - head;
      const isLine = inPage >= 0 && row - 1 < visible.length;
      const rows = pageRows({ title: content.title, pageLayout, width: place.width, height, theme: props.theme });
      const target = targetAt(rows[row] ?? [], column);
      const choice = choices.findIndex((one) => one.target === target);
      return { kind: 'page', line: isLine ? from + inPage : null, ...(target === null ? {} : { target, choice }) };
    }
    default: {
      const line = lineAt(paneFrame(paneInputOf(props, layout, place, block)), row);
      const heading = line?.columns === undefined ? null : columnAt(line.columns, column - leftOf(layout.bare));
      return { kind: 'pane', pane: block, key: line?.key ?? null, column: heading };
    }
  }
}

function lineAt({ lines, height, bare = false }: FrameInput, row: number): FrameInput['lines'][number] | null {
  return row < 1 || row > height - frameRows(bare) ? null : (lines[row - 1] ?? null);
}

function columnAt(columns: readonly { readonly id: string; readonly width: number }[], at: number): string | null {
  let left = 0;
  for (const { id, width } of columns) {
    if (at < left) return null;
    if (at < left + width) return id;
    // A blank between the columns.
    left += width + 1;
  }
  return null;
}
