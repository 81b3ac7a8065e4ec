import { quote } from '../base/shell-word.ts';
import type { LogsModel } from '../model/logs/logs.ts';
import { type Finding, rule } from './engine/rule.ts';
import { type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** The kubelet renews its lease every ten seconds, and tries at least every ten when that fails. */
const saidEveryMs = 60_000;
/** An API server that is restarted is back within a minute; after about as long without a lease the node is NotReady. */
const lastsMs = 60_000;
const again = 2;

/** The kubelet does not reach the API server: the node becomes NotReady, and its pods are made anew elsewhere. */
export const unreachableApiServer = rule({
  id: 'unreachable-api-server',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['api-server-unreachable'], saidEveryMs);
    if (trouble === null) return unheard(logs, at);
    const isBack = logs.tallies.some(
      ({ sign, lastAt }) => sign === 'kubelet-started' && lastAt !== null && lastAt >= (trouble.lastAt ?? 0),
    );
    const [server] = trouble.about;
    const where = trouble.about.length === 0 ? '' : ` (${namesIn(trouble.about, 2)})`;
    return [
      logFinding({ ...trouble, recent: trouble.recent && !isBack }, at, {
        id: 'unreachable-api-server',
        severity: lasts(trouble) ? 'critical' : 'info',
        title: `The kubelet does not reach the API server${where}`,
        past: `The kubelet did not reach the API server${where}`,
        summary:
          'The node is NotReady after about 40s without a lease, and after five minutes its pods are evicted. Running containers go on.',
        remedies: [
          {
            text: 'See whether the API server, or the load balancer before it, answers from this node.',
            command: server === undefined ? null : `curl -gsk -m 10 ${quote(`https://${server}/livez`)}`,
            risk: 'none',
          },
          {
            text: 'On a control plane node, see whether its containers run and what they said last: the API server needs etcd.',
            command: "timeout 10 crictl ps -a --name 'kube-apiserver|etcd'",
            risk: 'none',
          },
        ],
        subjects: { daemons: ['kubelet'] },
        references: ['https://kubernetes.io/docs/concepts/architecture/nodes/#node-heartbeats'],
      }),
    ];
  },
});

/** The other side of it: what was pasted of kubectl describe node. */
function unheard(logs: LogsModel, at: number): Finding[] {
  const trouble = troubleIn(logs, ['node-status-unknown']);
  if (trouble === null) return [];
  return [
    logFinding(trouble, at, {
      id: 'unreachable-api-server',
      severity: 'warning',
      title: 'The kubelet does not report to the API server: the conditions of the node are unknown',
      past: 'The kubelet did not report to the API server',
      summary:
        'The kubelet does not run, hangs, or does not reach the API server; or the node is down. After five minutes its pods are evicted.',
      remedies: [
        {
          text: 'On the node, see whether the kubelet runs, and what it says.',
          command: 'systemctl status kubelet --no-pager; journalctl -u kubelet -n 50 --no-pager',
          risk: 'none',
        },
      ],
      subjects: { daemons: ['kubelet'] },
      references: ['https://kubernetes.io/docs/concepts/architecture/nodes/#condition'],
    }),
  ];
}

/** Lines without a time may all be of now. */
function lasts(trouble: LogTrouble): boolean {
  const { firstAt, lastAt, lastHour } = trouble;
  if (isLateRetry(trouble)) return true;
  return lastHour >= again && (firstAt === null || (lastAt ?? 0) - firstAt >= lastsMs);
}

/**
 * The pause between two tries is doubled from 200 ms up to 7s (component-helpers/apimachinery/lease): one of 7s follows seven failures. Where
 * each waited for its timeout of ten seconds, the first was more than a minute ago; a server that is restarted refuses at once.
 */
function isLateRetry({ tallies }: LogTrouble): boolean {
  return tallies.some(
    ({ example = '' }) =>
      /will retry in 7s,|interval="7s"/.test(example) &&
      /timeout=10s.*(?:Client\.Timeout|deadline) exceeded/.test(example),
  );
}
