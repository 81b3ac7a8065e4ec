import { filterLine } from '../parts/filter-line.ts';
import { type FrameInput, type FrameLine, frameRows, sidesOf } from '../parts/frame.ts';
import { type Line, span } from '../parts/line.ts';
import { wrapSpans } from '../parts/wrap-spans.ts';
import type { Theme } from '../theme/theme.ts';
import { listHelpLines } from './list-help.ts';
import type { ListPane } from './list-pane.ts';
import { type ListPage, type ListState, paneStateOf, selectedOf } from './list-state.ts';

interface ListSize {
  readonly columns: number;
  readonly rows: number;
}

/** A list of nodes: what is drawn. */
export interface ListScreenProps {
  /** Above the panes: what it comes to, and what is wrong. */
  readonly header: readonly Line[];
  /** The last one gets the rows that the others do not need. */
  readonly panes: readonly ListPane[];
  readonly state: ListState;
  readonly theme: Theme;
  readonly size: ListSize;
}

/** A frame on the screen. */
interface ListBlock {
  /** The id of a pane; null for a page or the details. */
  readonly pane: string | null;
  readonly top: number;
  readonly frame: FrameInput;
}

/** Below this height frames have no sides. */
const bareBelow = 30;
/** From this height on the selected row's details stand below the panes. */
const detailsFrom = 34;
const detailsHeight = 9;
/** Rows of a pane with a heading and one row. */
const leastPane = 4;

/** The frames between the header and the last line, from the top. */
export function listBlocks(props: ListScreenProps): ListBlock[] {
  const { size, header, state, panes, theme } = props;
  const top = header.length;
  const room = Math.max(0, size.rows - top - 1);
  const bare = size.rows < bareBelow;
  if (state.page !== null) return [{ pane: null, top, frame: pageFrame(props, state.page, room, bare) }];
  const selected = selectedOf(state, panes);
  const withDetails = size.rows >= detailsFrom && selected !== null && selected.key !== null;
  const paneRoom = withDetails ? room - detailsHeight : room;
  const blocks: ListBlock[] = [];
  let at = top;
  for (const [index, height] of heightsOf(panes, paneRoom, bare).entries()) {
    const pane = panes[index];
    if (pane === undefined || height === 0) continue;
    blocks.push({ pane: pane.id, top: at, frame: paneFrame(props, pane, index + 1, height, bare) });
    at += height;
  }
  if (!withDetails || selected.key === null) return blocks;
  const width = size.columns;
  const lines = selected.pane.detailsOf(selected.key, width - sidesOf(bare)).map((line) => ({ line }));
  const height = detailsHeight;
  const title = selected.pane.nameOf(selected.key) ?? '';
  const hidden = Math.max(0, lines.length - (height - frameRows(bare)));
  return [...blocks, { pane: null, top: at, frame: { title, lines, width, height, bare, hidden, theme } }];
}

/** Rows of a page or of the pane in focus: how far a page key moves. */
export function listPageRows(props: ListScreenProps): number {
  const block = listBlocks(props).find(({ pane }) => props.state.page !== null || pane === props.state.focus);
  return Math.max(1, (block?.frame.height ?? 3) - 3);
}

/** Every pane but the last takes what it needs, two fifths of the room at most. */
function heightsOf(panes: readonly ListPane[], room: number, bare: boolean): number[] {
  let left = room;
  return panes.map(({ total }, index) => {
    if (index === panes.length - 1) return Math.max(0, left);
    const wanted = Math.max(1, total) + (total === 0 ? 0 : 1) + frameRows(bare);
    const height = Math.min(wanted, Math.max(leastPane, Math.floor((room * 2) / 5)), left);
    left -= height;
    return height;
  });
}

function paneFrame(
  { state, theme, size }: ListScreenProps,
  pane: ListPane,
  number: number,
  height: number,
  bare: boolean,
): FrameInput {
  const focused = state.focus === pane.id;
  const own = paneStateOf(state, pane.id);
  const { keys, trouble } = pane.arranged(own);
  const width = size.columns;
  const visible = Math.max(0, height - frameRows(bare) - 1);
  const chosen = Math.max(0, keys.indexOf(own.chosen ?? ''));
  const from = Math.min(Math.max(0, chosen - Math.floor(visible / 2)), Math.max(0, keys.length - visible));
  const shown = keys.slice(from, from + visible);
  const { head, columns, lines } = pane.table(shown, width - sidesOf(bare), focused && state.sorting);
  const rows: FrameLine[] = lines.map((line, index) => ({
    line,
    key: shown[index] ?? '',
    selected: from + index === chosen ? (focused ? true : 'unfocused') : false,
  }));
  const isEmpty = keys.length === 0;
  const empty = pane.total > 0 ? [span('no row matches the filter', 'dim')] : pane.empty;
  const order =
    own.sortBy === null && !own.reversed ? [] : [`by ${own.sortBy ?? 'attention'}${own.reversed ? ' reversed' : ''}`];
  const filter = filterLine(own.filter, trouble, focused && state.typing);
  const parts = [filter, ...order.map((text) => [span(text, 'key')]), pane.summary].filter((part) => part.length > 0);
  return {
    title: `${number} ${pane.title}`,
    summary: parts.flatMap((part, index) => (index === 0 ? part : [span(' · ', 'dim'), ...part])),
    lines: isEmpty ? [{ line: empty }] : [{ line: head, columns }, ...rows],
    hidden: Math.max(0, keys.length - from - shown.length),
    width,
    height,
    focused,
    bare,
    theme,
  };
}

function pageFrame(props: ListScreenProps, page: ListPage, height: number, bare: boolean): FrameInput {
  const { theme, size, panes } = props;
  const width = size.columns;
  const inner = width - sidesOf(bare);
  const pane = page.kind === 'details' ? panes.find(({ id }) => id === page.pane) : undefined;
  const details = page.kind === 'help' ? [] : (pane?.detailsOf(page.key, inner) ?? []);
  const found = page.kind === 'help' ? listHelpLines(inner) : details.flatMap((line) => wrapSpans(line, inner));
  const all = found.length > 0 ? found : [[span('this is over', 'dim')]];
  const room = Math.max(1, height - frameRows(bare));
  const from = Math.min(page.scroll, Math.max(0, all.length - room));
  const title = page.kind === 'help' ? 'Help' : (pane?.nameOf(page.key) ?? 'Details');
  return {
    title,
    width,
    height,
    bare,
    theme,
    focused: true,
    lines: all.slice(from, from + room).map((line) => ({ line })),
    hidden: Math.max(0, all.length - from - room),
  };
}
