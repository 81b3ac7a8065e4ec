import { type BeginRead, type HungRead, type Sample, type SlowedPolls, sourceNames } from '../sample.ts';
import { choice, list, moment, nullable, number, object, optional, text } from './shape.ts';

const source = choice(...sourceNames);

const cost = object<Sample['sampler']>({
  pid: number,
  cpuMs: number,
  rssBytes: number,
  avoided: optional(list(text)),
  hung: optional(list(object<HungRead>({ source, path: nullable(text), at: moment }))),
  slowed: optional(object<SlowedPolls>({ factor: number, intervalMs: number, budgetPercent: number })),
});

/** A Sample without its readings. */
export const headShape = object<Omit<Sample, 'readings'>>({
  v: number,
  seq: number,
  at: moment,
  monoMs: number,
  begin: optional(object<BeginRead>({ source, path: optional(text) })),
  sampler: cost,
});
