import { compare } from '../../../base/compare.ts';
import { widthOf } from '../../text.ts';
import { type Filter, keepMatching, readFilter } from '../filter.ts';
import type { Line } from '../parts/line.ts';
import { type Column, headLine, placeColumns, rowLine, usedColumns } from '../parts/table.ts';
import { columnOfLetter, sortLetters } from '../state/sort-letters.ts';
import type { Theme } from '../theme/theme.ts';

/** What a list is made from: typed rows, worst first. */
interface ListPaneInput<Row> {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly key: (row: Row) => string;
  /** What a click, `Enter` and `y` act on, printable. */
  readonly name: (row: Row) => string;
  readonly summary: Line;
  /** Shown in place of rows. */
  readonly empty: Line;
  /** All that is known of a row. */
  readonly details: (row: Row, width: number, theme: Theme) => readonly Line[];
  readonly theme: Theme;
}

export interface ListOrder {
  readonly filter: string;
  /** A column id; null for the order in which the rows came: worst first. */
  readonly sortBy: string | null;
  readonly reversed: boolean;
}

interface Table {
  readonly head: Line;
  readonly columns: readonly { readonly id: string; readonly width: number }[];
  readonly lines: readonly Line[];
}

/** A list of rows whose type only its maker knows. */
export interface ListPane {
  readonly id: string;
  readonly title: string;
  readonly summary: Line;
  readonly empty: Line;
  /** Rows without a filter. */
  readonly total: number;
  /** The keys of the rows in the order of the reader, and why the filter hides none. */
  readonly arranged: (order: ListOrder) => { readonly keys: readonly string[]; readonly trouble: string | null };
  /** Lines of some rows; all rows decide on the columns. */
  readonly table: (keys: readonly string[], width: number, lettered: boolean) => Table;
  readonly nameOf: (key: string) => string | null;
  readonly detailsOf: (key: string, width: number) => readonly Line[];
  readonly columnOfLetter: (letter: string) => string | null;
  /** The columns that can be sorted by. */
  readonly sortable: readonly string[];
}

/** Columns; no cell is cut, so a filter sees what a wide screen would show. */
const uncut = 500;

/** A pane of a list with typed rows as the list sees it: by their keys. Rows are filtered and sorted once for each choice. */
export function listPane<Row>(input: ListPaneInput<Row>): ListPane {
  const { columns, rows, key, name, details, theme } = input;
  const byKey = new Map(rows.map((row) => [key(row), row]));
  const rowsOf = (keys: readonly string[]): Row[] =>
    keys.flatMap((one) => {
      const row = byKey.get(one);
      return row === undefined ? [] : [row];
    });
  let filter: { readonly text: string; readonly read: Filter } = { text: '', read: readFilter('') };
  let last: { readonly order: string; readonly arranged: ReturnType<ListPane['arranged']> } | null = null;
  const arrange = (order: ListOrder): ReturnType<ListPane['arranged']> => {
    if (filter.text !== order.filter) filter = { text: order.filter, read: readFilter(order.filter) };
    const cellsOf = (row: Row): string[] => columns.map((column) => column.text(row, uncut, theme));
    const { rows: kept, trouble } = keepMatching(filter.read, rows, { cellsOf });
    const by = columns.find(({ id }) => id === order.sortBy)?.by;
    const sorted = by === undefined ? kept : kept.toSorted((a, b) => compare(by(a), by(b)));
    return { keys: (order.reversed ? sorted.toReversed() : sorted).map(key), trouble };
  };
  return {
    id: input.id,
    title: input.title,
    summary: input.summary,
    empty: input.empty,
    total: rows.length,
    arranged: (order) => {
      const text = JSON.stringify(order);
      if (last?.order !== text) last = { order: text, arranged: arrange(order) };
      return last.arranged;
    },
    table: (keys, width, lettered) => {
      const shown = rowsOf(keys);
      const placed = placeColumns(usedColumns(columns, rows, theme), width, (column, room) =>
        Math.max(0, ...shown.map((row) => widthOf(column.text(row, room, theme)))),
      );
      return {
        head: headLine(placed, lettered ? sortLetters(columns) : undefined),
        columns: placed.map(({ column, width: taken }) => ({ id: column.id, width: taken })),
        lines: shown.map((row) => rowLine(placed, row, theme)),
      };
    },
    nameOf: (one) => rowsOf([one]).map(name)[0] ?? null,
    detailsOf: (one, width) => rowsOf([one]).flatMap((row) => details(row, width, theme)),
    columnOfLetter: (letter) => columnOfLetter(columns, letter),
    sortable: columns.filter(({ by }) => by !== undefined).map(({ id }) => id),
  };
}
