import { wrapDetail } from '../pages/fields.ts';
import { paneOf } from '../panes/panes.ts';
import { rowsOf } from '../state/rows.ts';
import type { Shown } from '../state/selection.ts';
import type { ViewState } from '../state/state.ts';
import { frameOf, frameRows, sidesOf } from './frame.ts';
import { type Line, span } from './line.ts';

interface RowInput extends Shown {
  readonly state: ViewState;
}

/** The selected row of the pane in focus, or that last had it. */
export function selectedRow({ model, theme, state }: Omit<RowInput, 'verdicts'>): unknown {
  const pane = paneOf(state.focus);
  const rows = rowsOf(pane, model, state.panes[state.focus], theme) ?? [];
  return rows.find((one) => pane.key(one) === state.panes[state.focus].chosen) ?? rows[0];
}

/** All that is known of the selected row of the pane in focus, or that last had it; wrapped to `width`. Empty without a row. */
export function selectedRowLines({ model, theme, state }: RowInput, width: number): Line[] {
  const pane = paneOf(state.focus);
  const row = selectedRow({ model, theme, state });
  return row === undefined ? [] : pane.details(row, theme, model).flatMap((line) => wrapDetail(line, width));
}

/** The same as a block of the screen, where rows are left that nothing else needs. */
export function selectedRowRows({
  width,
  height,
  bare,
  ...input
}: RowInput & { readonly width: number; readonly height: number; readonly bare: boolean }): Line[] {
  const lines = selectedRowLines(input, width - sidesOf(bare));
  return frameOf({
    title: 'Selected row',
    summary: [span(paneOf(input.state.focus).title, 'dim')],
    lines: lines.map((line) => ({ line })),
    hidden: Math.max(0, lines.length - (height - frameRows(bare))),
    width,
    height,
    bare,
    theme: input.theme,
  });
}
