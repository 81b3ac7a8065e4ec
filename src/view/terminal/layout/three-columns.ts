import { paneOf } from '../panes/panes.ts';
import { frameRows } from '../parts/frame.ts';
import { causeAsk, findingsAsk, type Plan, paneAsk } from './asks.ts';
import { type Ask, fitStack } from './fit-stack.ts';
import type { Block } from './input.ts';
import {
  type Arranged,
  type Band,
  gapOf,
  type Height,
  leastCharts,
  leastRow,
  placesOf,
  showsTitle,
  single,
  withRest,
  withRow,
} from './places.ts';

/** Charts as wide as the screen: a lower band is no gain over a column of them. */
const leastWide = 16;
/** Below all columns the selected row has its own place from this many rows on, beside the history. */
const leastBeside = 30;

/** Findings and what is stuck, the opened finding, the node's figures. Where the first have no room, some go below the finding. */
export function threeColumns(plan: Plan): Arranged {
  const { columns } = plan.input;
  const left = Math.floor(columns * 0.32);
  const right = Math.floor(columns * 0.3);
  const middle = columns - left - right - 2 * gapOf(plan);
  const figures = fitStack(plan.room, besideAsks(plan, 'right', right));
  const isCalm = plan.input.cause(middle, true) === null;
  const asks = besideAsks(plan, 'left', left);
  const findings = findingsAsk(plan, left, Math.floor(plan.room / 3));
  const isCrowded = !isCalm && [findings, ...asks].reduce((rows, { wanted }) => rows + wanted, 0) > plan.room;
  const stays = (key: Block): boolean => !isCrowded || key === 'containers' || asks.length === 1;
  const stuck = fitStack(plan.room, [findings, ...asks.filter(({ key }) => stays(key))]);
  const titled = !showsTitle(plan, left, stuck);
  const cause = fitStack(plan.room, [
    ...causeAsk(plan, middle, { share: 1, titled }),
    ...besideAsks(plan, 'left', middle).filter(({ key }) => !stays(key)),
  ]);
  const rest = isCalm ? withRest(cause, plan) : withRow(cause, plan, middle);
  const unused = plan.room - rest.reduce((rows, { height }) => rows + height, 0);
  // The history goes where more is free.
  const inMiddle = !isCalm && plan.input.charts && unused > Math.max(figures.left, leastCharts - 1);
  const stacks = [
    { width: left, places: placesOf(left, isCalm ? withRow(stuck, plan, left) : stuck.heights) },
    { width: middle, places: placesOf(middle, inMiddle ? [...rest, { key: 'charts', height: unused }] : rest) },
    { width: right, places: placesOf(right, isCalm || inMiddle ? figures.heights : withRest(figures, plan)) },
  ];
  return [[{ height: plan.room, stacks }], titled];
}

/** A column of blocks, and the rows below them. */
interface Column {
  readonly width: number;
  readonly heights: readonly Height<Block>[];
  readonly left: number;
}

/**
 * With few rows in every column: the history below all of them, as wide as the screen; beside the selected row where that is longer than
 * what stands beside it. Null where it has no room there.
 */
export function chartsBelow(plan: Plan): Arranged | null {
  const { columns, charts } = plan.input;
  if (!charts) return null;
  const withoutRow = besideEachOther(plan, false);
  const withIt = besideEachOther(plan, true);
  const below = freeBelow(withoutRow);
  const width = withoutRow.stacks[0]?.width ?? 0;
  // A short one would leave a column of blanks below it.
  const isLong =
    freeBelow(withIt) < below && below >= leastBeside && 2 * (plan.input.row(width) + frameRows(plan.bare)) >= below;
  const { stacks, titled } = isLong ? withoutRow : withIt;
  const free = isLong ? below : freeBelow(withIt);
  if (free < leastWide) return null;
  const above = {
    height: plan.room - free,
    stacks: stacks.map(({ width, heights }) => ({ width, places: placesOf(width, heights) })),
  };
  const under = isLong ? rowBesideCharts(plan, free, width) : single(columns, [{ key: 'charts', height: free }]);
  return [[above, under], titled];
}

const freeBelow = ({ stacks }: { readonly stacks: readonly Column[] }): number =>
  Math.min(...stacks.map(({ left }) => left));

/** The selected row below the first column, with the log lines about it where rows are left, and the history. */
function rowBesideCharts(plan: Plan, height: number, width: number): Band {
  const { input, bare } = plan;
  const needed = Math.min(height, input.row(width) + frameRows(bare));
  const hasLog = input.log && height - needed >= leastRow;
  const beside: Height<Block>[] = hasLog
    ? [
        { key: 'row', height: needed },
        { key: 'log', height: height - needed },
      ]
    : [{ key: 'row', height }];
  const right = input.columns - width - gapOf(plan);
  return {
    height,
    stacks: [
      { width, places: placesOf(width, beside) },
      { width: right, places: placesOf(right, [{ key: 'charts', height }]) },
    ],
  };
}

/** The three columns without the history; two while nothing is found. */
function besideEachOther(plan: Plan, row: boolean): { readonly stacks: readonly Column[]; readonly titled: boolean } {
  const { columns } = plan.input;
  const gap = gapOf(plan);
  const third = Math.floor(columns * 0.32);
  const middle = columns - third - Math.floor(columns * 0.3) - 2 * gap;
  const isCalm = plan.input.cause(middle, true) === null;
  const left = isCalm ? Math.floor((columns - gap) / 2) : third;
  const right = columns - left - gap - (isCalm ? 0 : middle + gap);
  const columnOf = (width: number, heights: readonly Height<Block>[]): Column => ({
    width,
    heights,
    left: plan.room - heights.reduce((sum, { height }) => sum + height, 0),
  });
  const stuck = fitStack(plan.room, [
    findingsAsk(plan, left, Math.floor(plan.room / 3)),
    ...besideAsks(plan, 'left', left),
  ]);
  const figures = columnOf(right, fitStack(plan.room, besideAsks(plan, 'right', right)).heights);
  const titled = !showsTitle(plan, left, stuck);
  if (isCalm) return { stacks: [columnOf(left, row ? withRow(stuck, plan, left) : stuck.heights), figures], titled };
  const cause = fitStack(plan.room, causeAsk(plan, middle, { share: 1, titled }));
  return {
    stacks: [
      columnOf(left, stuck.heights),
      columnOf(middle, row ? withRow(cause, plan, middle) : cause.heights),
      figures,
    ],
    titled,
  };
}

const besideAsks = (plan: Plan, where: 'left' | 'right', width: number): Ask<Block>[] =>
  plan.input.panes.filter((id) => paneOf(id).beside === where).map((id) => paneAsk(plan, id, width));
