import type { ContainerValue } from '../sample/containers.ts';

/** What people call a container. */
export interface ContainerName {
  /** The engine's name. */
  readonly name: string;
  /** The pod, when the kubelet made it. */
  readonly pod: string | null;
  readonly namespace: string | null;
  /** What to show: `namespace/pod/container` for the kubelet's, else the engine's name. */
  readonly label: string;
}

/** From the kubelet's labels, or from the name that dockershim gives: `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`. */
export function nameContainer({ name, labels }: Pick<ContainerValue, 'name' | 'labels'>): ContainerName {
  const [, fromName, podFromName, namespaceFromName] = /^k8s_([^_]+)_([^_]+)_([^_]+)_[^_]+_\d+$/.exec(name) ?? [];
  const pod = labels['io.kubernetes.pod.name'] ?? podFromName ?? null;
  const namespace = labels['io.kubernetes.pod.namespace'] ?? namespaceFromName ?? null;
  if (pod === null || namespace === null) return { name, pod: null, namespace: null, label: name };
  const container = labels['io.kubernetes.container.name'] ?? fromName ?? name;
  return { name, pod, namespace, label: `${namespace}/${pod}/${container === 'POD' ? '(sandbox)' : container}` };
}
