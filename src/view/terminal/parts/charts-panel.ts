import { formatBytes } from '../../../base/bytes.ts';
import { formatCount } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import { formatClock } from '../../../base/moments.ts';
import { formatPercent } from '../../../base/percent.ts';
import type { DaemonModel } from '../../../model/daemons/daemons.ts';
import type { Model } from '../../../model/model.ts';
import { allFindings, type Verdicts } from '../../../rules/engine/run.ts';
import { clean, widthOf } from '../../text.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';
import { type Chart, chartRows, scaleWidth, type Window } from './chart.ts';
import { frameOf, frameRows, sidesOf } from './frame.ts';
import { fitLine, type Line, type Span, span, spread } from './line.ts';
import { ofModel } from './of-model.ts';

/** What the charts are drawn of. */
interface ChartsInput {
  readonly model: Model;
  readonly verdicts: Verdicts;
  readonly theme: Theme;
}

interface PanelInput extends ChartsInput {
  readonly width: number;
  readonly height: number;
  readonly bare: boolean;
}

/** From this width on there are two charts beside each other. */
const pairedColumns = 90;
/** And from this one on three. */
const threeColumns = 190;
/** A lower chart has no shape, a higher one says no more. */
const [leastRows, mostRows, mostWideRows] = [5, 14, 32];
/** Rows of the time axis. */
const axisRows = 2;
/** Seconds that the charts span: the shortest that shows everything. */
const spans = [60, 120, 300, 600, 1200, 1800, 3600, 7200];
/** The window moves on by this part of itself: each move draws every row anew. */
const movesPerWindow = 20;

/** The last minutes to an hour of the node: the daemons, and the pressure on the disks. */
export function chartsPanelRows({ width, height, bare, ...input }: PanelInput): Line[] {
  const inner = Math.max(1, width - sidesOf(bare));
  const charts = nodeCharts(input.model);
  const { from, to } = windowOf(input.model, charts);
  return frameOf({
    title: 'History',
    summary: [span(`last ${formatSeconds((to - from) / 1000)}`, 'dim')],
    lines: chartsRows(input, charts, inner, height - frameRows(bare)).map((line) => ({ line })),
    width,
    height,
    bare,
    theme: input.theme,
  });
}

/** Whether there is anything to draw. */
export function hasHistory(model: Model): boolean {
  return nodeCharts(model).some(({ series }) => series.points.length > 1);
}

/** As many of the charts as have room, one or two beside each other, above their time axis. */
export function chartsRows(input: ChartsInput, all: readonly Chart[], width: number, rows: number): Line[] {
  const gap = 2;
  const perRow = width >= threeColumns ? 3 : width >= pairedColumns ? 2 : 1;
  const chartWidth = Math.floor((width - gap * (perRow - 1)) / perRow);
  const most = Math.max(1, Math.floor((rows - axisRows) / leastRows));
  const charts = withoutOdd(all, perRow);
  const bands = Math.min(most, Math.ceil(charts.length / perRow));
  if (bands === 0 || rows < axisRows + 2) return [];
  const height = Math.min(perRow === 3 ? mostWideRows : mostRows, Math.floor((rows - axisRows) / bands));
  const window = windowOf(input.model, charts);
  const axis = axisLines(input, window, chartWidth);
  const columns = Math.min(perRow, charts.length);
  const last = Math.min(perRow, charts.length - (bands - 1) * perRow);
  const lines = Array.from({ length: bands }, (_, band) => {
    const drawn = charts
      .slice(band * perRow, (band + 1) * perRow)
      .map((chart) => chartRows(chart, window, chartWidth, height, input.theme));
    // Where a column has no more charts, its axis stands below the last one.
    const beside = [...drawn, ...Array.from({ length: columns - drawn.length }, () => axis)];
    return Array.from({ length: height }, (_, row) => joinedRow(beside, row, gap));
  }).flat();
  return [
    ...lines,
    ...axis.map((_, row) =>
      joinedRow(
        Array.from({ length: last }, () => axis),
        row,
        gap,
      ),
    ),
  ];
}

/** A single chart below rows of three would cost all of them a third of their height: the least telling is left out. */
function withoutOdd(charts: readonly Chart[], perRow: number): readonly Chart[] {
  return perRow === 3 && charts.length > perRow && charts.length % perRow === 1 ? charts.slice(0, -1) : charts;
}

function joinedRow(beside: readonly (readonly Line[])[], row: number, gap: number): Line {
  return beside.flatMap(
    (lines, index): Line => [...(index === 0 ? [] : [span(' '.repeat(gap))]), ...(lines[row] ?? [])],
  );
}

/** The most telling first. */
const nodeCharts = ofModel((model): readonly Chart[] => {
  const daemons = model.daemons.map(daemonCharts);
  const drawn = [
    ...daemons.slice(0, 1).flatMap(({ goroutines }) => [goroutines]),
    ...pressureCharts(model),
    ...daemons.slice(1).flatMap(({ goroutines }) => [goroutines]),
    ...daemons.flatMap(({ heap, fds }) => [heap, fds]),
  ];
  return drawn.filter(({ series }) => series.points.some(({ value }) => value !== null));
});

/** Every chart of one daemon. */
export function chartsOfDaemon(daemon: DaemonModel): Chart[] {
  return Object.values(daemonCharts(daemon)).filter(({ series }) => series.points.some(({ value }) => value !== null));
}

function daemonCharts({ name, charts }: DaemonModel): Record<'goroutines' | 'heap' | 'fds' | 'rss' | 'threads', Chart> {
  const counted = (what: string, series: Chart['series'], least: number): Chart => ({
    title: clean(`${name} ${what}`),
    series,
    text: formatCount,
    scaleFor: (greatest) => decimalScale(Math.max(least, greatest)),
  });
  const sized = (what: string, series: Chart['series']): Chart => ({
    title: clean(`${name} ${what}`),
    series,
    text: formatBytes,
    scaleFor: (greatest) => binaryScale(Math.max(leastBytes, greatest)),
  });
  return {
    goroutines: counted('goroutines', charts.goroutines, 50),
    heap: sized('heap', charts.heapBytes),
    fds: counted('descriptors', charts.fds, 50),
    rss: sized('resident', charts.rssBytes),
    threads: counted('threads', charts.threads, 10),
  };
}

function pressureCharts({ disks }: Model): Chart[] {
  if (disks === null) return [];
  const scaleFor = (greatest: number): number => (greatest <= 10 ? 10 : greatest <= 50 ? 50 : 100);
  return [{ title: 'disk pressure, some', series: disks.someChart, text: formatPercent, scaleFor }];
}

const leastBytes = 16 * 1024 ** 2;

/** The next round number. */
function decimalScale(greatest: number): number {
  const unit = 10 ** Math.floor(Math.log10(greatest));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((times) => times * unit >= greatest) ?? 10) * unit;
}

/** The next power of two, or one and a half of it. */
function binaryScale(greatest: number): number {
  const unit = 2 ** Math.floor(Math.log2(greatest));
  return ([1, 1.5, 2].find((times) => times * unit >= greatest) ?? 2) * unit;
}

function windowOf({ monoMs }: Model, charts: readonly Chart[]): Window {
  const first = Math.min(monoMs, ...charts.map(({ series }) => series.points[0]?.monoMs ?? monoMs));
  const seconds = spans.find((span) => span * 1000 >= monoMs - first) ?? 7200;
  const move = (seconds * 1000) / movesPerWindow;
  const to = (Math.floor(monoMs / move) + 1) * move;
  return { from: to - seconds * 1000, to };
}

/** The line of time with a mark where a finding began, and its ends in words. */
function axisLines({ model, verdicts, theme }: ChartsInput, { from, to }: Window, width: number): Line[] {
  const { glyphs, zone } = theme;
  const columns = Math.max(1, width - scaleWidth);
  const clock = (monoMs: number): string => formatClock(model.at - model.monoMs + monoMs, zone);
  const cells: Span[] = Array.from({ length: columns }, () => span(glyphs.horizontal, 'dim'));
  let marks = 0;
  for (const { severity, lifecycle, since } of allFindings(verdicts).toReversed()) {
    const began = lifecycle?.openedAt ?? since;
    if (began === null || severity === 'info') continue;
    const column = Math.floor(((began - model.at + model.monoMs - from) / (to - from)) * columns);
    if (column < 0 || column >= columns) continue;
    cells[column] = span(glyphs.opened, severity satisfies Tone);
    marks++;
  }
  const legend = marks === 0 ? '' : `  ${glyphs.opened} finding began`;
  const left = clock(from);
  const ends = widthOf(left) + widthOf(legend) + widthOf(clock(to)) < columns ? left + legend : left;
  return [
    fitLine([span(' '.repeat(scaleWidth - 1)), span(glyphs.bottomCorner, 'dim'), ...joined(cells)], width),
    [span(' '.repeat(scaleWidth)), ...spread([span(ends, 'dim')], [span(clock(to), 'dim')], columns)],
  ];
}

/** Neighbours of one tone as one span. */
function joined(cells: readonly Span[]): Line {
  const line: Span[] = [];
  for (const cell of cells) {
    const last = line.at(-1);
    if (last !== undefined && last.tone === cell.tone) line[line.length - 1] = { ...last, text: last.text + cell.text };
    else line.push(cell);
  }
  return line;
}
