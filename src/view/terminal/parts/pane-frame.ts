import { countOf } from '../../../base/counts.ts';
import { formatMs, formatSeconds } from '../../../base/durations.ts';
import type { Model } from '../../../model/model.ts';
import type { Verdicts } from '../../../rules/engine/run.ts';
import { clean, widthOf } from '../../text.ts';
import type { PaneWant } from '../layout/input.ts';
import type { AnyPane } from '../panes/pane.ts';
import { rowsOf } from '../state/rows.ts';
import { sortLetters } from '../state/sort-letters.ts';
import type { PaneState } from '../state/state.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';
import { filterLine } from './filter-line.ts';
import { type FrameInput, type FrameLine, frameOf, frameRows, sidesOf } from './frame.ts';
import { type Line, span } from './line.ts';
import { headLine, placeColumns, rowLine, usedColumns } from './table.ts';

export interface PaneInput {
  readonly pane: AnyPane;
  readonly number: number;
  readonly model: Model;
  readonly verdicts: Verdicts;
  readonly state: PaneState;
  readonly focused: boolean;
  readonly typing: boolean;
  /** The pane is alone on the screen. */
  readonly zoomed?: boolean;
  readonly width: number;
  readonly height: number;
  readonly bare: boolean;
  readonly theme: Theme;
}

/** Milliseconds; the age of an older value is shown. Slow sources are read every ten seconds. */
const oldMs = 15_000;

/** Room for a heading and a line or two; with less, the lines below the notes are omitted. */
const leastBelow = 4;
/** Lines below the notes that a pane asks for beside the others; alone on the screen it shows all. */
const mostBelow = 12;
/** Rows that come before the notes. */
const rowsBeforeNotes = 2;

/** One pane: its table around the selected row, or why there is none, and its notes. Of one row: its title with a digest. */
export function paneRows(input: PaneInput): Line[] {
  return frameOf(paneFrame(input));
}

/** The same before it is drawn. */
export function paneFrame(input: PaneInput): FrameInput {
  const { pane, number, model, verdicts, state, focused, width, height, bare, theme } = input;
  const inner = Math.max(0, width - sidesOf(bare));
  const room = Math.max(0, height - frameRows(bare));
  const title = `${number} ${pane.title}`;
  const rows = rowsOf(pane, model, state, theme);
  if (height === 1) {
    const summary = joined([filterOf(input), ageOf(pane, model), digestOf(pane, model, rows)]);
    return { title, summary, lines: [], width, height, focused, bare, theme };
  }
  const notes = pane.notes?.(model, theme, inner, verdicts) ?? [];
  const headed = 1 + Math.min(rows?.length ?? 0, rowsBeforeNotes);
  const noted = notes.slice(0, Math.max(0, room - headed));
  const table = tableLines(input, { rows, inner, room: room - noted.length });
  const spare = room - table.lines.length - noted.length;
  const below = pane.below?.(model, theme, inner) ?? [];
  const selected = rows?.find((row) => pane.key(row) === state.chosen) ?? rows?.[0];
  const more =
    input.zoomed === true && selected !== undefined
      ? (pane.zoomed?.(selected, { model, verdicts, theme, width: inner, rows: spare - 1 }) ?? [])
      : [];
  const aged = ageOf(pane, model).length === 0 ? (lines: FrameLine[]) => lines : dimmed;
  const shownBelow = spare < Math.min(leastBelow, below.length) ? [] : below;
  return {
    title,
    summary: joined([
      filterOf(input),
      ageOf(pane, model),
      sortOf(state),
      pane.summary(model),
      unnotedOf(input, notes.length - noted.length),
    ]),
    lines: aged([
      ...table.lines,
      ...[...noted, ...shownBelow, ...(more.length === 0 ? [] : [[]]), ...more].map((line) => ({ line })),
    ]),
    hidden: table.hidden,
    width,
    height,
    focused,
    bare,
    theme,
  };
}

/** The rows of content that a pane would fill in that width. */
export function paneWant(
  pane: AnyPane,
  focused: boolean,
  {
    model,
    verdicts,
    theme,
    inner,
    tree,
  }: Pick<PaneInput, 'model' | 'verdicts' | 'theme'> & { inner: number; tree: boolean },
): PaneWant {
  const all = pane.rows(model) ?? [];
  const rows = tree ? (pane.tree?.(all, model, theme) ?? all).length : all.length;
  const notes = pane.notes?.(model, theme, inner, verdicts).length ?? 0;
  const below = Math.min(mostBelow, pane.below?.(model, theme, inner).length ?? 0);
  const isUrgent = pane.summary(model).some(({ tone }) => tone === 'critical' || tone === 'warning');
  const attention = focused ? 'focus' : isUrgent ? 'urgent' : 'calm';
  if (rows === 0) return { rows: notes === 0 ? 0 : notes + 1, table: 1, below, attention };
  return { rows: 1 + rows + notes, table: 1 + rows, below, attention };
}

interface TableInput {
  readonly rows: readonly unknown[] | null;
  readonly inner: number;
  readonly room: number;
}

function tableLines(
  { pane, model, state, focused, theme }: PaneInput,
  { rows, inner, room }: TableInput,
): { readonly lines: FrameLine[]; readonly hidden: number } {
  if (rows === null || rows.length === 0) return { lines: [{ line: digestOf(pane, model, rows) }], hidden: 0 };
  const visible = Math.max(1, room - 1);
  const chosen = Math.max(
    0,
    rows.findIndex((row) => pane.key(row) === state.chosen),
  );
  const from = firstVisible(chosen, visible, rows.length);
  const shown = rows.slice(from, from + visible);
  const placed = placeColumns(usedColumns(pane.columns, rows, theme), inner, (column, width) =>
    Math.max(0, ...shown.map((row) => widthOf(column.text(row, width, theme)))),
  );
  const lines = shown.map((row, index) => ({
    line: rowLine(placed, row, theme),
    key: pane.key(row),
    selected: focused && from + index === chosen,
  }));
  const columns = placed.map(({ column, width }) => ({ id: column.id, width }));
  return {
    lines: [{ line: headLine(placed, focused ? sortLetters(pane.columns) : undefined), columns }, ...lines],
    hidden: Math.max(0, rows.length - from - shown.length),
  };
}

/** The first row on the screen: the selected row stays in the middle where possible. */
function firstVisible(chosen: number, visible: number, total: number): number {
  if (total <= visible) return 0;
  return Math.min(Math.max(0, chosen - Math.floor(visible / 2)), total - visible);
}

/** What a pane says on one line: why it is empty, or what its rows come to. */
function digestOf(pane: AnyPane, model: Model, rows: readonly unknown[] | null): Line {
  if (rows === null) return whyNothing(pane, model);
  const folded = pane.folded?.(model) ?? [];
  if (rows.length > 0) return folded.length > 0 ? folded : pane.summary(model);
  // Only a filter hides rows that are there.
  if ((pane.rows(model)?.length ?? 0) > 0) return [span('no row matches the filter', 'dim')];
  return folded.length > 0 ? folded : [span(pane.empty(model), 'dim')];
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
  const listMs = pane.listAgeMs?.(model) ?? null;
  if (source?.ageMs == null && listMs !== null && listMs >= oldMs) {
    return [span(`${formatSeconds(listMs / 1000)} old, no answer`, 'warning')];
  }
  if (source === undefined || source.ageMs === null || (source.status === 'ok' && source.ageMs < oldMs)) return [];
  if (source.status === 'pending' && source.ageMs < 2000) return [];
  const why = source.status === 'ok' ? '' : source.status === 'pending' ? ', no answer' : `, ${source.status}`;
  return [span(`${formatSeconds(source.ageMs / 1000)} old${why}`, 'warning')];
}

/** What is as old as the title says looks so: all that calls for no attention. */
function dimmed(lines: readonly FrameLine[]): FrameLine[] {
  return lines.map((one) => ({
    ...one,
    line: one.line.map((piece) => (isAlarm(piece.tone) ? piece : { ...piece, tone: 'dim' as const })),
  }));
}

const isAlarm = (tone: Tone = 'plain'): boolean => tone === 'critical' || tone === 'warning';

function filterOf({ pane, model, state: { filter }, theme, typing }: PaneInput): Line {
  return filterLine(filter, pane.kept(model, filter, theme)?.trouble ?? null, typing);
}

/** `2 notes (z)`, `2 notes (5 z)`: moving shows rows, and no note. Beside a row the count would cover what the row says. */
function unnotedOf({ focused, zoomed = false, number }: PaneInput, count: number): Line {
  if (count === 0) return [];
  const keys = zoomed ? '' : focused ? ' (z)' : ` (${number} z)`;
  return [span(`${countOf(count, 'note')}${keys}`, 'dim')];
}

function sortOf({ sortBy, reversed }: PaneState): Line {
  return sortBy === null && !reversed ? [] : [span(`by ${sortBy ?? 'attention'}${reversed ? ' reversed' : ''}`, 'key')];
}

/** The non-empty parts, with a dot between them. */
function joined(parts: readonly Line[]): Line {
  const [first = [], ...rest] = parts.filter((part) => part.length > 0);
  return [...first, ...rest.flatMap((part) => [span(' · ', 'dim'), ...part])];
}
