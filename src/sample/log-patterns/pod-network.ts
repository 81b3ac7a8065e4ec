import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

/** What probes say is in the kubelet's log and in its events; what an agent says itself, in the log of its pod. */
const units: readonly LogUnit[] = ['kubelet', 'other'];

/** The agents that make the network of pods work on each node. */
export const podNetworkPatterns = {
  // projectcalico/calico node/pkg/health and confd: what its probes print. On each node for moments after its start.
  'calico-not-ready': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'unready-network-agent',
    meaning: 'calico-node says that it is not ready',
    hints: ['calico/node is not ready', 'bgp peering established'],
    patterns: [
      /calico\/node is not ready: (?<about>BIRDv?6? is not ready: BGP not established with [0-9a-f.:,]{3,60})/,
      /calico\/node is not ready: (?<about>\w[\w/]{1,20} is not (?:ready|live))/i,
      /(?<about>Number of node\(s\) with BGP peering established = 0)/,
    ],
  },
  // calico felix/daemon, typha/pkg/syncclient and node/pkg: what calico-node itself says; FATAL ends the program.
  'typha-unreachable': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'unready-network-agent',
    meaning: 'calico-node does not reach Typha, or the API server that names it',
    hints: ['failed to connect to typha', 'typha service endpoints', 'typha discovery enabled but'],
    patterns: [
      /Failed to connect to typha endpoint (?<about>[\w.:[\]-]{3,80}?)\. /i,
      /Failed to connect to Typha\b.*?(?:dial tcp |\(\[\{)(?<about>[\w.:-]{3,80}?)(?:: |\s)/,
      /(?:Unable to get Typha service endpoints|Typha discovery enabled but discovery failed).*(?<about>API server|https:\/\/[\w.:[\]-]{3,80})/,
    ],
  },
  // flannel-io/flannel pkg/subnet/kube and main.go: it waits for what the controller manager writes into the node, or exits without it.
  'no-pod-cidr': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'unready-network-agent',
    meaning: 'the node has no range of addresses for its pods (spec.podCIDR)',
    hints: ['pod cidr not assigned'],
    patterns: [/failed to acquire lease: node \\*"(?<about>[\w.-]{1,100})\\*" pod cidr not assigned/],
  },
} as const satisfies LogPatterns;
