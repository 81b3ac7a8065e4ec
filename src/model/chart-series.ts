/** A stretch of time and the greatest value in it; null where a reading failed, and no other came in the stretch. */
interface ChartPoint {
  /** When the stretch began, in milliseconds of CLOCK_MONOTONIC: a multiple of its length. */
  readonly monoMs: number;
  readonly value: number | null;
}

/** One figure for a chart, since rtwatch began, at most an hour; the newest last. Its memory is bounded, its resolution is not. */
export interface ChartSeries {
  /** The length of a stretch. */
  readonly stepMs: number;
  readonly points: readonly ChartPoint[];
}

const firstStepMs = 1000;
/** With 240 points that is 64 minutes. */
const longestStepMs = 16_000;
const maxPoints = 240;

export const noChart: ChartSeries = { stepMs: firstStepMs, points: [] };

/** Takes a value in. When the points are too many, two stretches become one; from an hour on the oldest is forgotten. */
export function chartWith({ stepMs, points }: ChartSeries, value: number | null, at: number): ChartSeries {
  const monoMs = Math.floor(at / stepMs) * stepMs;
  const last = points.at(-1);
  const point = { monoMs, value };
  const next =
    last !== undefined && last.monoMs >= monoMs ? [...points.slice(0, -1), merged(last, point)] : [...points, point];
  if (next.length <= maxPoints) return { stepMs, points: next };
  return stepMs >= longestStepMs ? { stepMs, points: next.slice(1) } : halved(next, stepMs * 2);
}

function halved(points: readonly ChartPoint[], stepMs: number): ChartSeries {
  const kept: ChartPoint[] = [];
  for (const { monoMs, value } of points) {
    const point = { monoMs: Math.floor(monoMs / stepMs) * stepMs, value };
    const last = kept.at(-1);
    if (last?.monoMs === point.monoMs) kept[kept.length - 1] = merged(last, point);
    else kept.push(point);
  }
  return { stepMs, points: kept };
}

function merged(last: ChartPoint, { value }: ChartPoint): ChartPoint {
  if (value === null || (last.value !== null && last.value >= value)) return last;
  return { monoMs: last.monoMs, value };
}
