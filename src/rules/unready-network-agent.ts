import { quote } from '../base/shell-word.ts';
import { type Finding, rule } from './engine/rule.ts';
import { type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** The image of an agent is pulled first, and its peers are found: a node that boots takes minutes. Our own judgement. */
const startsMs = 300_000;
const again = 3;

/** The agent of the pod network runs on this node and is not ready: pods have no network, or none to other nodes. */
export const unreadyNetworkAgent = rule({
  id: 'unready-network-agent',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const range = troubleIn(logs, ['no-pod-cidr']);
    const calico = troubleIn(logs, ['calico-not-ready']);
    const typha = troubleIn(logs, ['typha-unreachable']);
    return [
      ...(range === null ? [] : [noRange(range, at)]),
      ...(typha !== null ? [noTypha(typha, at)] : calico === null ? [] : [notReady(calico, at)]),
    ];
  },
});

/** flannel asks once a second, or exits; a controller manager that gives out ranges does it as soon as the node exists. */
function noRange(trouble: LogTrouble, at: number): Finding {
  const node = namesIn(trouble.about, 1);
  const hasExited = trouble.tallies.some(({ example = '' }) => example.startsWith('Error registering network'));
  return logFinding(trouble, at, {
    id: 'unready-network-agent',
    severity: hasExited || trouble.lastHour >= again ? 'warning' : 'info',
    title: `flannel cannot start on ${node}: the node has no pod CIDR`,
    past: `flannel could not start on ${node}: the node had no pod CIDR`,
    summary:
      'The controller manager gives each node its range of pod addresses. Either it does not (--allocate-node-cidrs), or its --cluster-cidr is used up. Pods stay in ContainerCreating.',
    remedies: [
      {
        text: 'See which nodes have a range.',
        command: 'kubectl get nodes -o custom-columns=NAME:.metadata.name,CIDR:.spec.podCIDR',
        risk: 'none',
      },
      {
        text: 'Set --allocate-node-cidrs and --cluster-cidr of kube-controller-manager (kubeadm: networking.podSubnet), the same range as in the net-conf.json of flannel.',
        command: null,
        risk: 'low',
      },
    ],
    references: ['https://github.com/flannel-io/flannel/issues/728'],
  });
}

/** It tries each Typha, and exits when none answers; after a boot that happens before the first of them runs. */
function noTypha(trouble: LogTrouble, at: number): Finding {
  const where = namesIn(trouble.about, 2);
  const isApi = trouble.about.some((about) => about.startsWith('https:'));
  const hasExited = trouble.tallies.some(({ example = '' }) => example.includes('[FATAL]'));
  return logFinding(trouble, at, {
    id: 'unready-network-agent',
    severity: hasExited || trouble.lastHour >= again ? 'warning' : 'info',
    title: isApi
      ? `calico-node of this node does not reach the API server: ${where}`
      : `calico-node of this node does not reach Typha${where === '' ? '' : `: ${where}`}`,
    past: `calico-node of this node did not reach ${isApi ? 'the API server' : 'Typha'}`,
    summary: isApi
      ? 'It asks the address of the Service, which kube-proxy (or calico’s eBPF) must forward. Until then pods have no network, or keep old routes.'
      : 'Typha hands on what calico-node needs to know of the cluster. Until it answers, pods have no network, or keep old routes.',
    remedies: [
      isApi
        ? {
            text: 'See whether the address answers from this node, and whether kube-proxy runs here.',
            command: 'timeout 10 crictl ps --name kube-proxy',
            risk: 'none' as const,
          }
        : {
            text: 'See whether TCP port 5473 of the node of Typha is reached from here: a firewall or a security group often closes it.',
            command: portTest(trouble.about[0] ?? ''),
            risk: 'none' as const,
          },
    ],
    references: ['https://github.com/projectcalico/calico/issues/8404'],
  });
}

function portTest(endpoint: string): string | null {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(endpoint) ?? [];
  return host === undefined || port === undefined ? null : `nc -zvw 5 ${quote(host)} ${port}`;
}

function notReady(trouble: LogTrouble, at: number): Finding {
  const why = namesIn(trouble.about, 1);
  const isRoutes = /BIRD|BGP|confd/.test(trouble.about.join(' '));
  return logFinding(trouble, at, {
    id: 'unready-network-agent',
    severity: lasts(trouble) ? 'warning' : 'info',
    title: `calico-node of this node is not ready: ${why}`,
    past: `calico-node of this node was not ready: ${why}`,
    summary: isRoutes
      ? 'BIRD exchanges the routes to the pods of other nodes (BGP). Without it pods of this node may not reach those of others.'
      : 'Felix programs routes and policies. Until it is ready, new pods have no network, and policies are not applied.',
    remedies: [
      {
        text: 'Read what calico-node says.',
        command: 'timeout 10 crictl logs --tail 50 $(timeout 10 crictl ps -a --name calico-node -q | head -1)',
        risk: 'none',
      },
      isRoutes
        ? {
            text: 'See whether TCP port 179 of the other nodes is reached, and whether calico chose the right interface for its address (IP_AUTODETECTION_METHOD).',
            command: 'ss -tn state established "( sport = :179 or dport = :179 )"; ip -br address',
            risk: 'none' as const,
          }
        : {
            text: 'See whether it reaches the API server or Typha.',
            command: 'curl -s -m 5 http://localhost:9099/readiness -w "%{http_code}\\n"',
            risk: 'none' as const,
          },
    ],
    references: ['https://docs.tigera.io/calico/latest/operations/troubleshoot/troubleshooting'],
  });
}

/** Events and lines with a time tell how long; what was pasted without one tells how often. */
function lasts({ firstAt, lastAt, lastHour }: LogTrouble): boolean {
  return lastHour >= again && (firstAt === null || (lastAt ?? 0) - firstAt >= startsMs);
}
