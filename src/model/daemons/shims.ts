import type { ShimsValue } from '../../sample/shims.ts';
import type { Tracked } from '../tracked.ts';

/** The containers as the kernel shows them, as rules and views see it. */
export interface ShimsModel extends ShimsValue {}

export function deriveShims({ value }: Tracked<ShimsValue>): ShimsModel | null {
  return value;
}
