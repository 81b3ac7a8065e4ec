import { Box } from 'ink';
import type { ReactNode } from 'react';
import {
  causeInputOf,
  findingsInputOf,
  has,
  layoutOf,
  linesBelow,
  pageIn,
  paneInputOf,
  type ScreenProps,
} from './layout/arrangement.ts';
import type { Layout } from './layout/layout.ts';
import { bareGap, type Place } from './layout/places.ts';
import { pageRows } from './pages/page-frame.ts';
import { causePanelRows } from './parts/cause-panel.ts';
import { chartsPanelRows } from './parts/charts-panel.ts';
import { findingsPaneRows, shownFinding } from './parts/findings-pane.ts';
import { messageLines } from './parts/footer.ts';
import { headerLine } from './parts/header.ts';
import { type Line, paintLine, span } from './parts/line.ts';
import { logPanelRows } from './parts/log-panel.ts';
import { Painted } from './parts/painted.tsx';
import { paneRows } from './parts/pane-frame.ts';
import { selectedRowRows } from './parts/selected-row.ts';
import { tooSmallLines } from './parts/too-small.ts';
import { settledFocus } from './state/selection.ts';
import type { OpenPage } from './state/state.ts';

/** The whole screen: a function of the node, the verdicts and the reader's choices. */
export function Screen(props: ScreenProps): ReactNode {
  const { theme, size, verdicts, state } = props;
  const findingsPane = { ...state.findingsPane, focused: settledFocus(verdicts, state) };
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Painted
        text={(tooSmallLines(size) ?? screenLines({ ...props, state: { ...state, findingsPane } }))
          .map((line) => paintLine(line, theme))
          .join('\n')}
      />
    </Box>
  );
}

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
  const { model, verdicts, state, theme } = props;
  const { block, width, height } = place;
  const { bare } = layout;
  switch (block) {
    case 'findings':
      return findingsPaneRows(findingsInputOf(props, layout, place, has(layout, 'cause')));
    case 'cause': {
      const finding = shownFinding(verdicts, state);
      return finding === null ? [] : causePanelRows(causeInputOf(props, layout, place, finding));
    }
    case 'charts':
      return chartsPanelRows({ model, verdicts, theme, width, height, bare });
    case 'row':
      return selectedRowRows({ ...props, width, height, bare });
    case 'log':
      return logPanelRows({ ...props, width, height, bare });
    case 'page':
      return state.page === null ? [] : pageFrameRows(props, place, state.page);
    default:
      return paneRows(paneInputOf(props, layout, place, block));
  }
}

function pageFrameRows(props: ScreenProps, { width, height }: Place, page: OpenPage): Line[] {
  const { content, pageLayout } = pageIn(props, height, page);
  return pageRows({ title: content.title, pageLayout, width, height, theme: props.theme });
}
