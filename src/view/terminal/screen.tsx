import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Model } from '../../model/model.ts';
import type { Verdicts } from '../../rules/engine/run.ts';
import type { TimelineView } from '../../timeline/timeline-view.ts';
import type { Connection } from './connection.ts';
import { type Layout, layOut } from './layout.ts';
import { contentOf } from './pages/contents.ts';
import { Page } from './pages/page.tsx';
import { layOutPage, type PageContent, type PageLayout } from './pages/page-layout.ts';
import { forPanes, paneIds, paneOf } from './panes/panes.ts';
import { FindingsPane, findingsWant } from './parts/findings-pane.tsx';
import { footerLines } from './parts/footer.tsx';
import { frameSides } from './parts/frame.tsx';
import { Header } from './parts/header.tsx';
import { type Line, LineRow } from './parts/line.tsx';
import { PaneFrame } from './parts/pane-frame.tsx';
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
  const { state, theme, size } = props;
  if (size.columns < smallest.columns || size.rows < smallest.rows) return null;
  const layout = layoutOf(props);
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Header {...props} columns={size.columns} />
      {layout.findingsHeight > 0 ? (
        <FindingsPane
          verdicts={props.verdicts}
          state={state}
          at={props.model.at}
          trouble={props.connection.trouble}
          width={size.columns}
          height={layout.findingsHeight}
          bare={layout.bare}
          theme={theme}
        />
      ) : null}
      {state.page === null ? (
        <Panes {...props} layout={layout} />
      ) : (
        <PageFrame {...props} layout={layout} page={state.page} />
      )}
      {linesBelow(props).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place
        <LineRow key={index} line={line} theme={theme} />
      ))}
    </Box>
  );
}

/** Visible rows of the pane in focus: the step of PgUp and PgDn. */
export function pageLength(props: ScreenProps): number {
  const layout = layoutOf(props);
  const band = layout.bands.find(({ panes }) => panes.some(({ id }) => id === props.state.focus));
  const height = props.state.page === null ? (band?.height ?? 0) : bodyHeight(layout);
  return Math.max(1, height - 3);
}

/** The time line, then the keys or a message. */
function linesBelow({ state, connection, theme, size, timeline = null }: ScreenProps): Line[] {
  return [
    ...(timeline === null ? [] : timelineLines(timeline, theme, size.columns)),
    ...footerLines(state, connection, size.columns, timeline),
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

function Panes({ model, verdicts, state, theme, layout }: ScreenProps & { layout: Layout }): ReactNode {
  return layout.bands.map((band) => (
    <Box key={band.panes[0]?.id} height={band.height} flexShrink={0}>
      {band.panes.map(({ id, width }) => (
        <PaneFrame
          key={id}
          pane={paneOf(id)}
          number={paneIds.indexOf(id) + 1}
          model={model}
          verdicts={verdicts}
          state={state.panes[id]}
          focused={state.focus === id && !state.findingsPane.focused}
          typing={state.typing && state.time === null && state.focus === id}
          width={width}
          height={band.height}
          bare={layout.bare}
          theme={theme}
        />
      ))}
    </Box>
  ));
}

function PageFrame({ layout, page, ...props }: ScreenProps & { layout: Layout; page: OpenPage }): ReactNode {
  const { content, pageLayout } = pageIn(props, layout, page);
  return (
    <Page
      title={content.title}
      pageLayout={pageLayout}
      width={props.size.columns}
      height={bodyHeight(layout)}
      theme={props.theme}
    />
  );
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
