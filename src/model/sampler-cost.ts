import type { Sample } from '../sample/sample.ts';

/** What the sampler costs: CPU over the last ten seconds or so, the start left out, and memory. */
export interface SamplerCostHistory {
  readonly pid: number;
  /** Share of one core; null until two seconds have passed. */
  readonly cpuPercent: number | null;
  readonly rssBytes: number;
  readonly startedMonoMs: number;
  readonly marks: readonly { readonly monoMs: number; readonly cpuMs: number }[];
}

export const noSamplerCost: SamplerCostHistory = { pid: 0, cpuPercent: null, rssBytes: 0, startedMonoMs: 0, marks: [] };

const windowMs = 10_000;
const markEveryMs = 1000;
const shortestMs = 2000;
/** Loading and compiling the program is paid once, and would drown what watching costs. */
const warmUpMs = 3000;

export function reduceSamplerCost(before: SamplerCostHistory, { monoMs, sampler }: Sample): SamplerCostHistory {
  const isSame = sampler.pid === before.pid;
  const startedMonoMs = isSame ? before.startedMonoMs : monoMs;
  const marks = isSame ? before.marks.filter((mark) => monoMs - mark.monoMs <= windowMs) : [];
  const first = marks[0];
  const last = marks.at(-1);
  const isWarm = monoMs - startedMonoMs >= warmUpMs;
  const due = isWarm && (last === undefined || monoMs - last.monoMs >= markEveryMs);
  const elapsedMs = first === undefined ? 0 : monoMs - first.monoMs;
  const cpuPercent =
    first === undefined || elapsedMs < shortestMs ? null : ((sampler.cpuMs - first.cpuMs) / elapsedMs) * 100;
  return {
    pid: sampler.pid,
    cpuPercent,
    rssBytes: sampler.rssBytes,
    startedMonoMs,
    marks: due ? [...marks, { monoMs, cpuMs: sampler.cpuMs }] : marks,
  };
}
