import { frameRows } from '../parts/frame.ts';
import type { Plan } from './asks.ts';
import type { Fitted } from './fit-stack.ts';
import type { Block } from './input.ts';

/** A block of one row is folded: its title with a digest. */
export interface Place {
  readonly block: Block;
  readonly width: number;
  readonly height: number;
}

/** Columns of blocks side by side, each from top to bottom. */
export interface Band {
  readonly height: number;
  readonly stacks: readonly { readonly width: number; readonly places: readonly Place[] }[];
}

/** Charts lower than this show no scale. */
export const leastCharts = 8;
/** Fewer rows of the selected row say no more than its line. */
export const leastRow = 8;
/** Between columns of blocks without frames. */
export const bareGap = 2;

export type Height<K> = { readonly key: K; readonly height: number };

/** Rows that are left draw the history; too few for that go to a block that can use them. */
export function withRest<K>({ heights, left }: Fitted<K>, { input }: Plan, growing?: K): Height<K | 'charts'>[] {
  if (input.charts && left >= leastCharts) return [...heights, { key: 'charts', height: left }];
  return heights.map(({ key, height }) => ({ key, height: key === growing && height > 1 ? height + left : height }));
}

/** Rows that are left tell all of the selected row. */
export function withRow<K>({ heights, left }: Fitted<K>, { input, bare }: Plan, width: number): Height<K | 'row'>[] {
  if (left < leastRow) return [...heights];
  const lines = input.row(width);
  return lines === 0 ? [...heights] : [...heights, { key: 'row', height: Math.min(left, lines + frameRows(bare)) }];
}

/** The block of that index takes what is left. */
export function grown<K>({ heights, left }: Fitted<K>, index: number): Height<K>[] {
  return heights.map(({ key, height }, place) => ({
    key,
    height: place === index && height > 1 ? height + left : height,
  }));
}

export function halves(columns: number, bare: boolean): readonly [number, number] {
  const right = Math.floor((columns - (bare ? bareGap : 0)) / 2);
  return [columns - (bare ? bareGap : 0) - right, right];
}

export const gapOf = ({ bare }: Plan): number => (bare ? bareGap : 0);

export function single(width: number, heights: readonly Height<Block | 'pairs'>[]): Band {
  const places = placesOf(width, heights as readonly Height<Block>[]);
  return { height: places.reduce((sum, { height }) => sum + height, 0), stacks: [{ width, places }] };
}

export function placesOf(width: number, heights: readonly Height<Block>[]): Place[] {
  return heights.filter(({ height }) => height > 0).map(({ key, height }) => ({ block: key, width, height }));
}

/** Bands, and whether the cause has a title. */
export type Arranged = readonly [readonly Band[], boolean];

export function showsTitle({ input, bare }: Plan, width: number, { heights }: Fitted<Block>): boolean {
  return input.showsTitle({ width, bare, height: heights.find(({ key }) => key === 'findings')?.height ?? 0 });
}
