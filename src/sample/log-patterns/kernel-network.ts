import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** net/core/dev.c, net/netfilter/nf_conntrack_core.c, net/core/neighbour.c from 3.10 to 6.18. */
export const kernelNetworkPatterns = {
  'netdev-refcount': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'network-device-stuck',
    meaning: 'the kernel waits for references to a network device',
    hints: ['unregister_netdevice'],
    patterns: [/unregister_netdevice: waiting for (?<about>\S+) to become free/],
  },
  // dev_watchdog() in net/sched/sch_generic.c; the second form since Linux 6.7, and then each time.
  'netdev-tx-timeout': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'network-device-timeout',
    meaning: 'a network device has sent nothing for seconds, though its link is up',
    hints: ['netdev watchdog'],
    patterns: [
      /NETDEV WATCHDOG: (?<about>[^\s:]+) \([^)]*\): transmit queue \d+ timed out/,
      /(?<about>[^\s:]+): NETDEV WATCHDOG: CPU: \d+: transmit queue \d+ timed out/,
    ],
  },
  // ena, e1000e, igb, ixgbe and i40e (to 4.x) notice it themselves; mlx5, bnxt and virtio_net log it each time that dev_watchdog() does.
  'netdev-driver-reset': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'network-device-timeout',
    meaning: 'a network device did not finish what it had to send in time; most drivers reset it then',
    hints: ['lost tx completions', 'unit hang', 'tx hang', 'tx timeout'],
    patterns: [
      /(?<about>\S{1,32}): (?:The number of lost tx completions is|Lost TX completions are) above the threshold/,
      /(?<about>\S{1,32}): Detected (?:Hardware|Tx) Unit Hang/,
      /(?<about>\S{1,32}): (?:tx hang (?:\d+ )?detected on queue|TX timeout (?:detected|on queue))/i,
    ],
  },
  // drivers/net/bonding/bond_main.c, bond_select_active_slave(); while a bond is set up, too.
  'bond-down': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'bond-down',
    meaning: 'a bond has no interface with a link',
    hints: ['without any active interface'],
    patterns: [/(?<about>[\w.-]{1,32}): now running without any active interface ?!/],
  },
  'bond-up': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'bond-down',
    meaning: 'a bond uses an interface that has a link',
    hints: ['new active one', 'active interface up'],
    patterns: [
      /(?<about>[\w.-]{1,32}): (?:\(slave [\w.-]{1,32}\): )?(?:making interface (?:[\w.-]{1,32} )?the new active one|(?:first )?active interface up)/,
    ],
  },
  'conntrack-full': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'the table of tracked connections is full: new connections are dropped',
    hints: ['conntrack: table full'],
    // A mail wraps the line behind the comma.
    patterns: [/(?<about>nf_conntrack|ip_conntrack): table full,/],
  },
  'neighbour-table-full': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'the neighbour (ARP) table is full: new peers cannot be reached',
    hints: ['neighbour table overflow', 'neighbor table overflow'],
    patterns: [/(?<about>arp_cache|ndisc_cache|neighbour)?:? ?neighbou?r table overflow/i],
  },
} as const satisfies LogPatterns;
