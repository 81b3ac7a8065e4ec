import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const daemon: readonly LogUnit[] = ['multipathd'];
const kernel: readonly LogUnit[] = ['kernel'];

/** `drbd r0: `, `drbd r0/0 drbd1: ` and `block drbd1: ` are of a resource, `drbd r0 node-2: ` is of a peer. */
const ofResource = String.raw`^(?:drbd (?<device>[\w.-]{1,64})(?:\/\d+ drbd\d+)?|block (?<about>drbd\d+)): (?:.{0,200} )?`;
const ofPeer = String.raw`^drbd (?<device>[\w.-]{1,64}(?: [\w.-]{1,64})?): (?:.{0,200} )?`;

/** The ways to a disk: multipathd (libmultipath/structs_vec.c, multipathd/main.c from 0.7 to 0.11), DRBD 8.4 and 9 (drbd_state.c). */
export const diskPathPatterns = {
  // It counts what is left after each path that fails or comes back.
  'multipath-no-path': {
    units: daemon,
    group: 'disk',
    severity: 'critical',
    rule: 'disk-errors',
    meaning: 'a multipath disk has no path left: its requests wait or fail',
    hints: ['remaining active paths: 0', 'entering recovery mode'],
    patterns: [/^(?<device>[\w.:-]{1,64}): (?:remaining active paths: 0\b|Entering recovery mode)/],
  },
  'multipath-checker-down': {
    units: daemon,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'multipathd finds a path to a disk down',
    hints: ['checker reports path is down', 'path offline', 'checker failed path', 'checker timed out'],
    patterns: [
      /^checker failed path \S{1,32} in map (?<device>[\w.:-]{1,64})/,
      /^(?<device>[\w.:-]{1,64}): [\w!-]{1,32} - (?:\w{1,16} checker (?:reports path is down|timed out)|path offline)/,
    ],
  },
  'multipath-paths-left': {
    units: daemon,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'a multipath disk has paths: one came back, or one of several failed',
    hints: ['remaining active paths: ', 'checker reports path is up', 'reinstated'],
    patterns: [
      /^(?<device>[\w.:-]{1,64}): (?:remaining active paths: [1-9]|[\w!-]{1,32} - \w{1,16} checker reports path is up)/,
      /^\S{1,32}: reinstated/,
    ],
  },
  // open-iscsi, usr/initiator.c and io.c: the kernel itself does not log a connection that works again.
  'iscsi-back': {
    units: ['iscsid'],
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'a connection to an iSCSI target works again',
    hints: ['is operational after recovery'],
    patterns: [/connection(?<about>\d+):\d+ is operational after recovery/],
  },
  // A session that ends on request and one that iscsid gave up are said alike.
  'iscsi-logout': {
    units: ['iscsid'],
    group: 'disk',
    severity: 'info',
    rule: 'unstable-iscsi',
    meaning: 'a session with an iSCSI target ended',
    hints: ['is shutdown'],
    patterns: [
      /[Cc]onnection\d+:\d+ to \[target: (?<about>[^,\]]{1,100}), [^\]]{1,100}\] through \[iface: [^\]]{1,60}\] is shutdown/,
    ],
  },
  'iscsi-login': {
    units: ['iscsid'],
    group: 'disk',
    severity: 'info',
    rule: 'unstable-iscsi',
    meaning: 'a session with an iSCSI target began',
    hints: ['is operational now'],
    patterns: [
      /[Cc]onnection\d+:\d+ to \[target: (?<about>[^,\]]{1,100}), [^\]]{1,100}\] through \[iface: [^\]]{1,60}\] is operational now/,
    ],
  },
  'iscsi-unreachable': {
    units: ['iscsid'],
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'iscsid cannot connect to an iSCSI target',
    hints: ['connect to '],
    patterns: [/connect to (?<about>\S{1,100}) failed \(/],
  },
  'drbd-suspended': {
    units: kernel,
    group: 'disk',
    severity: 'critical',
    rule: 'disk-errors',
    meaning: 'DRBD suspends the I/O of a resource: no quorum, no disk, or a peer that must be fenced',
    hints: ['drbd'],
    // By `user` is a person or a script: drbdadm suspend-io, as around a snapshot.
    patterns: [new RegExp(String.raw`${ofResource}susp(?:-io)?\( ?(?:no|0) -> (?!(?:no|0)\b(?!-)|user ?\))`)],
  },
  'drbd-resumed': {
    units: kernel,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'DRBD goes on with the I/O of a resource',
    hints: ['drbd'],
    patterns: [new RegExp(String.raw`${ofResource}susp(?:-io)?\( ?(?!no |0 )[\w,-]+ -> (?:no|0)\b(?!-)`)],
  },
  // Another node has it open, or no quorum: drbd_open() in drbd_main.c, and the end of a request in drbd_req.c.
  'drbd-not-primary': {
    units: kernel,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'DRBD refuses to make a resource writable here: another node has it, or a peer does not agree',
    hints: ['drbd'],
    patterns: [
      new RegExp(`${ofResource}Auto-promote failed`),
      new RegExp(`${ofResource}Rejected WRITE request, not in Primary role`),
    ],
  },
  // drbd_send_and_submit() in drbd_req.c: no disk of its own, and no peer with current data.
  'drbd-no-data': {
    units: kernel,
    group: 'disk',
    severity: 'critical',
    rule: 'disk-errors',
    meaning: 'DRBD fails requests: neither the disk of this node nor a peer has the data',
    hints: ['neither local nor remote data'],
    patterns: [new RegExp(`${ofResource}IO ERROR: neither local nor remote data`)],
  },
  'drbd-primary': {
    units: kernel,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'a DRBD resource is writable here',
    hints: ['drbd'],
    patterns: [new RegExp(String.raw`${ofResource}role\( ?Secondary -> Primary`)],
  },
  // A peer that is stopped on purpose goes through TearDown.
  'drbd-peer-lost': {
    units: kernel,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'DRBD lost the connection to a peer: what is written reaches fewer nodes',
    hints: ['drbd'],
    patterns: [
      new RegExp(String.raw`${ofPeer}conn\( \S+ -> (?:NetworkFailure|Timeout|BrokenPipe) \)`),
      new RegExp(`${ofPeer}PingAck did not arrive in time`),
    ],
  },
  'drbd-peer-back': {
    units: kernel,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'DRBD is connected to a peer again',
    hints: ['drbd'],
    patterns: [new RegExp(String.raw`${ofPeer}conn\( \S+ -> (?:Connected|WFReportParams) \)`)],
  },
} as const satisfies LogPatterns;
