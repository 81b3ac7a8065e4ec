import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kubelet'];

/** What a kubelet does to keep its node in the cluster: at its start, every ten seconds, and every ten seconds with another pause. */
const heartbeat =
  '(?:Unable to register node|[Ff]ailed to ensure (?:node )?lease exists, will retry|[Ff]ailed to update (?:node )?lease|[Ee]rror updating node status, will retry)';

const heartbeatHints = [
  ...(['unable to register node', 'lease exists, will retry', 'failed to update lease'] as const),
  ...(['failed to update node lease', 'updating node status, will retry'] as const),
] as const;

/** Of net(3) and crypto/tls, as Go words them. */
const unreached =
  '(?:connection refused|no route to host|network is unreachable|no such host|i/o timeout|TLS handshake timeout|Client\\.Timeout exceeded|context deadline exceeded|connection reset by peer|use of closed network connection|http2: client connection lost)';

/** kubernetes pkg/kubelet/kubelet_node_status.go, component-helpers/apimachinery/lease; k3s pkg/agent/config and pkg/clientaccess. */
export const apiServerPatterns = {
  'api-server-unreachable': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'unreachable-api-server',
    meaning: 'the kubelet does not reach the API server',
    hints: [...heartbeatHints, 'failed to list '],
    patterns: [
      // client-go tools/cache/reflector.go: what the kubelet watches, listed anew every second at first, every minute later. CoreDNS and others say it of their own watches.
      new RegExp(
        `^k8s\\.io/kubernetes/pkg/kubelet/\\S{1,60}: [Ff]ailed to list \\*v1\\.(?:Node|Pod|Service|CSIDriver|RuntimeClass): .*?https:\\/\\/(?<about>[\\w.-]{1,100}(?::\\d{1,5})?|\\[[0-9a-f:]{2,45}\\](?::\\d{1,5})?)[/?].*${unreached}`,
      ),
      new RegExp(
        `${heartbeat}.*?https:\\/\\/(?<about>[\\w.-]{1,100}(?::\\d{1,5})?|\\[[0-9a-f:]{2,45}\\](?::\\d{1,5})?)[/?].*${unreached}`,
      ),
    ],
  },
  // pkg/controller/nodelifecycle: a condition in kubectl describe node, 40 to 50s after the last lease.
  'node-status-unknown': {
    units: ['kubelet', 'other'],
    group: 'node',
    severity: 'warning',
    rule: 'unreachable-api-server',
    meaning: 'the API server has heard nothing of the kubelet: the conditions of the node are unknown',
    hints: ['kubelet stopped posting node status'],
    patterns: [/^\s*Ready\s+Unknown\s.*NodeStatusUnknown\s+Kubelet stopped posting node status/],
  },
  'node-unauthorized': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'refused-node',
    meaning: 'the API server does not accept the credentials of the kubelet',
    hints: heartbeatHints,
    patterns: [new RegExp(`${heartbeat}.*(?:[:"= ])(?<about>Unauthorized)`)],
  },
  // plugin/pkg/auth/authorizer/node and plugin/pkg/admission/noderestriction: a node may change what has its own name only.
  'node-forbidden': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'refused-node',
    meaning: 'the API server forbids the kubelet to act for its node: its certificate is in another name',
    hints: ['node lease with the same name', 'is not allowed to modify node'],
    patterns: [
      /leases\.coordination\.k8s\.io \\*"(?<about>[\w.-]{1,100})\\*" is forbidden: .*can only access node lease with the same name as the requesting node/,
      /nodes \\*"(?<about>[\w.-]{1,100})\\*" is forbidden: node \\*"[^"\\]{1,100}\\*" is not allowed to modify node/,
    ],
  },
  // A kubelet registers its node once, at its start.
  'node-deleted': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'refused-node',
    meaning: 'the node of this kubelet is not in the cluster any more',
    hints: ['updating node status, will retry'],
    patterns: [
      /[Ee]rror updating node status, will retry.*error getting node .*: (?:nodes?) \\*"?(?<about>[\w.-]{1,100})\\*"? not found/,
    ],
  },
  'join-refused': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'refused-node',
    meaning: 'the server does not let this node join: its password or its token is not the right one',
    hints: ['node password rejected', 'token ca hash does not match', 'token does not match', '401 unauthorized'],
    patterns: [
      /(?<about>Node password) rejected/,
      /(?<about>token CA hash) does not match the Cluster CA certificate hash/,
      /(?<about>token) does not match the server/,
      /(?:Failed to retrieve agent config|server is not ready|failed to get CA certs): \S{1,200}: (?<about>401 Unauthorized)/,
    ],
  },
} as const satisfies LogPatterns;
