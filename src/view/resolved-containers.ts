import { formatSeconds } from '../base/durations.ts';
import type { ResolvedContainer } from '../rules/engine/container-outcomes.ts';

/** `exited 2m ago, was stuck for 4m` */
export function resolvedText({ how, since, until }: ResolvedContainer, at: number): string {
  const what = how === 'unknown' ? 'no longer stuck,' : how;
  return `${what} ${formatSeconds((at - until) / 1000)} ago, was stuck for ${formatSeconds((until - since) / 1000)}`;
}
