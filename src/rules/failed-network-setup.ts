import { type Finding, type Remedy, rule } from './engine/rule.ts';
import {
  hasStopped,
  hourly,
  isAggregated,
  type LogTrouble,
  logFinding,
  namesIn,
  troubleIn,
} from './shared/log-trouble.ts';

/** It does not heal by itself. */
const bridgeRemedy: Remedy = {
  text: 'The bridge has an address of another range, of an earlier configuration. Drain the node, delete the bridge, and let the plugin make it anew; pods on it lose their network.',
  command: 'ip link delete cni0',
  risk: 'high',
};

/** While its agent starts, a CNI plugin fails a few times on each node. */
const again = 5;
/** One can be late, while the address of a pod that ends is not free yet. */
const exhausted = 2;
/** host-local names the whole range, which has more addresses than the kubelet starts pods (254 of a /24, and 110). */
const wholeRange = /^[0-9a-f.:]+-[0-9a-f.:]+$/;
/** A try again is a minute later at the latest. */
const nextTryMs = 50_000;

/** The CNI agent of a node starts within minutes: its image is pulled first. Our own judgement. */
const agentStartsMs = 300_000;
/** The kubelet says so every five seconds. */
const saidEveryMs = 60_000;

const bootMs = 120_000;

/** The network of pods cannot be set up or taken down: their sandboxes stay, or do not start. */
export const failedNetworkSetup = rule({
  id: 'failed-network-setup',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const unready = troubleIn(logs, ['network-not-ready']);
    if (unready !== null && lasts(unready)) return [notReady(unready, at)];
    const trouble = troubleIn(logs, [
      'network-setup-failed',
      'network-teardown-failed',
      'no-pod-address',
      'bridge-address',
    ]);
    if (trouble === null) return [];
    const used = troubleIn(logs, ['no-pod-address']);
    if (used !== null && isExhausted(used)) return [noAddress(used, at)];
    const isOld = hourly(trouble, 'bridge-address') > 0;
    // An event that comes again is often pasted once, and what the kubelet does then as often as it did it.
    const anew = troubleIn(logs, ['sandbox-changed'], saidEveryMs);
    const retries = anew?.recent === true && isLong(anew) ? hourly(anew, 'sandbox-changed') : 0;
    const named = trouble.tallies.flatMap(({ sign, about }) => (sign === 'no-pod-address' ? [] : (about ?? [])));
    const plugin = named.length === 0 ? '' : ` (${namesIn([...new Set(named)])})`;
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble) }, at, {
        id: 'failed-network-setup',
        severity:
          isOld ||
          isAggregated(trouble) ||
          (isTriedAgain(trouble) && troubleIn(logs, ['network-plugin-waits']) === null) ||
          hourly(trouble, 'network-setup-failed', 'network-teardown-failed') + retries >= again
            ? 'warning'
            : 'info',
        title: `The CNI plugin${plugin} fails: pods get no network, or keep theirs`,
        past: `The CNI plugin${plugin} failed`,
        summary:
          'Sandboxes cannot be started or stopped while the network plugin fails, so pods stay in ContainerCreating or Terminating.',
        remedies: [
          ...(isOld ? [bridgeRemedy] : []),
          {
            text: 'Look at the plugin’s agent on this node and at its files in /etc/cni/net.d.',
            command: 'ls -l /etc/cni/net.d',
            risk: 'none',
          },
        ],
      }),
    ];
  },
});

function isExhausted(used: LogTrouble): boolean {
  return hourly(used, 'no-pod-address') >= exhausted || used.about.some((about) => wholeRange.test(about));
}

/** The plugin failed in two tries, and does not only wait for its agent: that does not heal by itself. */
function isTriedAgain({ firstAt, lastAt, lastHour }: LogTrouble): boolean {
  return lastHour > 1 && firstAt !== null && (lastAt ?? 0) - firstAt >= nextTryMs;
}

/** Each node says so for a while after its start. A condition of the node has no time: it is so now. */
function lasts({ firstAt, lastAt, agoMs }: LogTrouble): boolean {
  if (firstAt === null || lastAt === null) return true;
  return lastAt - firstAt >= agentStartsMs && (agoMs ?? 0) <= saidEveryMs;
}

/** After a boot the kubelet makes the sandboxes of all pods anew, within a minute or two. */
function isLong({ firstAt, lastAt }: LogTrouble): boolean {
  return firstAt !== null && lastAt !== null && lastAt - firstAt >= bootMs;
}

function notReady(trouble: LogTrouble, at: number): Finding {
  return logFinding(trouble, at, {
    id: 'failed-network-setup',
    severity: 'warning',
    title: 'The pod network of the node is not ready: CNI is not configured',
    past: 'The pod network of the node was not ready',
    summary:
      'The runtime finds no CNI configuration, or its plugin is not initialized. The node stays NotReady, and only pods with hostNetwork start.',
    remedies: [
      {
        text: 'See whether there is a configuration. The CNI agent (a DaemonSet, such as calico-node, cilium or aws-node) writes it: look at the agent’s pod on this node.',
        command: 'ls -l /etc/cni/net.d; timeout 10 crictl ps -a | grep -iE "calico|cilium|flannel|aws-node|cni"',
        risk: 'none',
      },
    ],
    references: ['https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/network-plugins/'],
  });
}

function noAddress(trouble: LogTrouble, at: number): Finding {
  const range = trouble.about.length === 0 ? '' : ` (${namesIn(trouble.about)})`;
  return logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble) }, at, {
    id: 'failed-network-setup',
    severity: 'warning',
    title: `No IP address is left for pods of this node${range}`,
    past: `No IP address was left for pods of this node${range}`,
    summary:
      'The network plugin has given out every address of its range, so new pods stay in ContainerCreating. Either there are as many pods as addresses, or addresses of pods that are gone were never given back.',
    remedies: [
      {
        text: 'Compare the addresses that are given out with the pods that run: each file is an address and holds the id of its sandbox. More files than sandboxes are a leak.',
        command: 'ls /var/lib/cni/networks/*/ | grep -c "\\."; timeout 10 crictl pods -q | wc -l',
        risk: 'none',
      },
      {
        text: 'Of a leak, remove the files of sandboxes that no longer exist, with the kubelet stopped. Otherwise give the node a larger range, or fewer pods (maxPods).',
        command: null,
        risk: 'high',
      },
    ],
    references: ['https://github.com/kubernetes/kubernetes/issues/57280'],
  });
}
