import { type Ask, fitStack } from './fit-stack.ts';
import { causeAsk, findingsAsk, type Plan, paneAsk } from './layout-asks.ts';
import type { Block } from './layout-input.ts';
import {
  type Arranged,
  gapOf,
  type Height,
  leastCharts,
  placesOf,
  showsTitle,
  single,
  withRest,
  withRow,
} from './layout-places.ts';
import { paneOf } from './panes/panes.ts';

/** Charts as wide as the screen: a lower band is no gain over a column of them. */
const leastWide = 16;

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

/** With few rows in every column: the history below all of them, as wide as the screen. Null where it has no room there. */
export function chartsBelow(plan: Plan): Arranged | null {
  const { columns, charts } = plan.input;
  if (!charts) return null;
  const { stacks, titled } = besideEachOther(plan);
  const free = Math.min(...stacks.map(({ left }) => left));
  if (free < leastWide) return null;
  const above = {
    height: plan.room - free,
    stacks: stacks.map(({ width, heights }) => ({ width, places: placesOf(width, heights) })),
  };
  return [[above, single(columns, [{ key: 'charts', height: free }])], titled];
}

/** The three columns without the history; two while nothing is found. */
function besideEachOther(plan: Plan): { readonly stacks: readonly Column[]; readonly titled: boolean } {
  const { columns } = plan.input;
  const gap = gapOf(plan);
  const third = Math.floor(columns * 0.32);
  const middle = columns - third - Math.floor(columns * 0.3) - 2 * gap;
  const isCalm = plan.input.cause(middle, true) === null;
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
  const titled = !showsTitle(plan, left, stuck);
  if (isCalm) return { stacks: [columnOf(left, withRow(stuck, plan, left)), figures], titled };
  const cause = fitStack(plan.room, causeAsk(plan, middle, { share: 1, titled }));
  return { stacks: [columnOf(left, stuck.heights), columnOf(middle, withRow(cause, plan, middle)), figures], titled };
}

const besideAsks = (plan: Plan, where: 'left' | 'right', width: number): Ask<Block>[] =>
  plan.input.panes.filter((id) => paneOf(id).beside === where).map((id) => paneAsk(plan, id, width));
