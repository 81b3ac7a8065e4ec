import { type Align, fitText, truncate, widthOf } from '../../text.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';
import { type Line, type Span, span } from './line.ts';

/** One column of a pane, as data. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** Columns on the terminal; `flex` takes what is left. */
  readonly width: number | 'flex';
  readonly align?: Align;
  /** Printable text of a cell. */
  readonly text: (row: Row, width: number, theme: Theme) => string;
  readonly tone?: (row: Row) => Tone;
  /** The sort key of `s`, most urgent first; without it the column cannot be sorted. */
  readonly by?: (row: Row) => number | string;
  /** Cuts in the middle, where both ends matter. */
  readonly cut?: 'middle';
  /** Omitted before a flexible column is cut, higher numbers first. */
  readonly spare?: number;
  /** Omitted while none of its cells has a text. */
  readonly ifAny?: true;
  /** Of a flexible column: what it has before spare columns and, for the first one, before the other flexible ones. */
  readonly enough?: number;
  /** No wider than its title and its widest text. */
  readonly shrinks?: true;
  /** Omitted without room, higher numbers first; never omitted if not set. */
  readonly drop?: number;
}

const minFlex = 12;
const gap = ' ';

/** A column and its width. */
interface Placed<Row> {
  readonly column: Column<Row>;
  readonly width: number;
}

/**
 * Gives each column its width, and omits the least needed ones until the rest fits. What is left goes to the flexible columns by
 * need: none is cut while another has more than its text.
 *
 * @param needOf the widest text of a column, which has at most `width`
 */
export function placeColumns<Row>(
  columns: readonly Column<Row>[],
  width: number,
  needOf: (column: Column<Row>, width: number) => number,
): Placed<Row>[] {
  let kept = columns.map((column) => shrunk(column, needOf));
  for (;;) {
    const fixed = kept.reduce(
      (sum, column) => sum + (column.width === 'flex' ? 0 : column.width) + gap.length,
      -gap.length,
    );
    const flexible = kept.filter((column) => column.width === 'flex');
    const left = width - fixed;
    const needs = flexible.map((column) => Math.min(Math.max(minFlex, needOf(column, left)), Math.max(minFlex, left)));
    const spared = highest(kept, ({ spare }) => spare);
    const enough = flexible.reduce((sum, column, index) => {
      const need = needs[index] ?? 0;
      if (column.enough === undefined) return sum + (index === 0 ? need : Math.min(need, minFlex));
      return sum + Math.min(column.enough, Math.max(minFlex, needOf(column, width)));
    }, 0);
    if (spared !== undefined && left < enough) {
      kept = kept.filter((column) => column !== spared);
      continue;
    }
    const droppable = highest(kept, ({ drop }) => drop);
    if (left >= flexible.length * minFlex || droppable === undefined) {
      const given = shareByNeed(Math.max(0, left), needs, flexible[0]?.enough);
      return kept.map((column) => ({
        column,
        width: column.width === 'flex' ? (given[flexible.indexOf(column)] ?? 0) : column.width,
      }));
    }
    kept = kept.filter((column) => column !== droppable);
  }
}

function highest<Row>(
  columns: readonly Column<Row>[],
  rankOf: (column: Column<Row>) => number | undefined,
): Column<Row> | undefined {
  return columns
    .filter((column) => rankOf(column) !== undefined)
    .toSorted((a, b) => (rankOf(b) ?? 0) - (rankOf(a) ?? 0))[0];
}

/** Without the columns that have nothing to say of any row. */
export function usedColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  theme: Theme,
): readonly Column<Row>[] {
  return columns.filter(
    ({ ifAny, width, text }) =>
      ifAny === undefined || rows.some((row) => text(row, width === 'flex' ? minFlex : width, theme) !== ''),
  );
}

function shrunk<Row>(column: Column<Row>, needOf: (column: Column<Row>, width: number) => number): Column<Row> {
  const { width, shrinks, title } = column;
  if (shrinks === undefined || width === 'flex') return column;
  return { ...column, width: Math.min(width, Math.max(widthOf(title), needOf(column, width))) };
}

/**
 * As much as each needs. Where that is too much, the first has two thirds or what is enough for it, and the others equal
 * parts; the last takes the rest.
 */
function shareByNeed(width: number, needs: readonly number[], enough = Number.POSITIVE_INFINITY): number[] {
  const given = needs.map(() => 0);
  let left = width;
  let open = needs.map((_, index) => index);
  if (needs.length > 1) {
    const others = needs.slice(1).reduce((sum, need) => sum + need, 0);
    given[0] = Math.min(needs[0] ?? 0, Math.max(width - others, Math.min(enough, Math.floor((width * 2) / 3))));
    left -= given[0];
    open = open.slice(1);
  }
  while (open.length > 0) {
    const part = Math.floor(left / open.length);
    const met = open.filter((index) => (needs[index] ?? 0) <= part);
    if (met.length === 0) {
      for (const [place, index] of open.entries()) given[index] = part + (place === 0 ? left - part * open.length : 0);
      return given;
    }
    for (const index of met) {
      given[index] = needs[index] ?? 0;
      left -= needs[index] ?? 0;
    }
    open = open.filter((index) => !met.includes(index));
  }
  if (given.length > 0) given[given.length - 1] = (given.at(-1) ?? 0) + left;
  return given;
}

/** @param letters by column id: the letter to mark in its title */
export function headLine<Row>(placed: readonly Placed<Row>[], letters: ReadonlyMap<string, string> = noLetters): Line {
  return placed.flatMap(({ column, width }, index) => [
    ...(index === 0 ? [] : [span(gap)]),
    ...marked(fitText(column.title, width, column.align), letters.get(column.id)),
  ]);
}

const noLetters: ReadonlyMap<string, string> = new Map();

/** A title with its letter underlined; where it has none, the letter stands for its first character. */
function marked(title: string, letter: string | undefined): Span[] {
  if (letter === undefined) return [span(title, 'dim')];
  const place = title.toLowerCase().indexOf(letter);
  const at = place < 0 ? title.search(/\S/) : place;
  if (at < 0) return [span(title, 'dim')];
  const shown = place < 0 ? letter : title.slice(at, at + 1);
  return [span(title.slice(0, at), 'dim'), span(shown, 'letter'), span(title.slice(at + 1), 'dim')];
}

export function rowLine<Row>(placed: readonly Placed<Row>[], row: Row, theme: Theme): Line {
  return placed.flatMap(({ column, width }, index): Span[] => {
    const text = column.text(row, width, theme);
    const shown = column.cut === 'middle' && widthOf(text) > width ? truncate(text, width, 'middle') : text;
    return [
      ...(index === 0 ? [] : [span(gap)]),
      span(fitText(shown, width, column.align), column.tone?.(row) ?? 'plain'),
    ];
  });
}
