import { type Finding, rule } from './engine/rule.ts';
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
    ]);
    if (trouble === null) return [];
    const isDqlite =
      has(trouble, 'dqlite-no-leader') || trouble.tallies.some(({ example = '' }) => /\(try: \d/.test(example));
    return [finding(trouble, isDqlite ? 'dqlite' : 'etcd', at)];
  },
});

function finding(trouble: LogTrouble, store: 'dqlite' | 'etcd', at: number): Finding {
  const isStranger = hourly(trouble, 'etcd-not-member') > 0;
  const isAlone = hourly(trouble, 'datastore-election', 'dqlite-no-leader') >= again;
  const isDisk = trouble.tallies.some(({ example = '' }) => /fdatasync|sync duration of/.test(example));
  const what = isStranger
    ? 'does not start: by its address this server is not a member'
    : isAlone
      ? 'has no leader'
      : isDisk
        ? 'is slow: its writes to the disk (fdatasync) take seconds'
        : 'does not answer in time';
  const was = isStranger
    ? 'did not start: by its address this server was not a member'
    : isAlone
      ? 'had no leader'
      : isDisk
        ? 'was slow: its writes to the disk (fdatasync) took seconds'
        : 'did not answer in time';
  const isSevere = isStranger || isAlone || hourly(trouble, 'datastore-stalled') >= stalls;
  const lines = hourly(trouble, 'datastore-timeout', 'datastore-stalled', 'datastore-slow');
  return logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble) }, at, {
    id: 'slow-datastore',
    severity: isSevere || lines >= again ? 'warning' : 'info',
    title: `The datastore of this node (${store}) ${what}`,
    past: `The datastore of this node (${store}) ${was}`,
    summary: isStranger
      ? 'The address of the node has changed since its etcd was made. Give it the old address (node-ip), or, where it is the only server, reset the cluster: k3s server --cluster-reset.'
      : isAlone
        ? 'A member that hears of no leader starts elections and answers no request: most of the other members are down, or are not reached from here.'
        : 'Each request of the API server, or of LXD, needs it: leases are lost, the node becomes NotReady, and the control plane is restarted. It waits for its disk, for the CPU, or for the other members.',
    remedies: [
      {
        text: 'See whether its disk is slow: each write waits for fdatasync, which should take less than 10ms.',
        command: 'cat /proc/pressure/io; iostat -x 1 3',
        risk: 'none',
      },
      {
        text: 'See whether most of its members are up and reached from here.',
        command: store === 'dqlite' ? null : 'kubectl get nodes -o wide',
        risk: 'none',
      },
    ],
    references: ['https://etcd.io/docs/latest/faq/'],
  });
}
