import type { LogsModel } from '../model/logs/logs.ts';
import { type Finding, rule } from './engine/rule.ts';
import { has, hasStopped, hourly, logFinding, troubleIn } from './shared/log-trouble.ts';

/** One start with an expired certificate is a node that was off for long, and then gets a new one. */
const starts = 3;

/** The certificate with which the kubelet logs in to the API server has expired: the node becomes NotReady. */
export const expiredCertificate = rule({
  id: 'expired-certificate',
  needs: ['logs'],
  uses: [],
  matters: false,
  judge: ({ logs, at }) => {
    const trouble = troubleIn(logs, [
      'kubelet-certificate-expired',
      'kubelet-bootstrap-expired',
      'kubelet-no-bootstrap',
    ]);
    // Without a certificate that expired the kubelet was never joined to a cluster.
    if (trouble === null || !has(trouble, 'kubelet-certificate-expired', 'kubelet-bootstrap-expired')) {
      return invalidOf(logs, at);
    }
    const isLost =
      has(trouble, 'kubelet-certificate-expired', 'kubelet-no-bootstrap') ||
      hourly(trouble, 'kubelet-bootstrap-expired') >= starts;
    return [
      logFinding(trouble, at, {
        id: 'expired-certificate',
        severity: isLost ? 'critical' : 'info',
        title: 'The client certificate of the kubelet has expired',
        past: 'The client certificate of the kubelet had expired',
        summary:
          'The kubelet cannot log in to the API server, so the node becomes NotReady, and pods are neither started nor stopped. Running containers go on.',
        remedies: [
          {
            text: 'See until when it is valid, and whether the clock of the node is right.',
            command: 'date; openssl x509 -noout -enddate -in /var/lib/kubelet/pki/kubelet-client-current.pem',
            risk: 'none',
          },
          {
            text: 'Give the kubelet a kubelet.conf with a new certificate (with kubeadm: kubeadm kubeconfig user, on a control plane node), or a bootstrap token, then restart it. Containers continue.',
            command: 'systemctl restart kubelet',
            risk: 'low',
          },
        ],
        subjects: { daemons: ['kubelet'] },
        references: [
          'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/troubleshooting-kubeadm/#kubelet-client-cert',
        ],
      }),
    ];
  },
});

/** One is a client with an old certificate, or a clock that is set at the boot. */
const refusals = 2;

function stateOf(expired: string | undefined, early: string | undefined): string {
  if (expired !== undefined) return `has expired: the time is ${expired}`;
  return early === undefined ? 'has expired or is not valid yet' : `is not valid yet: the time is ${early}`;
}

/** Which certificate it is, the line does not say. */
function invalidOf(logs: LogsModel, at: number): Finding[] {
  const trouble = troubleIn(logs, ['certificate-invalid']);
  if (trouble === null) return [];
  const isOfClient = trouble.tallies.some(({ example = '' }) => example.includes('Unable to authenticate the request'));
  const whose = isOfClient ? 'A client of the API server' : 'The node, or the API server,';
  const expired = trouble.about.find((about) => about.startsWith('after '));
  const early = trouble.about.find((about) => about.startsWith('before '));
  const state = stateOf(expired, early);
  return [
    logFinding({ ...trouble, recent: trouble.recent && !hasStopped(trouble) }, at, {
      id: 'expired-certificate',
      severity:
        hourly(trouble, 'certificate-invalid') >= refusals || (expired !== undefined && !isOfClient)
          ? 'warning'
          : 'info',
      title: `${whose} has a certificate that ${state}`,
      past: `${whose} had a certificate that was not valid`,
      summary: isOfClient
        ? 'The API server refuses it: an agent or a kubelet that was not restarted for a year, a kubeconfig, or a node whose clock is wrong.'
        : `Calls to the API server fail, so the node becomes NotReady. ${early === undefined ? 'Either it has expired, or the clock of the node is wrong.' : 'The clock of the node is behind, or it was ahead when the certificate was made.'}`,
      remedies: [
        {
          text: 'See whether the clock of the node is right, and which certificate has expired.',
          command:
            'date; for f in /var/lib/kubelet/pki/*.pem /etc/kubernetes/pki/*.crt /var/lib/rancher/*/*/tls/*.crt /var/lib/rancher/*/agent/*.crt; do [ -f "$f" ] && openssl x509 -noout -enddate -in "$f" | sed "s|^|$f |"; done',
          risk: 'none',
        },
        {
          text: 'Renew it: kubeadm certs renew all, on a control plane node. k3s and RKE2 renew theirs when they are restarted, agents too.',
          command: null,
          risk: 'low',
        },
      ],
      references: ['https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/'],
    }),
  ];
}
