import { rule } from './engine/rule.ts';
import { has, hourly, logFinding, troubleIn } from './shared/log-trouble.ts';

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
    if (trouble === null || !has(trouble, 'kubelet-certificate-expired', 'kubelet-bootstrap-expired')) return [];
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
