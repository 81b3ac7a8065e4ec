/** Values of one figure over time, the newest last; null where a reading is missing, never a zero. */
export type Series = readonly (number | null)[];

/** Two minutes at a value a second: as much as the widest sparkline shows. */
const maxLength = 120;

export function append(series: Series, value: number | null): Series {
  return [...series.slice(-(maxLength - 1)), value];
}
