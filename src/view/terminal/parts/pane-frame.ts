import { formatMs, formatSeconds } from '../../../base/durations.ts';
import type { Model } from '../../../model/model.ts';
import type { Verdicts } from '../../../rules/engine/run.ts';
import { clean } from '../../text.ts';
import type { AnyPane } from '../panes/pane.ts';
import { rowsOf } from '../rows.ts';
import type { PaneState } from '../state.ts';
import type { Theme } from '../theme.ts';
import { bareSides, type FrameLine, frameOf, frameSides } from './frame.ts';
import { type Line, span } from './line.ts';
import { headLine, placeColumns, rowLine } from './table.ts';

interface PaneInput {
  readonly pane: AnyPane;
  readonly number: number;
  readonly model: Model;
  readonly verdicts: Verdicts;
  readonly state: PaneState;
  readonly focused: boolean;
  readonly typing: boolean;
  readonly width: number;
  readonly height: number;
  readonly bare: boolean;
  readonly theme: Theme;
}

/** Milliseconds; the age of an older value is shown. Slow sources are read every ten seconds. */
const oldMs = 15_000;

/** Room for a heading and a line or two; with less, the lines below the notes are omitted. */
const leastBelow = 4;

/** One pane: its table around the selected row, or why there is none, and its notes. */
export function paneRows({
  pane,
  number,
  model,
  verdicts,
  state,
  focused,
  typing,
  width,
  height,
  bare,
  theme,
}: PaneInput): Line[] {
  const inner = Math.max(0, width - (bare ? bareSides : frameSides));
  const room = Math.max(0, height - (bare ? 1 : 2));
  const notes = (pane.notes?.(model, theme, inner, verdicts) ?? []).map((line) => ({ line }));
  const table = tableLines({ pane, model, state, focused, theme, inner, room: room - notes.length });
  const spare = room - table.length - notes.length;
  const belowLines = spare < leastBelow ? [] : (pane.below?.(model, theme, inner) ?? []).map((line) => ({ line }));
  return frameOf({
    title: `${number} ${pane.title}`,
    summary: joined([filterOf(state, typing), sortOf(state), pane.summary(model), ageOf(pane, model)]),
    lines: [...table, ...notes, ...belowLines],
    ...{ width, height, focused, bare, theme },
  });
}

interface TableInput {
  readonly pane: AnyPane;
  readonly model: Model;
  readonly state: PaneState;
  readonly focused: boolean;
  readonly theme: Theme;
  readonly inner: number;
  readonly room: number;
}

function tableLines({ pane, model, state, focused, theme, inner, room }: TableInput): FrameLine[] {
  const rows = rowsOf(pane, model, state, theme);
  if (rows === null) return [{ line: whyNothing(pane, model) }];
  if (rows.length === 0)
    return [{ line: [span(state.filter === '' ? pane.empty(model) : 'no row matches the filter', 'dim')] }];
  const placed = placeColumns(pane.columns, inner);
  // With three lines or fewer the rows matter more than their headings.
  const headed = room > 3;
  const visible = Math.max(1, room - (headed ? 1 : 0));
  const chosen = Math.max(
    0,
    rows.findIndex((row) => pane.key(row) === state.chosen),
  );
  const from = firstVisible(chosen, visible, rows.length);
  const lines = rows.slice(from, from + visible).map((row, index) => ({
    line: rowLine(placed, row, theme),
    selected: focused && from + index === chosen,
  }));
  return headed ? [{ line: headLine(placed) }, ...lines] : lines;
}

/** The first row on the screen: the selected row stays in the middle where possible. */
function firstVisible(chosen: number, visible: number, total: number): number {
  if (total <= visible) return 0;
  return Math.min(Math.max(0, chosen - Math.floor(visible / 2)), total - visible);
}

function whyNothing(pane: AnyPane, model: Model): Line {
  const source = model.sources.find(({ name }) => name === pane.source);
  switch (source?.status) {
    case 'failed':
      return [span(clean(source.detail ?? 'failed'), 'warning')];
    case 'pending':
      return source.tookMs > 1000
        ? [span(`no answer for ${formatMs(source.tookMs)}`, 'warning')]
        : [span('waiting for the first sample', 'dim')];
    default:
      return [span(clean(source?.detail ?? 'nothing yet'), 'dim')];
  }
}

/** A source that fails or hangs keeps its last values on the screen, with their age. */
function ageOf(pane: AnyPane, model: Model): Line {
  const source = model.sources.find(({ name }) => name === pane.source);
  if (source === undefined || source.ageMs === null || (source.status === 'ok' && source.ageMs < oldMs)) return [];
  if (source.status === 'pending' && source.ageMs < 2000) return [];
  const why = source.status === 'ok' ? '' : source.status === 'pending' ? ', no answer' : `, ${source.status}`;
  return [span(`${formatSeconds(source.ageMs / 1000)} old${why}`, 'warning')];
}

function filterOf({ filter }: PaneState, typing: boolean): Line {
  return filter === '' && !typing ? [] : [span(`/${clean(filter)}${typing ? '_' : ''}`, 'key')];
}

function sortOf({ sortBy, reversed }: PaneState): Line {
  return sortBy === null && !reversed ? [] : [span(`by ${sortBy ?? 'attention'}${reversed ? ' reversed' : ''}`, 'key')];
}

/** The non-empty parts, with a dot between them. */
function joined(parts: readonly Line[]): Line {
  const [first = [], ...rest] = parts.filter((part) => part.length > 0);
  return [...first, ...rest.flatMap((part) => [span(' · ', 'dim'), ...part])];
}
