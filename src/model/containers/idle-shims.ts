import type { ShimsValue, ShimValue } from '../../sample/shims.ts';
import { type ContainersHistory, idleKey } from './history.ts';

/** A shim that runs, and below which nothing runs. */
export interface IdleShim {
  readonly shim: ShimValue;
  /** For how long rtwatch saw it so. */
  readonly seconds: number;
}

/** The shims without a child, and for how many seconds rtwatch has seen them so. */
export function idleShims(shims: ShimsValue | null, { watched }: ContainersHistory, monoMs: number): IdleShim[] {
  return (shims?.shims ?? []).flatMap((shim) => {
    const since = watched.get(idleKey(shim))?.sinceMonoMs;
    return since === undefined || shim.childless !== true ? [] : [{ shim, seconds: (monoMs - since) / 1000 }];
  });
}
