import { formatSeconds } from '../base/durations.ts';
import type { ContainerModel } from '../model/containers/container.ts';

/** How long it is stuck: `≥22s` where it was when rtwatch first saw it; empty when it is not. */
export function stuckFor({ stuckSeconds, stuckBefore }: Pick<ContainerModel, 'stuckSeconds' | 'stuckBefore'>): string {
  return stuckSeconds === null ? '' : `${stuckBefore ? '≥' : ''}${formatSeconds(stuckSeconds)}`;
}
