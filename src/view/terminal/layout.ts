import { type Ask, type Fitted, fitStack } from './fit-stack.ts';
import { causeAsk, findingsAsk, type Plan, paneAsk } from './layout-asks.ts';
import type { Block, LayoutInput } from './layout-input.ts';
import { type PaneId, paneOf } from './panes/panes.ts';
import { frameRows } from './parts/frame.ts';

/** A block of one row is folded: its title with a digest. */
export interface Place {
  readonly block: Block;
  readonly width: number;
  readonly height: number;
}

/** Columns of blocks side by side, each from top to bottom. */
interface Band {
  readonly height: number;
  readonly stacks: readonly { readonly width: number; readonly places: readonly Place[] }[];
}

/** The places of everything on a screen of a given size. */
export interface Layout {
  readonly bands: readonly Band[];
  /** Blocks without sides and bottoms, to save rows. */
  readonly bare: boolean;
  /** The cause follows the findings without a title of its own, to save a row. */
  readonly joinsCause: boolean;
}

/** From these widths on: panes side by side, the cause beside the panes, panes on both sides of the cause. */
const widths = { pairs: 110, beside: 160, three: 240 } as const;
/** From this height on there is room for whole frames. */
const framedRows = 40;
/** Below this height the cause has no title, and the findings list what is wrong only. */
export const titledRows = 30;
/** Charts lower than this show no scale. */
const leastCharts = 8;
/** Charts as wide as the screen: a lower band is no gain over a column of them. */
const leastWide = 16;
/** Fewer rows of the selected row say no more than its line. */
const leastRow = 8;
/** Of the rows above and below it, the most that an opened finding opens with. */
const causeShare = 0.36;
/** Between columns of blocks without frames. */
export const bareGap = 2;

/** Lays out the screen in one, two or three columns. */
export function layOut(input: LayoutInput): Layout {
  const { columns, rows, below, zoomed, page } = input;
  const bare = columns < widths.pairs || rows < framedRows;
  const room = Math.max(0, rows - 1 - below);
  const joinsCause = rows < titledRows && columns < widths.beside;
  const plan = { input, bare, room, joinsCause };
  const made = (bands: readonly Band[]): Layout => ({
    bands: bands.filter(({ height }) => height > 0),
    bare,
    joinsCause,
  });
  if (page === 'whole') return made([single(columns, [{ key: 'page', height: room }])]);
  if (page === 'open' || zoomed !== null) {
    const height = room < 8 ? 0 : Math.min(room - 4, findingsAsk(plan, columns, Math.floor(room / 6)).wanted);
    return made([
      single(columns, [
        { key: 'findings', height },
        { key: page === 'open' ? 'page' : (zoomed ?? 'page'), height: room - height },
      ]),
    ]);
  }
  if (columns >= widths.three) return made(chartsBelow(plan) ?? [threeColumns(plan)]);
  if (columns >= widths.beside) return made([twoColumns(plan)]);
  return made(oneColumn(plan));
}

/** Findings and cause above the panes; the panes in pairs where the width allows it. */
function oneColumn(plan: Plan): Band[] {
  const { input, room, bare } = plan;
  const { columns } = input;
  const isPaired = columns >= widths.pairs;
  const above = [findingsAsk(plan, columns, Math.max(2, Math.floor(room / 6))), ...causeAsk(plan, columns, causeShare)];
  const [left, right] = halves(columns, bare);
  const paired = pairedPanes(input);
  const pairs = paired.pairs.map((ids, index) => ids.map((id) => paneAsk(plan, id, [left, right][index] ?? 0)));
  const panes: readonly Ask<Block | 'pairs'>[] = isPaired
    ? [
        ...(paired.pairs.flat().length === 0 ? [] : [beside(pairs)]),
        ...paired.below.map((id) => paneAsk(plan, id, columns)),
      ]
    : input.panes.map((id) => paneAsk(plan, id, columns));
  // Folded panes side by side have no use for a row.
  const isOpen = pairs.flat().some(({ wanted }) => wanted > 1);
  const growing = !isPaired
    ? input.panes.includes('containers')
      ? 'containers'
      : input.panes[0]
    : isOpen
      ? 'pairs'
      : undefined;
  const fitted = fitStack<Block | 'pairs'>(room, [...above, ...panes]);
  const heights = withRest(fitted, plan, growing);
  return heights.map(({ key, height }) =>
    key === 'pairs'
      ? {
          height,
          stacks: pairs.map((asks, index) => ({
            width: [left, right][index] ?? 0,
            places: placesOf([left, right][index] ?? 0, grown(fitStack(height, asks), 0)),
          })),
        }
      : single(columns, [{ key, height }]),
  );
}

/** The panes on the left, and the opened finding on the right; the charts where more is free. */
function twoColumns(plan: Plan): Band {
  const { input } = plan;
  const { columns } = input;
  const left = Math.floor(columns * 0.46);
  const right = columns - left - gapOf(plan);
  const panes = fitStack(plan.room, [
    findingsAsk(plan, left, Math.floor(plan.room / 3)),
    ...input.panes.map((id) => paneAsk(plan, id, left)),
  ]);
  const cause = fitStack(plan.room, causeAsk(plan, right, 1));
  const isLeft = cause.heights.length > 0 && panes.left > cause.left && panes.left >= leastCharts;
  return {
    height: plan.room,
    stacks: [
      { width: left, places: placesOf(left, isLeft ? withRest(panes, plan) : withRow(panes, plan, left)) },
      { width: right, places: placesOf(right, isLeft ? grown(cause, 0) : withRest(cause, plan, 'cause')) },
    ],
  };
}

/** Findings and what is stuck, the opened finding, the node's figures. */
function threeColumns(plan: Plan): Band {
  const { columns } = plan.input;
  const left = Math.floor(columns * 0.32);
  const right = Math.floor(columns * 0.3);
  const middle = columns - left - right - 2 * gapOf(plan);
  const stuck = fitStack(plan.room, [
    findingsAsk(plan, left, Math.floor(plan.room / 3)),
    ...besideAsks(plan, 'left', left),
  ]);
  const cause = fitStack(plan.room, causeAsk(plan, middle, 1));
  const figures = fitStack(plan.room, besideAsks(plan, 'right', right));
  const isCalm = cause.heights.length === 0;
  return {
    height: plan.room,
    stacks: [
      { width: left, places: placesOf(left, isCalm ? withRow(stuck, plan, left) : stuck.heights) },
      { width: middle, places: placesOf(middle, isCalm ? withRest(cause, plan) : withRow(cause, plan, middle)) },
      { width: right, places: placesOf(right, isCalm ? figures.heights : withRest(figures, plan)) },
    ],
  };
}

/** A column of blocks, and the rows below them. */
interface Column {
  readonly width: number;
  readonly heights: readonly Height<Block>[];
  readonly left: number;
}

/** With few rows in every column: the history below all of them, as wide as the screen. Null where it has no room there. */
function chartsBelow(plan: Plan): Band[] | null {
  const { columns, charts } = plan.input;
  if (!charts) return null;
  const stacks = besideEachOther(plan);
  const free = Math.min(...stacks.map(({ left }) => left));
  if (free < leastWide) return null;
  return [
    {
      height: plan.room - free,
      stacks: stacks.map(({ width, heights }) => ({ width, places: placesOf(width, heights) })),
    },
    single(columns, [{ key: 'charts', height: free }]),
  ];
}

/** The three columns without the history; two while nothing is found. */
function besideEachOther(plan: Plan): Column[] {
  const { columns } = plan.input;
  const gap = gapOf(plan);
  const third = Math.floor(columns * 0.32);
  const middle = columns - third - Math.floor(columns * 0.3) - 2 * gap;
  const cause = fitStack(plan.room, causeAsk(plan, middle, 1));
  const isCalm = cause.heights.length === 0;
  const left = isCalm ? Math.floor((columns - gap) / 2) : third;
  const right = columns - left - gap - (isCalm ? 0 : middle + gap);
  const columnOf = (width: number, heights: readonly Height<Block>[]): Column => ({
    ...{ width, heights },
    left: plan.room - heights.reduce((sum, { height }) => sum + height, 0),
  });
  const stuck = fitStack(plan.room, [
    findingsAsk(plan, left, Math.floor(plan.room / 3)),
    ...besideAsks(plan, 'left', left),
  ]);
  const figures = columnOf(right, fitStack(plan.room, besideAsks(plan, 'right', right)).heights);
  if (isCalm) return [columnOf(left, withRow(stuck, plan, left)), figures];
  return [columnOf(left, stuck.heights), columnOf(middle, withRow(cause, plan, middle)), figures];
}

const besideAsks = (plan: Plan, where: 'left' | 'right', width: number): Ask<Block>[] =>
  plan.input.panes.filter((id) => paneOf(id).beside === where).map((id) => paneAsk(plan, id, width));

/** The panes from the left to the right, row by row; an odd one takes the whole width below. */
function pairedPanes({ panes }: LayoutInput): {
  readonly pairs: readonly PaneId[][];
  readonly below: readonly PaneId[];
} {
  const even = panes.length - (panes.length % 2);
  const paired = panes.slice(0, even);
  return {
    pairs: [paired.filter((_, index) => index % 2 === 0), paired.filter((_, index) => index % 2 === 1)],
    below: panes.slice(even),
  };
}

/** Columns of panes as one block: it is as high as the highest. */
function beside(stacks: readonly (readonly Ask<Block>[])[]): Ask<'pairs'> {
  const highest = (size: 'folded' | 'least' | 'wanted' | 'ideal'): number =>
    Math.max(...stacks.map((asks) => asks.reduce((sum, ask) => sum + ask[size], 0)));
  const rank = Math.min(...stacks.flat().map((ask) => ask.rank));
  return {
    key: 'pairs',
    folded: highest('folded'),
    least: highest('least'),
    wanted: highest('wanted'),
    ideal: highest('ideal'),
    rank,
  };
}

type Height<K> = { readonly key: K; readonly height: number };

/** Rows that are left draw the history; too few for that go to a block that can use them. */
function withRest<K>({ heights, left }: Fitted<K>, { input }: Plan, growing?: K): Height<K | 'charts'>[] {
  if (input.charts && left >= leastCharts) return [...heights, { key: 'charts', height: left }];
  return heights.map(({ key, height }) => ({ key, height: key === growing && height > 1 ? height + left : height }));
}

/** Rows that are left tell all of the selected row. */
function withRow<K>({ heights, left }: Fitted<K>, { input, bare }: Plan, width: number): Height<K | 'row'>[] {
  if (left < leastRow) return [...heights];
  const lines = input.row(width);
  return lines === 0 ? [...heights] : [...heights, { key: 'row', height: Math.min(left, lines + frameRows(bare)) }];
}

/** The block of that index takes what is left. */
function grown<K>({ heights, left }: Fitted<K>, index: number): Height<K>[] {
  return heights.map(({ key, height }, place) => ({
    key,
    height: place === index && height > 1 ? height + left : height,
  }));
}

function halves(columns: number, bare: boolean): readonly [number, number] {
  const right = Math.floor((columns - (bare ? bareGap : 0)) / 2);
  return [columns - (bare ? bareGap : 0) - right, right];
}

const gapOf = ({ bare }: Plan): number => (bare ? bareGap : 0);

function single(width: number, heights: readonly Height<Block | 'pairs'>[]): Band {
  const places = placesOf(width, heights as readonly Height<Block>[]);
  return { height: places.reduce((sum, { height }) => sum + height, 0), stacks: [{ width, places }] };
}

function placesOf(width: number, heights: readonly Height<Block>[]): Place[] {
  return heights.filter(({ height }) => height > 0).map(({ key, height }) => ({ block: key, width, height }));
}
