import type { ContainerValue } from '../../sample/containers.ts';

/** What people call a container. */
export interface ContainerName {
  /** The engine's name. */
  readonly name: string;
  /** The pod, when the kubelet made it. */
  readonly pod: string | null;
  readonly namespace: string | null;
  /**
   * What to show: `namespace/pod/container` for the kubelet's, `project/service` for those of compose (with `/2` for a
   * second one), the task of swarm, else the engine's name.
   */
  readonly label: string;
}

/** From labels, or from the name that dockershim gives: `k8s_<container>_<pod>_<namespace>_<uid>_<attempt>`. */
export function nameContainer({ name, labels }: Pick<ContainerValue, 'name' | 'labels'>): ContainerName {
  const [, fromName, podFromName, namespaceFromName] = /^k8s_([^_]+)_([^_]+)_([^_]+)_[^_]+_\d+$/.exec(name) ?? [];
  const pod = labels['io.kubernetes.pod.name'] ?? podFromName ?? null;
  const namespace = labels['io.kubernetes.pod.namespace'] ?? namespaceFromName ?? null;
  if (pod === null || namespace === null) {
    return { name, pod: null, namespace: null, label: composeLabel(labels) ?? swarmLabel(labels) ?? name };
  }
  const container = labels['io.kubernetes.container.name'] ?? fromName ?? name;
  return { name, pod, namespace, label: `${namespace}/${pod}/${container === 'POD' ? '(sandbox)' : container}` };
}

/** What a container is called of which only the kernel knows: the id that `docker ps` would show, or the name that `ctr` gave. */
export function nameByKernel(id: string): ContainerName {
  const short = /^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id;
  return { name: short, pod: null, namespace: null, label: short };
}

function composeLabel(labels: ContainerValue['labels']): string | null {
  const project = labels['com.docker.compose.project'];
  const service = labels['com.docker.compose.service'];
  if (project === undefined || service === undefined) return null;
  const number = Number(labels['com.docker.compose.container-number'] ?? 1);
  return `${project}/${service}${number > 1 ? `/${number}` : ''}`;
}

/** A task's name is `<service>.<slot>.<id>`; the id says nothing to people. */
function swarmLabel(labels: ContainerValue['labels']): string | null {
  const service = labels['com.docker.swarm.service.name'];
  if (service === undefined) return null;
  const task = labels['com.docker.swarm.task.name'] ?? '';
  const slot = task.startsWith(`${service}.`) ? (task.slice(service.length + 1).split('.')[0] ?? '') : '';
  return slot === '' ? service : `${service}/${slot.length > 12 ? slot.slice(0, 12) : slot}`;
}
