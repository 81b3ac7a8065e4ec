import type { Course } from './diagnosis.ts';

/** How long a finding that is over was open, in seconds; by the wall clock, because it may have begun before rtwatch. */
export function lastedSeconds({ openedAt, goneAt }: Course): number {
  return goneAt === null ? 0 : Math.max(0, (goneAt - openedAt) / 1000);
}
