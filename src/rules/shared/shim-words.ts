import type { ShimValue } from '../../sample/shims.ts';
import type { Parts } from '../engine/parts.ts';

/** The namespace of containerd that the CRI works in. */
export const isOfPods = (runtimeNamespace: string | null): boolean => runtimeNamespace === 'k8s.io';

/** What people call the pod or container that a shim was started for. */
export function nameOfBundle(
  { bundleId, pid }: Pick<ShimValue, 'bundleId' | 'pid'>,
  { containers, cri, shims }: Parts<'containers' | 'cri' | 'shims'>,
): string {
  const pods = cri?.runtimes.flatMap(({ sandboxes }) => sandboxes) ?? [];
  const pod =
    pods.find(({ id }) => id === bundleId) ??
    shims?.names?.flatMap(({ id, pod: name, namespace }) => (id === bundleId ? [{ name, namespace }] : []))[0];
  if (pod !== undefined) return `pod ${pod.namespace}/${pod.name}`;
  return containers?.list.find(({ id }) => id === bundleId)?.label ?? bundleId?.slice(0, 12) ?? `pid ${pid}`;
}
