import type { PromSeries } from './answer.ts';
import { keyOf } from './nodes.ts';
import { markLabels } from './queries.ts';

/** The last hour of a node; null where a value is missing. */
export interface NodeTrends {
  readonly goroutines: readonly (number | null)[];
  /** 0 to 1. */
  readonly ioPressure: readonly (number | null)[];
}

/** A range of a range query, in Unix seconds. */
export interface TrendRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Values of an hour: as many as the widest column draws. */
const points = 30;
const hourSeconds = 3600;

/** The last hour before a moment in milliseconds, on whole steps: the same moments from answer to answer. */
export function trendRange(at: number): TrendRange {
  const step = hourSeconds / points;
  const end = Math.floor(at / 1000 / step) * step;
  return { start: end - hourSeconds + step, end, step };
}

/** Steps of a range that are still now, for the end of a range lies up to one step back: four minutes. */
const currentPoints = 2;

/** The value now; null if the last one is older: the node, or its daemon, may be gone. */
export function newestOf(values: readonly (number | null)[] = []): number | null {
  return values.slice(-currentPoints).findLast((value) => value !== null) ?? null;
}

/** The trends by the key of the node. A moment without a value is a gap. */
export function trendsOf(series: readonly PromSeries[], { start, step }: TrendRange): ReadonlyMap<string, NodeTrends> {
  const trends = new Map<string, NodeTrends>();
  for (const { labels, points: found } of series) {
    const kind = labels[markLabels.trend];
    if (kind !== 'goroutines' && kind !== 'io') continue;
    const values: (number | null)[] = Array.from({ length: points }, () => null);
    for (const [at, value] of found) {
      const index = Math.round((at - start) / step);
      if (index >= 0 && index < points) values[index] = value;
    }
    const key = keyOf(labels);
    const before = trends.get(key) ?? { goroutines: [], ioPressure: [] };
    trends.set(key, { ...before, [kind === 'io' ? 'ioPressure' : 'goroutines']: values });
  }
  return trends;
}
