import { Box, Text } from 'ink';
import { memo, type ReactNode } from 'react';
import type { Model } from '../../model/model.ts';
import type { Verdicts } from '../../rules/engine/run.ts';
import type { TimelineView } from '../../timeline/timeline-view.ts';
import type { Connection } from './connection.ts';
import { type Layout, layOut } from './layout.ts';
import { contentOf } from './pages/contents.ts';
import { pageRows } from './pages/page-frame.ts';
import { layOutPage, type PageContent, type PageLayout } from './pages/page-layout.ts';
import { forPanes, paneIds, paneOf } from './panes/panes.ts';
import { findingsPaneRows, findingsWant } from './parts/findings-pane.ts';
import { footerLine, messageLines } from './parts/footer.ts';
import { frameSides } from './parts/frame.ts';
import { headerLine } from './parts/header.ts';
import { type Line, paintLine } from './parts/line.ts';
import { paneRows } from './parts/pane-frame.ts';
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
  const { theme, size } = props;
  if (size.columns < smallest.columns || size.rows < smallest.rows) return null;
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      {screenLines(props).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place
        <PaintedRow key={index} text={paintLine(line, theme)} />
      ))}
    </Box>
  );
}

/** One row of the screen as finished text: a row that stays as it was costs nothing. */
const PaintedRow = memo(function PaintedRow({ text }: { readonly text: string }): ReactNode {
  return <Text wrap="truncate">{text}</Text>;
});

/** Row by row, each as wide as the screen. */
function screenLines(props: ScreenProps): Line[] {
  const { state, theme, size } = props;
  const layout = layoutOf(props);
  const findings = findingsPaneRows({
    verdicts: props.verdicts,
    state,
    at: props.model.at,
    trouble: props.connection.trouble,
    width: size.columns,
    height: layout.findingsHeight,
    bare: layout.bare,
    theme,
  });
  const body = state.page === null ? panesRows(props, layout) : pageFrameRows(props, layout, state.page);
  const above = [headerLine({ ...props, columns: size.columns }), ...findings, ...body];
  const below = linesBelow(props);
  const message = messageLines(state, size.columns);
  // A message covers the last rows, and nothing else moves.
  return [...above.slice(0, Math.max(1, above.length - message.length)), ...message, ...below];
}

/** Visible rows of the pane in focus: the step of PgUp and PgDn. */
export function pageLength(props: ScreenProps): number {
  const layout = layoutOf(props);
  const band = layout.bands.find(({ panes }) => panes.some(({ id }) => id === props.state.focus));
  const height = props.state.page === null ? (band?.height ?? 0) : bodyHeight(layout);
  return Math.max(1, height - 3);
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
  const wanted = forPanes(
    (pane) => (pane.rows(model)?.length ?? 1) + 1 + (pane.notes?.(model, theme, size.columns, verdicts).length ?? 0),
  );
  return layOut({
    ...size,
    footer: linesBelow(props).length,
    findings: findingsWant(verdicts, connection.trouble),
    zoomed: state.zoomed ? state.focus : null,
    // Help must fit on a terminal of 24 lines.
    findingsHidden: state.page?.kind === 'help',
    wanted,
  });
}

function bodyHeight(layout: Layout): number {
  return layout.bands.reduce((sum, { height }) => sum + height, 0);
}

function panesRows({ model, verdicts, state, theme }: ScreenProps, layout: Layout): Line[] {
  return layout.bands.flatMap((band) => {
    const beside = band.panes.map(({ id, width }) =>
      paneRows({
        pane: paneOf(id),
        number: paneIds.indexOf(id) + 1,
        state: state.panes[id],
        focused: state.focus === id && !state.findingsPane.focused,
        typing: state.typing && state.time === null && state.focus === id,
        height: band.height,
        bare: layout.bare,
        ...{ model, verdicts, width, theme },
      }),
    );
    return Array.from({ length: band.height }, (_, row) => beside.flatMap((rows) => rows[row] ?? []));
  });
}

function pageFrameRows(props: ScreenProps, layout: Layout, page: OpenPage): Line[] {
  const { content, pageLayout } = pageIn(props, layout, page);
  const { size, theme } = props;
  return pageRows({ title: content.title, pageLayout, width: size.columns, height: bodyHeight(layout), theme });
}

/** The layout of the open page, for the keys that move in it. Null if none is open. */
export function pageLayoutOf(props: ScreenProps): PageLayout | null {
  const { page } = props.state;
  return page === null ? null : pageIn(props, layoutOf(props), page).pageLayout;
}

function pageIn(props: ScreenProps, layout: Layout, page: OpenPage): { content: PageContent; pageLayout: PageLayout } {
  const { state, size } = props;
  const content = contentOf(props, page, Math.max(1, size.columns - frameSides));
  const pageLayout = layOutPage(content, {
    scroll: page.scroll,
    follows: page.kind === 'log' && page.follows,
    search: state.search,
    typing: state.typing && state.time === null,
    room: Math.max(1, bodyHeight(layout) - 2),
  });
  return { content, pageLayout };
}
