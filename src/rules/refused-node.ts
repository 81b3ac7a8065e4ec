import { type Remedy, rule } from './engine/rule.ts';
import { has, hasStopped, type LogTrouble, logFinding, namesIn, troubleIn } from './shared/log-trouble.ts';

/** A token that is renewed at that moment is refused once; what is tried every few seconds is refused again. */
const again = 2;
const nextTryMs = 60_000;

/** The cluster refuses this node: its credentials, its password or its token are not those that the server knows. */
export const refusedNode = rule({
  id: 'refused-node',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, ['node-unauthorized', 'node-forbidden', 'node-deleted', 'join-refused']);
    if (trouble === null) return [];
    const isBack = logs.tallies.some(
      ({ sign, lastAt }) => sign === 'kubelet-started' && lastAt !== null && lastAt >= (trouble.lastAt ?? 0),
    );
    const { title, past, summary, remedies } = wordsOf(trouble);
    return [
      logFinding({ ...trouble, recent: trouble.recent && !isBack && !hasStopped(trouble, nextTryMs) }, at, {
        id: 'refused-node',
        severity: trouble.lastHour >= again ? 'critical' : 'info',
        title,
        past,
        summary,
        remedies,
        subjects: { daemons: has(trouble, 'join-refused') ? [] : ['kubelet'] },
      }),
    ];
  },
});

interface Words {
  readonly title: string;
  readonly past: string;
  readonly summary: string;
  readonly remedies: readonly Remedy[];
}

function wordsOf(trouble: LogTrouble): Words {
  if (has(trouble, 'join-refused')) return joinWords(trouble);
  if (has(trouble, 'node-forbidden')) return nameWords(trouble);
  if (has(trouble, 'node-deleted')) {
    const node = namesIn(trouble.about, 1);
    return {
      title: `The cluster has no node ${node}: the kubelet cannot report its status`,
      past: `The cluster had no node ${node}`,
      summary:
        'The node was deleted from the cluster while its kubelet runs, by a person, an autoscaler or a cloud controller. The kubelet registers its node only when it starts.',
      remedies: [
        {
          text: 'Restart the kubelet: it registers the node again. Containers continue.',
          command: 'systemctl restart kubelet',
          risk: 'low',
        },
      ],
    };
  }
  return {
    title: 'The API server does not accept the credentials of the kubelet: Unauthorized',
    past: 'The API server did not accept the credentials of the kubelet',
    summary: 'The kubelet cannot renew its lease, so the node becomes NotReady. Running containers go on.',
    remedies: [
      {
        text: 'See whose certificate it has and until when, and whether the clock of the node is right. A cluster that was made anew has another CA.',
        command:
          'date; openssl x509 -noout -subject -issuer -enddate -in /var/lib/kubelet/pki/kubelet-client-current.pem',
        risk: 'none',
      },
    ],
  };
}

function nameWords(trouble: LogTrouble): Words {
  const node = namesIn(trouble.about, 1);
  return {
    title: `The API server forbids the kubelet to act for node ${node}: its certificate is in another name`,
    past: `The API server forbade the kubelet to act for node ${node}`,
    summary:
      'The kubelet cannot renew the lease of its node, so the node becomes NotReady. The node was renamed or cloned, or --hostname-override changed: the certificate has the earlier name.',
    remedies: [
      {
        text: 'Compare the name in the certificate (CN) with that of the node.',
        command: 'hostname; openssl x509 -noout -subject -in /var/lib/kubelet/pki/kubelet-client-current.pem',
        risk: 'none',
      },
      {
        text: 'Give the kubelet the name that its certificate has (--hostname-override), or let the node join anew under its own name.',
        command: null,
        risk: 'low',
      },
    ],
  };
}

function joinWords(trouble: LogTrouble): Words {
  const isPassword = trouble.about.some((about) => about.toLowerCase().includes('password'));
  return {
    title: isPassword
      ? 'The server rejects the password of this node: it cannot join the cluster'
      : 'The token of this node is not that of the cluster: it cannot join',
    past: isPassword
      ? 'The server rejected the password of this node'
      : 'The token of this node was not that of the cluster',
    summary: isPassword
      ? 'k3s and RKE2 keep a password for each name of a node. A node that was installed anew, or a second one of the same name, has another. The agent tries again for ever.'
      : 'The agent of k3s or RKE2 tries again for ever. Either the token is wrong, or the server was installed anew and has another CA.',
    remedies: isPassword
      ? [
          {
            text: 'If no other node has this name, delete its password on a server; the node then joins by itself.',
            command: 'kubectl -n kube-system delete secret NODE.node-password.k3s',
            risk: 'low',
          },
        ]
      : [
          {
            text: 'Compare the token of this node with that of the server, then restart the agent.',
            command: 'cat /var/lib/rancher/*/server/node-token',
            risk: 'none',
          },
        ],
  };
}
