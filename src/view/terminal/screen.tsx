import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import type { Model } from '../../model/model.ts';
import type { Verdicts } from '../../rules/engine/run.ts';
import type { TimelineView } from '../../timeline/timeline-view.ts';
import type { Connection } from './connection.ts';
import { type Block, bareGap, type Layout, layOut, type Place, titledRows } from './layout.ts';
import { contentOf } from './pages/contents.ts';
import { pageRows } from './pages/page-frame.ts';
import { layOutPage, type PageContent, type PageLayout } from './pages/page-layout.ts';
import { type PaneId, paneIds, paneOf } from './panes/panes.ts';
import { causeHeights, causePanelRows, causeParts, causeWidth } from './parts/cause-panel.ts';
import { chartsPanelRows, hasHistory } from './parts/charts-panel.ts';
import { findingsPaneRows, findingsWant, shownFinding } from './parts/findings-pane.ts';
import { footerLine, messageLines } from './parts/footer.ts';
import { frameRows, frameSides } from './parts/frame.ts';
import { headerLine } from './parts/header.ts';
import { type Line, paintLine, span } from './parts/line.ts';
import { paneRows, paneWant } from './parts/pane-frame.ts';
import { settledFocus } from './selection.ts';
import type { OpenPage, ViewState } from './state.ts';
import type { Theme } from './theme.ts';
import { timelineLines } from './timeline.ts';

export interface ScreenProps {
  readonly model: Model;
  readonly verdicts: Verdicts;
  readonly state: ViewState;
  readonly connection: Connection;
  readonly theme: Theme;
  readonly size: Size;
  /** The place in the past that is shown; null or missing for the live node. */
  readonly timeline?: TimelineView | null;
}

/** Columns and rows of the terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A smaller terminal shows nothing. */
const smallest = { columns: 20, rows: 5 };

/** The whole screen: a function of the node, the verdicts and the reader's choices. */
export function Screen(props: ScreenProps): ReactNode {
  const { theme, size, verdicts, state } = props;
  const findingsPane = { ...state.findingsPane, focused: settledFocus(verdicts, state) };
  if (size.columns < smallest.columns || size.rows < smallest.rows) return null;
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Painted
        text={screenLines({ ...props, state: { ...state, findingsPane } })
          .map((line) => paintLine(line, theme))
          .join('\n')}
      />
    </Box>
  );
}

/** The rows as one finished text: Ink lays out one element, however many rows there are, and none when no cell changed. */
const Painted = memo(function Painted({ text }: { readonly text: string }): ReactNode {
  return <Text wrap="truncate">{text}</Text>;
});

/** Row by row, each as wide as the screen. */
function screenLines(props: ScreenProps): Line[] {
  const { state, size } = props;
  const layout = layoutOf(props);
  const body = layout.bands.flatMap((band) => bandRows(props, layout, band));
  const below = linesBelow(props);
  const filled = [headerLine({ ...props, columns: size.columns }), ...body];
  // The keys stand on the last row, also where the panes do not fill the screen.
  const blank = Array.from({ length: Math.max(0, size.rows - filled.length - below.length) }, (): Line => [span(' ')]);
  const above = [...filled, ...blank];
  const message = messageLines(state, size.columns);
  // A message covers the last rows, and nothing else moves.
  return [...above.slice(0, Math.max(1, above.length - message.length)), ...message, ...below];
}

function bandRows(props: ScreenProps, layout: Layout, { height, stacks }: Layout['bands'][number]): Line[] {
  const columns = stacks.map(({ width, places }) => ({
    width,
    rows: places.flatMap((place) => blockRows(props, layout, place)),
  }));
  const gap = span(' '.repeat(layout.bare ? bareGap : 0));
  return Array.from({ length: height }, (_, row) =>
    columns.flatMap(({ width, rows }, index) => [
      ...(index === 0 ? [] : [gap]),
      ...(rows[row] ?? [span(' '.repeat(width))]),
    ]),
  );
}

function blockRows(props: ScreenProps, layout: Layout, place: Place): Line[] {
  const { model, verdicts, state, theme, connection } = props;
  const { block, width, height } = place;
  const { bare, joinsCause } = layout;
  switch (block) {
    case 'findings':
      return findingsPaneRows({
        ...{ verdicts, state, width, height, bare, theme },
        at: model.at,
        trouble: connection.trouble,
      });
    case 'cause': {
      const finding = shownFinding(verdicts, state);
      return finding === null ? [] : causePanelRows({ model, finding, theme, width, height, bare, joined: joinsCause });
    }
    case 'charts':
      return chartsPanelRows({ model, verdicts, theme, width, height, bare });
    case 'page':
      return state.page === null ? [] : pageFrameRows(props, place, state.page);
    default:
      return paneRows({
        pane: paneOf(block),
        number: paneIds.indexOf(block) + 1,
        state: state.panes[block],
        focused: hasFocus(state, block),
        typing: state.typing && state.time === null && state.focus === block,
        zoomed: state.zoomed,
        ...{ model, verdicts, width, height, bare, theme },
      });
  }
}

function hasFocus({ focus, findingsPane }: ViewState, id: PaneId): boolean {
  return focus === id && findingsPane.focused !== true;
}

/** Visible rows of the pane in focus, or of the page: the step of PgUp and PgDn. */
export function pageLength(props: ScreenProps): number {
  const { page, focus } = props.state;
  const layout = layoutOf(props);
  const place = placeOf(layout, page === null ? focus : 'page');
  return Math.max(1, (place?.height ?? 0) - frameRows(layout.bare && page === null) - 1);
}

function placeOf({ bands }: Layout, block: Block): Place | null {
  return (
    bands
      .flatMap(({ stacks }) => stacks)
      .flatMap(({ places }) => places)
      .find((place) => place.block === block) ?? null
  );
}

/** The time line, then the keys. */
function linesBelow({ state, connection, theme, size, timeline = null }: ScreenProps): Line[] {
  return [
    ...(timeline === null ? [] : timelineLines(timeline, theme, size.columns)),
    footerLine(state, connection, size.columns, timeline),
  ];
}

function layoutOf(props: ScreenProps): Layout {
  const { model, verdicts, state, connection, theme, size } = props;
  const finding = shownFinding(verdicts, state);
  return layOut({
    ...size,
    below: linesBelow(props).length,
    findings: findingsWant(verdicts, connection.trouble, size.rows < titledRows),
    zoomed: state.zoomed ? state.focus : null,
    // Help must fit on a terminal of 24 lines.
    page: state.page === null ? 'none' : state.page.kind === 'help' ? 'whole' : 'open',
    cause: (width) =>
      finding === null ? null : causeHeights(causeParts({ model, finding, theme }, causeWidth(width))),
    pane: (id, width) =>
      // The pane in which the reader was last keeps its rows while the findings have the focus.
      paneWant(paneOf(id), state.focus === id, { model, verdicts, theme, inner: width - frameSides }),
    charts: hasHistory(model),
  });
}

function pageFrameRows(props: ScreenProps, { width, height }: Place, page: OpenPage): Line[] {
  const { content, pageLayout } = pageIn(props, height, page);
  return pageRows({ title: content.title, pageLayout, width, height, theme: props.theme });
}

/** The layout of the open page, for the keys that move in it. Null if none is open. */
export function pageLayoutOf(props: ScreenProps): PageLayout | null {
  const { page } = props.state;
  if (page === null) return null;
  return pageIn(props, placeOf(layoutOf(props), 'page')?.height ?? 0, page).pageLayout;
}

function pageIn(props: ScreenProps, height: number, page: OpenPage): { content: PageContent; pageLayout: PageLayout } {
  const { state, size } = props;
  const content = contentOf(props, page, Math.max(1, size.columns - frameSides));
  const pageLayout = layOutPage(content, {
    scroll: page.scroll,
    follows: page.kind === 'log' && page.follows,
    search: state.search,
    typing: state.typing && state.time === null,
    room: Math.max(1, height - 2),
  });
  return { content, pageLayout };
}
