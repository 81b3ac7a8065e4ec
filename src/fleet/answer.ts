import { isObject, type JsonObject } from '../base/json-object.ts';

/** One series of an answer of Prometheus. */
export interface PromSeries {
  readonly labels: Labels;
  /** Moments in Unix seconds with their values, the oldest first; one for an instant query. Not finite ones are null. */
  readonly points: readonly (readonly [at: number, value: number | null])[];
}

export type Labels = Readonly<Record<string, string>>;

export interface PromAnswer {
  readonly series: readonly PromSeries[];
  /** What it says of itself, as Thanos does of a store that does not answer: nodes may be missing. Null for nothing. */
  readonly warning: string | null;
}

/** The answer is not what Prometheus' API gives, or says that the query failed. */
export class BadAnswer extends Error {}

/** Characters of a foreign text that an error repeats. */
const longestQuote = 120;

/**
 * Reads the body of `/api/v1/query` or `/api/v1/query_range`.
 *
 * @param status of HTTP
 * @throws BadAnswer that says what came instead
 */
export function parseAnswer(body: string, status: number, contentType: string | null): PromAnswer {
  const value = jsonOf(body);
  if (value === undefined || !isObject(value) || (value['status'] !== 'success' && value['status'] !== 'error')) {
    throw new BadAnswer(`HTTP ${status} with ${contentType ?? 'no content type'} is no answer of Prometheus’ API`);
  }
  if (value['status'] === 'error') {
    throw new BadAnswer(`${textOf(value['errorType'], 'error')}: ${textOf(value['error'], 'no reason given')}`);
  }
  const { data } = value;
  const kind = isObject(data) ? data['resultType'] : undefined;
  const result = isObject(data) ? data['result'] : undefined;
  if ((kind !== 'vector' && kind !== 'matrix') || !Array.isArray(result)) {
    throw new BadAnswer(`the answer is ${textOf(kind, 'no list of series')}, not a list of series`);
  }
  const warnings: unknown = value['warnings'];
  const [first] = Array.isArray(warnings) ? (warnings as readonly unknown[]) : [];
  const warning = first === undefined ? null : `it warns: ${textOf(first, 'no reason given')}`;
  return { series: result.map((series) => seriesOf(series, kind)), warning };
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function seriesOf(series: unknown, kind: 'vector' | 'matrix'): PromSeries {
  if (!isObject(series) || !isObject(series['metric'])) throw new BadAnswer('a series of the answer has no labels');
  const points: unknown = kind === 'vector' ? [series['value']] : series['values'];
  if (!Array.isArray(points)) throw new BadAnswer('a series of the answer has no values');
  return { labels: labelsOf(series['metric']), points: points.map(pointOf) };
}

/** The object as it was parsed, where all is text: of ten thousands of series a copy of each would be most of the memory. */
function labelsOf(metric: JsonObject): Labels {
  if (isLabels(metric)) return metric;
  return Object.fromEntries(
    Object.entries(metric).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isLabels(metric: JsonObject): metric is Labels {
  return Object.values(metric).every((value) => typeof value === 'string');
}

function pointOf(point: unknown): readonly [number, number | null] {
  if (!Array.isArray(point)) throw new BadAnswer('a value of the answer is no pair');
  const [at, value] = point as readonly unknown[];
  if (typeof at !== 'number' || typeof value !== 'string') throw new BadAnswer('a value of the answer is no pair');
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return [at, Number.isFinite(number) ? number : null];
}

function textOf(value: unknown, instead: string): string {
  return typeof value === 'string' && value !== '' ? value.slice(0, longestQuote) : instead;
}
