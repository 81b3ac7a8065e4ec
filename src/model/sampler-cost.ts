import type { HungRead, Sample, SlowedPolls } from '../sample/sample.ts';

/**
 * The cost of the sampler: CPU over the last ten seconds or so, without its start, and memory; and what it does not read.
 */
export interface SamplerCostHistory {
  readonly pid: number;
  /** Share of one core; null until two seconds have passed. */
  readonly cpuPercent: number | null;
  readonly rssBytes: number;
  /** What hangs, or is not read for another reason. */
  readonly stalled: readonly StalledRead[];
  /** Its polling while it keeps within its budget; null if it polls as often as configured. */
  readonly slowed: SlowedPolls | null;
  readonly startedMonoMs: number;
  readonly marks: readonly { readonly monoMs: number; readonly cpuMs: number }[];
}

/** What rtwatch does not read any more. */
export interface StalledRead {
  /** The file that hung, or is not read; null if a whole source is quarantined. */
  readonly path: string | null;
  /** What was being read then; null if it did not hang, but was excluded by an option. */
  readonly source: HungRead['source'] | null;
  /** Milliseconds since 1970; null when it is not known. */
  readonly since: number | null;
  /** The process whose file it is; null when it is none's. */
  readonly process: StalledProcess | null;
}

export interface StalledProcess {
  readonly pid: number;
  /** As it was known before it was quarantined; null if unknown. */
  readonly comm: string | null;
  readonly containerId: string | null;
}

/** The name of a process, as far as the Samples so far show it; null if they do not. */
type WhoIs = (pid: number) => Pick<StalledProcess, 'comm' | 'containerId'> | null;

export const noSamplerCost: SamplerCostHistory = {
  pid: 0,
  cpuPercent: null,
  rssBytes: 0,
  stalled: [],
  slowed: null,
  startedMonoMs: 0,
  marks: [],
};

const windowMs = 10_000;
const markEveryMs = 1000;
const shortestMs = 2000;
/** Loading and compiling the program is paid once, and would drown what watching costs. */
const warmUpMs = 3000;

/** What the sampler costs after one more Sample. Another pid is another sampler, and begins anew. */
export function reduceSamplerCost(
  before: SamplerCostHistory,
  { monoMs, sampler }: Sample,
  whoIs: WhoIs = () => null,
): SamplerCostHistory {
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
    stalled: stalledOf(before.stalled, sampler, whoIs),
    slowed: sampler.slowed ?? null,
    startedMonoMs,
    marks: due ? [...marks, { monoMs, cpuMs: sampler.cpuMs }] : marks,
  };
}

/** The first Sample that reports a hang comes before any of a sampler that skips the process: its name is still known. */
function stalledOf(
  before: readonly StalledRead[],
  { hung = [], avoided = [] }: Sample['sampler'],
  whoIs: WhoIs,
): readonly StalledRead[] {
  const isHung = (root: string): boolean => hung.some(({ path }) => path === root || path?.startsWith(`${root}/`));
  const reads = [
    ...hung.map(({ path, source, at }) => ({ path, source, since: at })),
    ...avoided.filter((path) => !isHung(path)).map((path) => ({ path, source: null, since: null })),
  ];
  return reads.map((read) => {
    const known = before.find(({ path, source }) => path === read.path && source === read.source);
    return known ?? { ...read, process: processOf(read.path, whoIs) };
  });
}

function processOf(path: string | null, whoIs: WhoIs): StalledProcess | null {
  const pid = /\/proc\/(\d+)(?:\/|$)/.exec(path ?? '')?.[1];
  return pid === undefined ? null : { pid: Number(pid), ...(whoIs(Number(pid)) ?? { comm: null, containerId: null }) };
}
