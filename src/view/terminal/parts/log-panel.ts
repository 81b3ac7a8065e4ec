import { newestLines } from '../pages/log.ts';
import { paneOf } from '../panes/panes.ts';
import { aboutRow, type Shown } from '../state/selection.ts';
import type { ViewState } from '../state/state.ts';
import { frameOf, frameRows, sidesOf } from './frame.ts';
import type { Line } from './line.ts';
import { selectedRow } from './selected-row.ts';

interface LogPanelInput extends Shown {
  readonly state: ViewState;
  readonly width: number;
  readonly height: number;
  readonly bare: boolean;
}

/** The newest log lines about the selected row, below what is known of it. */
export function logPanelRows({ width, height, bare, ...input }: LogPanelInput): Line[] {
  const about = aboutRow(paneOf(input.state.focus), selectedRow(input) ?? null);
  const size = { width: width - sidesOf(bare), rows: height - frameRows(bare) };
  const { title, lines } = newestLines(input.model, { ...about, layouts: input.state.logLayouts }, input.theme, size);
  return frameOf({ title, lines: lines.map((line) => ({ line })), width, height, bare, theme: input.theme });
}
