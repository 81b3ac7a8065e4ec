import type { ChartSeries } from '../../../model/chart-series.ts';
import { fitText } from '../../text.ts';
import type { Theme } from '../theme/theme.ts';
import { fitLine, type Line, span } from './line.ts';

/** A figure to be drawn. */
export interface Chart {
  readonly title: string;
  readonly series: ChartSeries;
  /** A value in words. */
  readonly text: (value: number) => string;
  /** The top of the scale, which begins at 0, for the greatest value. */
  readonly scaleFor: (greatest: number) => number;
}

/** The stretch of time that a chart shows, in milliseconds of CLOCK_MONOTONIC. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Columns of the scale at the left, with its line. */
export const scaleWidth = 10;
/** A value holds until the next, but no longer than this: then the chart has a gap. */
const longestHoldMs = 15_000;
/** Of the left and of the right column of a braille cell (Unicode chart U+2800): so many dots from the lowest up. */
const leftDots = [0, 0x40, 0x44, 0x46, 0x47];
const rightDots = [0, 0x80, 0xa0, 0xb0, 0xb8];
const asciiDots = [' ', '.', ':'];

/** The rows of a chart: its title with the newest value, then the plot with its scale. */
export function chartRows(chart: Chart, window: Window, width: number, height: number, theme: Theme): Line[] {
  const { title, series, text } = chart;
  const values = series.points.flatMap(({ value, monoMs }) => (value === null || monoMs < window.from ? [] : [value]));
  const newest = series.points.at(-1)?.value ?? null;
  const head: Line = [
    span(`${title} `, 'dim'),
    span(newest === null ? 'unknown' : text(newest), newest === null ? 'dim' : 'strong'),
  ];
  const rows = Math.max(1, height - 1);
  const top = chart.scaleFor(Math.max(0, ...values));
  const plot = plotRows(series, window, top, { columns: Math.max(1, width - scaleWidth), rows }, theme);
  const label = (row: number): string => (row === 0 ? text(top) : row === rows - 1 ? text(0) : '');
  return [
    fitLine(head, width),
    ...plot.map(
      (cells, row): Line => [
        span(`${fitText(label(row), scaleWidth - 2, 'right')} ${theme.glyphs.vertical}`, 'dim'),
        span(cells, 'key'),
      ],
    ),
  ];
}

function plotRows(
  series: ChartSeries,
  window: Window,
  top: number,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  { ascii }: Theme,
): string[] {
  const perCell = ascii ? 1 : 2;
  const dotsPerRow = ascii ? 2 : 4;
  const levels = levelsOf(series, window, columns * perCell).map((value) =>
    value === null ? 0 : Math.min(dotsPerRow * rows, Math.max(1, Math.round((value / top) * dotsPerRow * rows))),
  );
  return Array.from({ length: rows }, (_, row) => {
    const below = (rows - 1 - row) * dotsPerRow;
    const filled = (column: number): number => Math.min(dotsPerRow, Math.max(0, (levels[column] ?? 0) - below));
    let cells = '';
    for (let cell = 0; cell < columns; cell++) cells += ascii ? asciiDots[filled(cell)] : brailleCell(filled, cell);
    return cells;
  });
}

function brailleCell(filled: (column: number) => number, cell: number): string {
  const dots = (leftDots[filled(2 * cell)] ?? 0) | (rightDots[filled(2 * cell + 1)] ?? 0);
  return dots === 0 ? ' ' : String.fromCharCode(0x2800 + dots);
}

/** The greatest value of each column; null for a gap. */
function levelsOf({ points, stepMs }: ChartSeries, { from, to }: Window, columns: number): (number | null)[] {
  const levels: (number | null)[] = Array.from({ length: columns }, () => null);
  const columnOf = (monoMs: number): number => Math.floor(((monoMs - from) / (to - from)) * columns);
  points.forEach(({ monoMs, value }, index) => {
    if (value === null) return;
    const next = points[index + 1]?.monoMs ?? monoMs + stepMs;
    const end = next - monoMs > Math.max(longestHoldMs, 3 * stepMs) ? monoMs + stepMs : next;
    const last = Math.max(columnOf(monoMs), columnOf(end) - 1);
    for (let column = Math.max(0, columnOf(monoMs)); column <= Math.min(columns - 1, last); column++) {
      levels[column] = Math.max(levels[column] ?? 0, value);
    }
  });
  return levels;
}
