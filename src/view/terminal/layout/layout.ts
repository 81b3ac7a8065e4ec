import type { PaneId } from '../panes/panes.ts';
import { frameRows } from '../parts/frame.ts';
import { causeAsk, findingsAsk, type Plan, paneAsk } from './asks.ts';
import { type Ask, fitStack } from './fit-stack.ts';
import type { Block, LayoutInput } from './input.ts';
import {
  type Arranged,
  type Band,
  gapOf,
  grown,
  halves,
  leastCharts,
  placesOf,
  showsTitle,
  single,
  withRest,
  withRow,
} from './places.ts';
import { chartsBelow, threeColumns } from './three-columns.ts';

/** The places of everything on a screen of a given size. */
export interface Layout {
  readonly bands: readonly Band[];
  /** Blocks without sides and bottoms, to save rows. */
  readonly bare: boolean;
  /** The cause follows the findings without a title of its own, to save a row. */
  readonly joinsCause: boolean;
  /** The cause repeats the title of its finding, which the findings have no room for. */
  readonly titlesCause: boolean;
}

/** From these widths on: panes side by side, the cause beside the panes, panes on both sides of the cause. */
const widths = { pairs: 110, beside: 160, three: 240 } as const;
/** From this height on there is room for whole frames. */
const framedRows = 40;
/** Below this height the cause has no title, and the findings list what is wrong only. */
export const titledRows = 30;
/** Of the rows above and below it, the most that an opened finding opens with. */
const causeShare = 0.36;
/** Lays out the screen in one, two or three columns. */
export function layOut(input: LayoutInput): Layout {
  const { columns, rows, below, zoomed, page } = input;
  const bare = columns < widths.pairs || rows < framedRows;
  const room = Math.max(0, rows - 1 - below);
  const joinsCause = rows < titledRows && columns < widths.beside;
  const plan = { input, bare, room, joinsCause };
  const made = (bands: readonly Band[], titlesCause = true): Layout => ({
    bands: bands.filter(({ height }) => height > 0),
    bare,
    joinsCause,
    titlesCause,
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
  if (columns >= widths.three) {
    const below = chartsBelow(plan);
    return below === null ? made(...threeColumns(plan)) : made(...below);
  }
  if (columns >= widths.beside) return made(...twoColumns(plan));
  // What the findings get depends on what the cause takes: the rows of the title are sure.
  const title = Math.max(1, input.titleRows({ width: columns, bare }));
  const titled = !input.showsTitle({ width: columns, height: title + frameRows(bare), bare });
  return made(oneColumn(plan, titled, title), titled);
}

/** Findings and cause above the panes; the panes in pairs where the width allows it. */
function oneColumn(plan: Plan, titled: boolean, title: number): Band[] {
  const { input, room, bare } = plan;
  const { columns } = input;
  const isPaired = columns >= widths.pairs;
  const above = [
    findingsAsk(plan, columns, Math.max(2, Math.floor(room / 6)), title),
    ...causeAsk(plan, columns, { share: causeShare, titled, title }),
  ];
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
  const hasCharts = heights.some(({ key }) => key === 'charts');
  return heights.map(({ key, height }) =>
    key === 'pairs' ? pairBand(plan, height, pairs, hasCharts) : single(columns, [{ key, height }]),
  );
}

/** Panes in two columns. Beside a long list the other column draws the history in the rows that it does not need. */
function pairBand(plan: Plan, height: number, pairs: readonly (readonly Ask<Block>[])[], hasCharts: boolean): Band {
  const widthOf = halves(plan.input.columns, plan.bare);
  const columns = pairs.map((asks) => fitStack(height, asks));
  const most = Math.max(...columns.map(({ left }) => left));
  const drawing =
    hasCharts || !plan.input.charts || most < leastCharts ? -1 : columns.findIndex(({ left }) => left === most);
  return {
    height,
    stacks: columns.map((fitted, index) => {
      const width = widthOf[index] ?? 0;
      return { width, places: placesOf(width, index === drawing ? withRest(fitted, plan) : grown(fitted, 0)) };
    }),
  };
}

/** The panes on the left, and the opened finding on the right; the charts where more is free. */
function twoColumns(plan: Plan): Arranged {
  const { input } = plan;
  const { columns } = input;
  const left = Math.floor(columns * 0.46);
  const right = columns - left - gapOf(plan);
  const panes = fitStack(plan.room, [
    findingsAsk(plan, left, Math.floor(plan.room / 3)),
    ...input.panes.map((id) => paneAsk(plan, id, left)),
  ]);
  const titled = !showsTitle(plan, left, panes);
  const cause = fitStack(plan.room, causeAsk(plan, right, { share: 1, titled }));
  const isLeft = cause.heights.length > 0 && panes.left > cause.left && panes.left >= leastCharts;
  const stacks = [
    { width: left, places: placesOf(left, isLeft ? withRest(panes, plan) : withRow(panes, plan, left)) },
    { width: right, places: placesOf(right, isLeft ? grown(cause, 0) : withRest(cause, plan, 'cause')) },
  ];
  return [[{ height: plan.room, stacks }], titled];
}

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
