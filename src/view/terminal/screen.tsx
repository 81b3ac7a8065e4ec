import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { Model } from '../../model/model.ts';
import type { Verdicts } from '../../rules/run.ts';
import { clean, wrapText } from '../text.ts';
import type { Connection } from './connection.ts';
import { type Layout, layOut } from './layout.ts';
import type { Look } from './look.ts';
import type { PaneId } from './panes/pane.ts';
import { paneOf, panes } from './panes/panes.ts';
import { FindingsStrip } from './parts/findings-strip.tsx';
import { footerLines } from './parts/footer.tsx';
import { frameSides } from './parts/frame.tsx';
import { Header } from './parts/header.tsx';
import { type Line, LineRow, span } from './parts/line.tsx';
import { PaneFrame } from './parts/pane-frame.tsx';
import type { Overlay, Purpose, ViewState } from './state.ts';
import { goroutinesLines } from './views/goroutines.ts';
import { heapLines } from './views/heap.ts';
import { helpLines } from './views/help.ts';
import { inspectLines } from './views/inspect.ts';
import { Page } from './views/page.tsx';

export interface ScreenProps {
  readonly model: Model;
  readonly verdicts: Verdicts;
  readonly state: ViewState;
  readonly connection: Connection;
  readonly look: Look;
  readonly size: Size;
}

/** Columns and rows of the terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Below this nothing can be shown. */
const smallest = { columns: 20, rows: 5 };

/** The whole screen: a function of the node, the verdicts and what the person chose. */
export function Screen(props: ScreenProps): ReactNode {
  const { state, look, size } = props;
  if (size.columns < smallest.columns || size.rows < smallest.rows) return null;
  const layout = layoutOf(props);
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Header {...props} columns={size.columns} />
      {layout.strip > 0 ? (
        <FindingsStrip
          verdicts={props.verdicts}
          at={props.model.at}
          trouble={props.connection.trouble}
          width={size.columns}
          height={layout.strip}
          bare={layout.bare}
          look={look}
        />
      ) : null}
      {state.overlay === null ? (
        <Panes {...props} layout={layout} />
      ) : (
        <OverlayPage {...props} layout={layout} overlay={state.overlay} />
      )}
      {footerLines(state, props.connection, size.columns).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its place
        <LineRow key={index} line={line} look={look} />
      ))}
    </Box>
  );
}

/** How many rows of the chosen pane are on the screen: what PgUp and PgDn move by. */
export function pageLength(props: ScreenProps): number {
  const layout = layoutOf(props);
  const band = layout.bands.find(({ panes }) => panes.some(({ id }) => id === props.state.focus));
  const height = props.state.overlay === null ? (band?.height ?? 0) : bodyHeight(layout);
  return Math.max(1, height - 3);
}

function layoutOf({ model, verdicts, state, connection, look, size }: ScreenProps): Layout {
  const wanted = Object.fromEntries(
    panes.map((pane) => [
      pane.id,
      (pane.rows(model)?.length ?? 1) + 1 + (pane.notes?.(model, look, size.columns).length ?? 0),
    ]),
  ) as Record<PaneId, number>;
  return layOut({
    ...size,
    footer: footerLines(state, connection, size.columns).length,
    findings: verdicts.findings.length + (connection.trouble === null ? 0 : 1),
    zoomed: state.zoomed ? state.focus : null,
    wanted,
  });
}

function bodyHeight(layout: Layout): number {
  return layout.bands.reduce((sum, { height }) => sum + height, 0);
}

function Panes({ model, state, look, layout }: ScreenProps & { layout: Layout }): ReactNode {
  return layout.bands.map((band) => (
    <Box key={band.panes[0]?.id} height={band.height} flexShrink={0}>
      {band.panes.map(({ id, width }) => (
        <PaneFrame
          key={id}
          pane={paneOf(id)}
          number={panes.findIndex((pane) => pane.id === id) + 1}
          model={model}
          state={state.panes[id]}
          focused={state.focus === id}
          typing={state.typing && state.focus === id}
          width={width}
          height={band.height}
          bare={layout.bare}
          look={look}
        />
      ))}
    </Box>
  ));
}

function OverlayPage({
  model,
  size,
  look,
  layout,
  overlay,
}: ScreenProps & { layout: Layout; overlay: Overlay }): ReactNode {
  const { title, lines, inSight = null } = pageOf(model, overlay, look, size.columns - frameSides);
  return (
    <Page
      title={title}
      lines={lines}
      scroll={overlay.scroll}
      inSight={inSight}
      width={size.columns}
      height={bodyHeight(layout)}
      look={look}
    />
  );
}

interface PageContent {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly inSight?: number | null;
}

const purposes: Readonly<Record<Purpose, string>> = {
  dump: 'Dump the goroutines of which daemon?',
  'signal-dump': 'Ask which daemon for a dump by signal?',
  goroutines: 'Explain the goroutines of which daemon?',
  heap: 'Tell the heap of which daemon?',
};

function pageOf(model: Model, overlay: Overlay, look: Look, width: number): PageContent {
  switch (overlay.kind) {
    case 'help':
      return { title: 'Help', lines: helpLines() };
    case 'details': {
      const pane = paneOf(overlay.pane);
      const row = pane.rows(model)?.find((candidate) => pane.key(candidate) === overlay.key);
      return {
        title: pane.title,
        lines: row === undefined ? [[span('it is gone', 'dim')]] : pane.details(row, look, model),
      };
    }
    case 'inspect':
      return { title: `Inspect ${overlay.containerId.slice(0, 12)}`, lines: inspectLines(model, overlay, look) };
    case 'goroutines':
      return { title: `Goroutines of ${overlay.daemon}`, ...goroutinesLines(overlay, look, width) };
    case 'heap':
      return { title: `Heap of ${overlay.daemon}`, lines: heapLines(overlay.daemon, overlay.answer) };
    case 'confirm':
      return {
        title: 'Really?',
        lines: [
          // Whole: nobody should agree to half a sentence.
          ...overlay.question.flatMap((text) => wrapText(clean(text), width)).map((text): Line => [span(text)]),
          [],
          [span('Enter does it · Esc leaves it', 'dim')],
        ],
      };
    case 'daemon-choice':
      return {
        title: purposes[overlay.purpose],
        lines: [
          ...overlay.daemons.map(
            (name, index): Line => [
              span(index === overlay.chosen ? `${look.glyphs.pointer} ` : '  ', 'title'),
              span(name, index === overlay.chosen ? 'strong' : 'plain'),
            ],
          ),
          [],
          [span('Enter chooses · Esc leaves it', 'dim')],
        ],
      };
  }
}
