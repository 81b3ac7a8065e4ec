import type { WritersValue } from '../sample/writers.ts';
import type { Tracked } from './tracked.ts';

/** Who moves the most bytes, as rules and views see it. */
export interface WritersModel extends WritersValue {}

export function deriveWriters({ value }: Tracked<WritersValue>): WritersModel | null {
  return value;
}
