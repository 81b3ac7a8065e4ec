import { rule } from './engine/rule.ts';
import { hasStopped, hourly, logFinding, troubleIn } from './shared/log-trouble.ts';

const again = 3;

/** The datastore of Kubernetes on this node does not answer in time: the API server, and k3s, RKE2 or MicroK8s with it, fail. */
export const slowDatastore = rule({
  id: 'slow-datastore',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['datastore-timeout']);
    if (trouble === null) return [];
    const isDqlite = trouble.tallies.some(({ example = '' }) => /\(try: \d/.test(example));
    const store = isDqlite ? 'dqlite' : 'etcd';
    return [
      logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble) }, at, {
        id: 'slow-datastore',
        severity: hourly(trouble, 'datastore-timeout') >= again ? 'warning' : 'info',
        title: `The datastore of Kubernetes (${store}) does not answer in time`,
        past: `The datastore of Kubernetes (${store}) did not answer in time`,
        summary:
          'The API server needs it for every request, so the node becomes NotReady and its control plane is restarted. It waits for its disk, for the CPU, or for the other members.',
        remedies: [
          {
            text: 'See whether its disk is slow: each write waits for fdatasync, which should take less than 10ms.',
            command: 'cat /proc/pressure/io; iostat -x 1 3',
            risk: 'none',
          },
          {
            text: 'See whether most of its members are up and reached from here.',
            command: 'kubectl get nodes -o wide',
            risk: 'none',
          },
        ],
        references: ['https://etcd.io/docs/latest/faq/'],
      }),
    ];
  },
});
