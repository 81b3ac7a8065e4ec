import type { CgroupsValue } from '../sample/cgroups.ts';
import type { Reading } from '../sample/reading.ts';
import type { Tracked } from './tracked.ts';

/** What is remembered of the control groups, to tell rates; bounded. */
export interface CgroupsHistory {
  readonly monoMs: number | null;
}

export const noCgroups: CgroupsHistory = { monoMs: null };

export function reduceCgroups(
  before: CgroupsHistory,
  reading: Reading<CgroupsValue> | undefined,
  monoMs: number,
): CgroupsHistory {
  return reading?.status === 'ok' ? { monoMs } : before;
}

/** The control groups, as rules and views see it. */
export interface CgroupsModel extends CgroupsValue {}

export function deriveCgroups({ value }: Tracked<CgroupsValue>, _history: CgroupsHistory): CgroupsModel | null {
  return value;
}
