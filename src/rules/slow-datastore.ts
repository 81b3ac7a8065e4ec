import { type Finding, type Remedy, rule } from './engine/rule.ts';
import { has, hasStopped, hourly, type LogTrouble, logFinding, troubleIn } from './shared/log-trouble.ts';

const again = 3;
/** One such may be a snapshot of the virtual machine. */
const stalls = 2;

/** The datastore of Kubernetes or of LXD on this node does not answer in time, or has no leader: what is built on it fails. */
export const slowDatastore = rule({
  id: 'slow-datastore',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, [
      'datastore-timeout',
      'datastore-stalled',
      'datastore-slow',
      'datastore-election',
      'dqlite-no-leader',
      'etcd-not-member',
      'datastore-no-space',
      'datastore-locked',
    ]);
    return trouble === null ? [] : [finding(trouble, storeOf(trouble), at)];
  },
});

type Store = 'dqlite' | 'etcd' | 'kine';

function storeOf(trouble: LogTrouble): Store {
  const examples = trouble.tallies.flatMap(({ example }) => example ?? []);
  if (has(trouble, 'dqlite-no-leader') || examples.some((line) => /\(try: \d/.test(line))) return 'dqlite';
  return examples.some((line) => /^Slow SQL|database is locked/.test(line)) ? 'kine' : 'etcd';
}

/** What is wrong, as it is and as it was. */
function stateOf(trouble: LogTrouble): readonly [now: string, past: string] {
  if (has(trouble, 'datastore-no-space')) {
    return ['refuses writes: its database has reached its quota', 'refused writes: its database had reached its quota'];
  }
  if (hourly(trouble, 'etcd-not-member') > 0) {
    return [
      'does not start: by its address this server is not a member',
      'did not start: by its address this server was not a member',
    ];
  }
  if (isAlone(trouble)) return ['has no leader', 'had no leader'];
  if (has(trouble, 'datastore-locked'))
    return ['is locked by writes that take long', 'was locked by writes that took long'];
  return isOfDisk(trouble)
    ? [
        'is slow: its writes to the disk (fdatasync) take seconds',
        'was slow: its writes to the disk (fdatasync) took seconds',
      ]
    : ['does not answer in time', 'did not answer in time'];
}

const isAlone = (trouble: LogTrouble): boolean => hourly(trouble, 'datastore-election', 'dqlite-no-leader') >= again;

const isOfDisk = ({ tallies }: LogTrouble): boolean =>
  tallies.some(({ example = '' }) => /fdatasync|sync duration of/.test(example));

function summaryOf(trouble: LogTrouble): string {
  if (has(trouble, 'datastore-no-space')) {
    return 'It answers reads only until its history is compacted, its file is defragmented and the alarm is disarmed. What writes so much, often events or leases of one controller, must stop.';
  }
  if (hourly(trouble, 'etcd-not-member') > 0) {
    return 'The address of the node has changed since its etcd was made. Give it the old address (node-ip), or, where it is the only server, reset the cluster: k3s server --cluster-reset.';
  }
  return isAlone(trouble)
    ? 'A member that hears of no leader starts elections and answers no request: most of the other members are down, or are not reached from here.'
    : 'Each request of the API server, or of LXD, needs it: leases are lost, the node becomes NotReady, and the control plane is restarted. It waits for its disk, for the CPU, or for the other members.';
}

function finding(trouble: LogTrouble, store: Store, at: number): Finding {
  const isFull = has(trouble, 'datastore-no-space');
  const isStranger = hourly(trouble, 'etcd-not-member') > 0;
  const [state, past] = stateOf(trouble);
  const isSevere =
    isStranger ||
    isAlone(trouble) ||
    has(trouble, 'datastore-locked') ||
    hourly(trouble, 'datastore-stalled') >= stalls;
  const lines = hourly(trouble, 'datastore-timeout', 'datastore-stalled', 'datastore-slow');
  return logFinding({ ...trouble, recent: trouble.recent && (isFull || !hasStopped(trouble)) }, at, {
    id: 'slow-datastore',
    severity: isFull ? 'critical' : isSevere || lines >= again ? 'warning' : 'info',
    title: `The datastore of this node (${store}) ${state}`,
    past: `The datastore of this node (${store}) ${past}`,
    summary: summaryOf(trouble),
    remedies: isFull ? fullRemedies : remediesOf(store),
    references: ['https://etcd.io/docs/latest/faq/'],
  });
}

const fullRemedies: readonly Remedy[] = [
  {
    text: 'See how large the database is, and whether the alarm NOSPACE is set.',
    command: 'etcdctl endpoint status -w table; etcdctl alarm list',
    risk: 'none',
  },
  {
    text: 'Compact the history, defragment each member, then disarm the alarm. Raise --quota-backend-bytes if the data needs more.',
    command: 'etcdctl defrag --cluster && etcdctl alarm disarm',
    risk: 'low',
  },
];

function remediesOf(store: Store): readonly Remedy[] {
  return [
    {
      text: 'See whether its disk is slow: each write waits for fdatasync, which should take less than 10ms.',
      command: 'cat /proc/pressure/io; iostat -x 1 3',
      risk: 'none',
    },
    store === 'kine'
      ? {
          text: 'SQLite is for a single server and a small cluster: give it a faster disk, or move the cluster to etcd (k3s server --cluster-init).',
          command: 'ls -lh /var/lib/rancher/k3s/server/db',
          risk: 'none',
        }
      : {
          text: 'See whether most of its members are up and reached from here.',
          command: store === 'dqlite' ? null : 'kubectl get nodes -o wide',
          risk: 'none',
        },
  ];
}
