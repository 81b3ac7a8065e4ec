import type { Node, NodeCondition, NodeList } from 'kubernetes-types/core/v1.d.ts';
import { noon } from './fleets.ts';

const before = (seconds: number): string => new Date(noon - seconds * 1000).toISOString().replace('.000Z', 'Z');

/** A condition with its heartbeat a minute before noon. */
export function condition(type: string, status: string, message: string, ago = 3600, heartbeat = 60): NodeCondition {
  const reason = `${type}Reason`;
  return { type, status, reason, message, lastTransitionTime: before(ago), lastHeartbeatTime: before(heartbeat) };
}

const usual = [
  condition('MemoryPressure', 'False', 'kubelet has sufficient memory available'),
  condition('DiskPressure', 'False', 'kubelet has no disk pressure'),
  condition('PIDPressure', 'False', 'kubelet has sufficient PID available'),
  condition('Ready', 'True', 'kubelet is posting ready status'),
  condition('ContainerNodeUnhealthy', 'False', 'rtwatch has no critical finding'),
];

/** A node as the API server gives it; conditions replace the usual ones of the same type, and null is none of that type. */
export function clusterNode(
  name: string,
  changed: readonly NodeCondition[] = [],
  without: readonly string[] = [],
): Node {
  const conditions = [
    ...usual.filter(({ type }) => !without.includes(type) && !changed.some((one) => one.type === type)),
    ...changed,
  ];
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': 'a' } },
    spec: { podCIDR: '10.244.1.0/24', taints: [] },
    status: {
      conditions,
      addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
      capacity: { cpu: '8', memory: '32Gi' },
      nodeInfo: {
        machineID: 'm',
        systemUUID: 's',
        bootID: 'b',
        osImage: 'Debian GNU/Linux 12',
        architecture: 'amd64',
        kernelVersion: '6.1.0-18-amd64',
        containerRuntimeVersion: 'containerd://1.6.8',
        operatingSystem: 'linux',
        kubeletVersion: 'v1.30.2',
        kubeProxyVersion: 'v1.30.2',
      },
      images: [{ names: ['registry.k8s.io/pause:3.9'], sizeBytes: 322_000 }],
    },
  };
}

/** The body of a page. */
export function nodeList(items: Node[], next = ''): string {
  const metadata = { resourceVersion: '12345', ...(next === '' ? {} : { continue: next }) };
  return JSON.stringify({ apiVersion: 'v1', kind: 'NodeList', metadata, items } satisfies NodeList);
}
