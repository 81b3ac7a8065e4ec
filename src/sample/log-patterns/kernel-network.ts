import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** net/core/dev.c, net/netfilter/nf_conntrack_core.c, net/core/neighbour.c from 3.10 to 6.18. */
export const kernelNetworkPatterns = {
  'netdev-refcount': {
    ...{ units, group: 'node', severity: 'warning', rule: 'network-device-stuck' },
    meaning: 'the kernel waits for references to a network device',
    hints: ['unregister_netdevice'],
    patterns: [/unregister_netdevice: waiting for (?<about>\S+) to become free/],
  },
  // dev_watchdog() in net/sched/sch_generic.c; the second form since Linux 6.7, and then each time.
  'netdev-tx-timeout': {
    ...{ units, group: 'node', severity: 'warning', rule: 'network-device-timeout' },
    meaning: 'a network device has sent nothing for seconds, though its link is up',
    hints: ['netdev watchdog'],
    patterns: [
      /NETDEV WATCHDOG: (?<about>[^\s:]+) \([^)]*\): transmit queue \d+ timed out/,
      /(?<about>[^\s:]+): NETDEV WATCHDOG: CPU: \d+: transmit queue \d+ timed out/,
    ],
  },
  'conntrack-full': {
    ...{ units, group: 'node', severity: 'warning', rule: 'kernel-limit-reached' },
    meaning: 'the table of tracked connections is full: new connections are dropped',
    hints: ['table full, dropping packet'],
    patterns: [/(?<about>nf_conntrack|ip_conntrack): table full, dropping packet/],
  },
  'neighbour-table-full': {
    ...{ units, group: 'node', severity: 'warning', rule: 'kernel-limit-reached' },
    meaning: 'the neighbour (ARP) table is full: new peers cannot be reached',
    hints: ['neighbour table overflow', 'neighbor table overflow'],
    patterns: [/(?<about>arp_cache|ndisc_cache|neighbour)?:? ?neighbou?r table overflow/i],
  },
} as const satisfies LogPatterns;
