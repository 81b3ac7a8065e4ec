import { type Align, fitText, truncate, widthOf } from '../../text.ts';
import type { Theme } from '../theme.ts';
import type { Tone } from '../tones.ts';
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

/** Gives each column its width, and omits the least needed ones until the rest fits. */
export function placeColumns<Row>(columns: readonly Column<Row>[], width: number): Placed<Row>[] {
  let kept = [...columns];
  for (;;) {
    const fixed = kept.reduce(
      (sum, column) => sum + (column.width === 'flex' ? 0 : column.width) + gap.length,
      -gap.length,
    );
    const flexible = kept.filter((column) => column.width === 'flex').length;
    const left = width - fixed;
    const droppable = kept.filter(({ drop }) => drop !== undefined).sort((a, b) => (b.drop ?? 0) - (a.drop ?? 0))[0];
    if (left >= flexible * minFlex || droppable === undefined) {
      const share = flexible === 0 ? 0 : Math.max(0, Math.floor(left / flexible));
      let extra = flexible === 0 ? 0 : Math.max(0, left - share * flexible);
      return kept.map((column) => {
        if (column.width !== 'flex') return { column, width: column.width };
        const own = share + extra;
        extra = 0;
        return { column, width: own };
      });
    }
    kept = kept.filter((column) => column !== droppable);
  }
}

export function headLine<Row>(placed: readonly Placed<Row>[]): Line {
  return placed.flatMap(({ column, width }, index) => [
    ...(index === 0 ? [] : [span(gap)]),
    span(fitText(column.title, width, column.align), 'dim'),
  ]);
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
