import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

/** etcd runs in a pod, in k3s, in RKE2 and in k0s, or as a unit of its own; dqlite in MicroK8s, LXD and Incus. */
const units: readonly LogUnit[] = ['kubelet', 'other'];

/** What took so long, in seconds. */
const slow = String.raw`(?<seconds>[1-4])(?:\.\d+)?s\b`;
const stalled = String.raw`(?:(?<seconds>[5-9]|\d{2})(?:\.\d+)?s|\d{1,3}m\d)`;

/** etcd server/storage/wal/wal.go, server/etcdserver/{util,raft}.go, 3.2 to 3.6: `took` in JSON from 3.4 on, in brackets before. */
const said = (took: string): readonly RegExp[] => [
  new RegExp(`slow fdatasync\\b.{0,20}\\btook\\W{1,6}${took}`),
  new RegExp(`\\bsync duration of ${took}`),
  new RegExp(`apply request took too long\\b.{0,20}\\btook\\W{1,6}${took}`),
  new RegExp(`apply entries took too long \\[${took}`),
  new RegExp(`took too long \\(${took}.{0,12}\\) to execute`),
  // k3s-io/kine pkg/util/metrics.go: SlowSQLThreshold is a second.
  new RegExp(`^Slow SQL ?\\(started: [^()]{1,100}\\) \\(total time: ${took}`),
];

const hints = ['slow fdatasync', 'sync duration of', 'took too long', 'slow sql'] as const;

export const datastorePatterns = {
  'datastore-stalled': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'slow-datastore',
    meaning: 'a write or a request of the datastore took five seconds or more',
    hints,
    patterns: said(stalled),
  },
  'datastore-slow': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'slow-datastore',
    meaning: 'a write or a request of the datastore took a second or more',
    hints,
    patterns: said(slow),
  },
  // go.etcd.io/raft: a member that hears of no leader; once for each restart of a member.
  'datastore-election': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'slow-datastore',
    meaning: 'a member of etcd has no leader and starts an election',
    hints: ['is starting a new election'],
    patterns: [/is starting a new election at term (?<about>\d{1,9})\b/],
  },
  // etcd server/etcdserver: ErrNoSpace of the applier; api/v3rpc/rpctypes words it otherwise for a client.
  'datastore-no-space': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'slow-datastore',
    meaning: 'etcd refuses a write: its database has reached its quota',
    hints: ['etcdserver: no space', 'database space exceeded'],
    patterns: [/etcdserver: (?:no space|mvcc: database space exceeded)/],
  },
  // SQLITE_BUSY, as mattn/go-sqlite3 words it: kine of k3s, and dqlite.
  'datastore-locked': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'slow-datastore',
    meaning: 'a request to the datastore failed: the SQLite database is locked by a write that takes long',
    hints: ['database is locked'],
    patterns: [/(?:sqlite3\.Error|kine|apiserver|\bcompact|etcdserver).{0,200}database is locked/i],
  },
  // canonical/raft src/uv*.c: what stands in the data directory is not what was written.
  'dqlite-start-failed': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'dqlite exited in its start: its files are damaged, or do not belong together',
    hints: ['start node: raft'],
    patterns: [/start node: (?<about>raft_start\(\): io: [^\n"\\]{1,140})/],
  },
  // k3s pkg/etcd, every five seconds: the address of the node is another than the one with which etcd was made.
  'etcd-not-member': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'slow-datastore',
    meaning: 'the etcd of k3s or RKE2 does not start: by its address this server is not one of its members',
    hints: ['member of the etcd cluster'],
    patterns: [
      /Failed to test etcd connection: this server is a? ?not a member of the etcd cluster(?:\. Found \[(?<about>[^\]]{1,200})\])?/,
    ],
  },
  // canonical/go-dqlite client/connector.go; LXD and Incus, at each attempt.
  'dqlite-no-leader': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'slow-datastore',
    meaning: 'dqlite has no leader: most of its members are not reached',
    hints: ['no available dqlite leader', 'no known leader'],
    patterns: [/no available dqlite leader server found/, /attempt \d{1,9}: server \S{1,100}: no known leader/],
  },
  // lxd/daemon.go, cmd/incusd/daemon.go: it exits after these words.
  'lxd-start-failed': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'LXD or Incus exited in its start, and said why',
    hints: ['failed to start the daemon', 'failed to start dqlite server'],
    patterns: [
      /Failed to start the daemon(?: err=|: |" err=)\\*"?(?<about>[^\n]{1,160})/,
      /^Error: (?<about>Failed to start dqlite server: [^\n]{1,120})/,
    ],
  },
} as const satisfies LogPatterns;
