import type { Model } from '../../model/model.ts';

/** The node itself shows its containers: what a log says of them is only evidence then. */
export function hasContainers({ containers, shims }: Pick<Model, 'containers' | 'shims'>): boolean {
  return (containers?.list.length ?? 0) > 0 || (shims?.shims.length ?? 0) > 0;
}
