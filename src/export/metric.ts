import type { Known } from './known.ts';

/** A metric: a row of the table that the output and `docs/fleet.md` are made from. */
export interface Metric {
  /** Ends in the unit, without a prefix of it; a counter in `_total`. */
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  /** What it is, in one sentence without its full stop. */
  readonly help: string;
  readonly labels: readonly string[];
  /** More series than these are dropped, and counted. Default: `mostSeries`. */
  readonly most?: number;
  /**
   * Its series now, the most important first; empty when nothing is known. Those that are there while rtwatch is blind do not depend
   * on a value of the node.
   */
  readonly read: (known: Known) => readonly Series[];
}

/** One series of a metric. */
export interface Series {
  /** By the names in `labels` of its metric. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A value without labels; none where it is unknown. */
export function one(value: number | null | undefined): readonly Series[] {
  return value === null || value === undefined ? [] : [{ labels: {}, value }];
}

/** A value for each of some things; none for those where it is unknown. */
export function each<T>(
  things: readonly T[],
  labels: (thing: T) => Series['labels'],
  value: (thing: T) => number | null,
): readonly Series[] {
  return things.flatMap((thing) => {
    const known = value(thing);
    return known === null ? [] : [{ labels: labels(thing), value: known }];
  });
}

/** How many of the things have each value of a label; every value is there, also with 0. */
export function counts<const V extends string>(
  label: string,
  values: readonly V[],
  things: readonly V[],
): readonly Series[] {
  return values.map((value) => ({
    labels: { [label]: value },
    value: things.filter((thing) => thing === value).length,
  }));
}
