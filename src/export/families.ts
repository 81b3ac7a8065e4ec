import { containerMetrics } from './groups/containers.ts';
import { daemonMetrics } from './groups/daemons.ts';
import { deviceMetrics } from './groups/devices.ts';
import { findingMetrics } from './groups/findings.ts';
import { mountMetrics } from './groups/mounts.ts';
import { ownMetrics } from './groups/own.ts';
import { pressureMetrics } from './groups/pressure.ts';
import { processMetrics } from './groups/processes.ts';
import { sourceMetrics } from './groups/sources.ts';
import type { Known } from './known.ts';
import type { Metric, Series } from './metric.ts';

/** A metric with its series: one of each set of labels, at most as many as it may have. */
export interface Family extends Pick<Metric, 'name' | 'type' | 'help' | 'labels'> {
  readonly series: readonly Series[];
}

/** Where a metric says nothing else. Nothing of a node that makes sense as a label has more values. */
const mostSeries = 50;

/** Of a label's value, in characters. */
const longestValue = 120;

/** All metrics but `latency` and `dropped`, in the order of the output and of the docs. */
const metrics: readonly Metric[] = [
  ...findingMetrics,
  ...sourceMetrics,
  ...daemonMetrics,
  ...containerMetrics,
  ...processMetrics,
  ...mountMetrics,
  ...pressureMetrics,
  ...deviceMetrics,
  ...ownMetrics,
];

const dropped = {
  name: 'rtwatch_series_dropped',
  type: 'gauge',
  help: 'Series that are not here, because a metric has a limit on how many it may have',
  labels: [],
} as const satisfies Omit<Metric, 'read'>;

/** The one histogram: it counts each answer, so it is observed while samples arrive. */
export const latency = {
  name: 'rtwatch_daemon_api_latency_seconds',
  type: 'histogram',
  help: 'Round trips of the cheapest request to the API of the daemon (GET /_ping, or Version of the CRI); one that times out is not among them',
  labels: ['daemon'],
  /** Upper bounds, seconds. No whole numbers: the two formats write those differently. */
  buckets: [0.005, 0.025, 0.1, 0.5, 2.5],
} as const;

/** Everything that is exported, for the docs. */
export const allMetrics: readonly (Pick<Metric, 'name' | 'help' | 'labels'> & { readonly type: string })[] = [
  ...metrics,
  latency,
  dropped,
];

/** All metrics with what is known now. Those without series are left out. */
export function familiesOf(known: Known): readonly Family[] {
  let over = 0;
  const families = metrics.map(({ read, most = mostSeries, ...metric }): Family => {
    const all = distinct(read(known), metric.labels);
    over += Math.max(0, all.length - most);
    return { ...metric, series: all.slice(0, most) };
  });
  return [...families, { ...dropped, series: [{ labels: {}, value: over }] }].filter(({ series }) => series.length > 0);
}

/** Prometheus rejects the whole answer when two series have the same labels: two containers can have one name. The first counts. */
function distinct(series: readonly Series[], names: readonly string[]): readonly Series[] {
  const seen = new Set<string>();
  return series.flatMap(({ labels, value }) => {
    const safe = Object.fromEntries(names.map((name) => [name, safeValue(labels[name] ?? '')]));
    const key = JSON.stringify(safe);
    if (seen.has(key) || !Number.isFinite(value)) return [];
    seen.add(key);
    return [{ labels: safe, value }];
  });
}

/** What is not well formed is replaced when it is sent; a name from outside can be of any length. */
function safeValue(text: string): string {
  return text.slice(0, longestValue).toWellFormed();
}
