/**
 * Stands in a line for a list that is the same as in an earlier line of the stream, or of which little has changed. A Sample
 * that was read has the list.
 */
export interface SameList {
  /** The `seq` of the line that has the earlier list. */
  readonly unchangedSince: number;
  /** Set if some of it has changed: the items in their order, those of the earlier list as runs of it. */
  readonly items?: readonly (Run | object)[];
}

/** Items of the earlier list: the index of the first, and how many. */
export type Run = readonly [from: number, count: number];

/** Whether this stands in the place of a list that an earlier line has. */
export function isSameList(value: unknown): value is SameList {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'unchangedSince') === 'number';
}
