import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kubelet'];

/**
 * What the kubelet's client logs if the runtime has not answered within its deadline (two minutes for most calls). Up to
 * Kubernetes 1.8 gRPC wrote codes as numbers.
 */
const overdue = '(?:DeadlineExceeded|code = 4 |context deadline exceeded|operation timeout|i/o timeout)';

/** The runtime does answer: it was a registry, the plugin of the pod network, or the server that a plugin asks, that did not. */
const ofOthers =
  '(?!.*(?:failed to (?:get sandbox|pull|pull and unpack) image|dial tcp |cni failed to (?:set up|teardown) pod|(?:setup|destroy) network for sandbox))';

/** A call of the kubelet on a path of its own failed like this; what a probe prints is of a container. */
const ofVolume = (error: string): RegExp =>
  new RegExp(
    String.raw`^(?!.*(?:\bprobe|OCI runtime exec failed)).*\/kubelet\/(?<about>(?:pods|plugins)\/[^\s:"\\]{1,200}): ${error}`,
    'i',
  );

/** kubernetes pkg/kubelet/{pleg,kuberuntime,cri,eviction,images} from 1.9. */
export const kubeletPatterns = {
  'kubelet-stop-failed': {
    units,
    group: 'stop',
    severity: 'warning',
    rule: 'failed-stop',
    meaning: 'the kubelet’s request to stop a container failed',
    hints: ['from runtime service failed'],
    patterns: [/StopContainer (?:"(?<container>[^"]*)" )?from runtime service failed/],
  },
  'kubelet-kill-failed': {
    units,
    group: 'stop',
    severity: 'warning',
    rule: 'failed-stop',
    meaning: 'the kubelet could not kill a container',
    hints: ['kill container failed', 'termination failed with graceperiod', 'killcontainererror'],
    // A container that is gone is what was asked for.
    patterns: [
      /(?:Kill container failed|termination failed with gracePeriod|KillContainerError)(?!.*(?:code = NotFound|no such container))/i,
    ],
  },
  'kubelet-sandbox-stop-failed': {
    units,
    group: 'stop',
    severity: 'warning',
    rule: 'failed-stop',
    meaning: 'the kubelet could not stop a pod’s sandbox',
    hints: ['from runtime service failed', 'failed to stop sandbox', 'killpodsandboxerror'],
    patterns: [
      /StopPodSandbox (?:"(?<container>[^"]*)" )?from runtime service failed/,
      /Failed to stop sandbox|KillPodSandboxError/,
    ],
  },
  'kubelet-remove-failed': {
    units,
    group: 'removal',
    severity: 'warning',
    rule: 'failed-removal',
    meaning: 'the kubelet could not remove a container',
    hints: ['from runtime service failed', 'failed to remove container', 'have not been cleaned up'],
    // A container that is gone is what was asked for.
    patterns: [
      /RemoveContainer (?:"(?<container>[^"]*)" )?from runtime service failed(?!.*(?:code = NotFound|no such container|already in removing state))/i,
      /Failed to remove container(?: "(?<container>[^"]*)")?(?!.*(?:code = NotFound|no such container|already in removing state))/i,
      /is terminated, but some containers have not been cleaned up/i,
    ],
  },
  // pkg/kubelet/cm/pod_container_manager_linux.go, after five tries of libcontainer within 150 ms.
  'pod-cgroup-kept': {
    units,
    group: 'removal',
    severity: 'info',
    rule: 'failed-removal',
    meaning: 'the kubelet could not remove the control group of a pod',
    hints: ['failed to delete cgroup paths'],
    patterns: [/[Ff]ailed to delete cgroup paths\b.{0,80}?\bpod(?<about>[0-9a-f-]{32,36})\b/],
  },
  'message-too-large': {
    units: ['kubelet', 'containerd', 'crio'],
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'the list of containers is larger than gRPC lets through (16 MiB): too many dead containers are kept',
    hints: ['message larger than max'],
    patterns: [/(?:send|received) message larger than max \(\d+ vs\. \d+\)/],
  },
  'pleg-unhealthy': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'runtime-not-responding',
    meaning: 'the kubelet could not list the containers in time (PLEG)',
    hints: ['pleg was last seen active', 'genericpleg'],
    // Each start of the kubelet logs "pleg has yet to be successful" (before 1.14 that it was last seen 292 years ago), each restart of
    // the runtime "Unavailable".
    patterns: [
      /PLEG is not healthy: pleg was last seen active (?!2562047h)|GenericPLEG: Unable to retrieve pods(?!.*(?:Unavailable|connection refused))/,
    ],
  },
  'runtime-down': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'runtime-not-responding',
    meaning: 'the kubelet considers the container runtime down',
    hints: ['container runtime is down'],
    patterns: [/container runtime is down/],
  },
  // pkg/kubelet/kubelet.go, every five seconds until the runtime has answered for the first time.
  'runtime-status-unknown': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'the kubelet still waits for the first status of the runtime',
    hints: ['container runtime status check may not have completed'],
    patterns: [/container runtime status check may not have completed yet(?!, PLEG is not healthy: pleg has yet)/],
  },
  // A probe's own timeout, usually one second: the command is slow, which says little about the runtime.
  'exec-sync-timeout': {
    units: ['kubelet', 'containerd', 'crio'],
    group: 'node',
    severity: 'info',
    rule: 'runtime-not-responding',
    meaning: 'a command in a container (usually a probe) did not finish in time',
    hints: ['execsync'],
    patterns: [new RegExp(`ExecSync (?:"?(?<container>[0-9a-f]{64})"?)?.*(?:failed|timeout).*${overdue}`)],
  },
  'runtime-call-timeout': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'the runtime did not answer a call of the kubelet in time',
    hints: [
      ...(['from runtime service failed', 'from image service failed', 'podsandboxstatus of sandbox'] as const),
      ...(['garbage collection failed', 'failed to get container status', 'failed to update image list'] as const),
    ],
    patterns: [
      // What polls the runtime for the kubelet itself.
      new RegExp(
        `(?:[Cc]ontainer garbage collection failed|Failed to (?:get container status|update image list)).*${overdue}`,
      ),
      new RegExp(`(?<about>PodSandboxStatus) of sandbox "(?<container>[0-9a-f]{12,64})".* error: .*${overdue}`),
      new RegExp(
        String.raw`(?<about>(?:List|Run|Create|Start|Container|PodSandbox|Update|Reopen|Status|Version|Image|Attach|Exec\b)\w*)(?: (?:"(?<container>[0-9a-f]{12,64})"|"[^"]{1,300}"|[^"]{0,300}?))? from (?:runtime|image) service failed${ofOthers}.*${overdue}`,
      ),
    ],
  },
  'pod-sync-timeout': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'the kubelet could not bring a pod up to date: the runtime did not answer in time',
    hints: ['error syncing pod'],
    patterns: [
      new RegExp(String.raw`Error syncing pod${ofOthers} (?:\S+ \("(?<about>[^"(]{1,120}))?.*${overdue}`),
      new RegExp(`Error syncing pod${ofOthers}.*${overdue}.* pod="(?<about>[^"]{1,120})"`),
    ],
  },
  'reinspection-failed': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'the kubelet could not read the state of a pod again',
    hints: ['failed reinspection'],
    patterns: [/PLEG: pod (?<about>\S{1,120}) failed reinspection/, /failed reinspection.*pod="(?<about>[^"]{1,120})"/],
  },
  'image-disk-high': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'filesystem-full',
    meaning: 'the image filesystem is over the kubelet’s high threshold; it removes unused images',
    hints: ['over the high threshold'],
    patterns: [/(?<about>image filesystem) is over the high threshold/],
  },
  'image-gc-failed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'filesystem-full',
    meaning: 'the kubelet removed all unused images, and the image filesystem is still too full',
    hints: ['to free bytes down', 'bytes, but freed', 'bytes, but only found', 'failed to garbage collect'],
    patterns: [
      /failed to garbage collect required amount of (?<about>images)/i,
      /wanted to free \d+ bytes, but (?:freed|only found)/i,
      /attempted to free \d+ bytes, but only found/i,
    ],
  },
  'eviction-reclaim': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'filesystem-full',
    meaning: 'the node is short of disk, inodes or pids: the kubelet reclaims, and evicts pods next',
    hints: ['attempting to reclaim', 'node was low on resource', 'diskpressure'],
    patterns: [
      /^\s*(?<about>DiskPressure)\s+True\s.*KubeletHasDiskPressure\b/,
      // An event, or the status of a pod: `Message: The node was …`, `web-1 Evicted The node was …`.
      /^(?:Message:\s+|(?:\S{1,253}\s+)?Evicted\s+)?The node was low on resource: (?<about>ephemeral-storage|inodes|imagefs|nodefs|pids)/,
      /^The node had condition: \[(?<about>DiskPressure)\]/,
      /(?:Recording |status is now: )NodeHas(?<about>DiskPressure)/,
      /attempting to reclaim"? resourceName="?(?<about>ephemeral-storage|inodes|imagefs|nodefs|pids)/,
      /must evict pod\(s\) to reclaim (?<about>ephemeral-storage|inodes|imagefs|nodefs|pids)/,
      /attempting to reclaim (?<about>ephemeral-storage|inodes|imagefs|nodefs|pids)/i,
    ],
  },
  // pkg/kubelet/eviction/eviction_manager.go: unused images and containers were enough.
  'eviction-avoided': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'filesystem-full',
    meaning: 'the kubelet freed enough, and evicts no pod',
    hints: ['without evicting pods', 'nodehasnodiskpressure'],
    patterns: [
      /(?:Recording |status is now: )NodeHasNo(?<about>DiskPressure)/,
      /able to reduce resource pressure without evicting pods\."? resourceName="?(?<about>ephemeral-storage|inodes|imagefs|nodefs|pids|memory)/,
      /able to reduce (?<about>ephemeral-storage|inodes|imagefs|nodefs|pids|memory) pressure without evicting pods/,
    ],
  },
  // pkg/kubelet/certificate/transport.go, every ten seconds while it is so.
  'kubelet-certificate-expired': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'expired-certificate',
    meaning: 'the certificate with which the kubelet logs in to the API server has expired',
    hints: ['active client certificate'],
    patterns: [/The currently active client certificate has expired/],
  },
  // pkg/kubelet/certificate/bootstrap/bootstrap.go, at a start; with a token that is valid the kubelet then gets a new one.
  'kubelet-bootstrap-expired': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'expired-certificate',
    meaning: 'the kubelet was started with a certificate that has expired',
    hints: ['bootstrap client certificate'],
    patterns: [/part of the existing bootstrap client certificate (?:in (?<about>\/\S{1,200}) )?is expired/i],
  },
  // etcd client v3 (k3s, RKE2, the API server); canonical/kine of MicroK8s. While etcd starts, its port refuses.
  'datastore-timeout': {
    units: ['kubelet', 'other'],
    group: 'node',
    severity: 'warning',
    rule: 'slow-datastore',
    meaning: 'the datastore of Kubernetes did not answer in time',
    hints: ['retrying of unary invoker failed', 'local etcd status', 'data store connection', 'try: '],
    patterns: [
      /^(?:retrying of unary invoker failed|Failed to check local etcd status|Failed to test data store connection)(?!.*(?:connection refused|connection error)).*deadline exceeded/,
      /query \(try: \d{1,3}\): context deadline exceeded/,
    ],
  },
  // crypto/x509 on either side of the API server. What a registry, a webhook or a probe says is of another certificate.
  'certificate-invalid': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'expired-certificate',
    meaning: 'a certificate between the node and the API server is not valid at this time',
    hints: ['has expired or is not yet valid'],
    // Go 1.14 and later say which of the two it is.
    patterns: [
      /^(?!.*(?:pull|image|manifest|registry|webhook|probe)).*x509: certificate has expired or is not yet valid(?:: current time \S{1,40} is (?<about>(?:before|after) \d{4}-\d\d-\d\d))?/i,
    ],
  },
  'kubelet-no-bootstrap': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'expired-certificate',
    meaning: 'the kubelet has nothing with which it could get a certificate, and exits',
    hints: ['load bootstrap kubeconfig'],
    patterns: [/unable to load bootstrap kubeconfig: stat (?<about>\/\S{1,200}): no such file/],
  },
  // cmd/kubelet/app/server.go and pkg/kubelet/kubelet.go: it exits with these words.
  'kubelet-start-failed': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'the kubelet exited in its start, and said why',
    hints: ['failed to run kubelet: ', 'failed to start containermanager'],
    patterns: [
      /failed to run Kubelet: (?:failed to create kubelet: )?(?!unable to load bootstrap kubeconfig|.{0,100}inotify)(?<about>[^\n]{1,100})/i,
      /Failed to start ContainerManager"?(?: err=\\*"|:)? ?(?<about>[^\n]{1,100})/,
    ],
  },
  // pkg/kubelet/kubelet.go; k3s and RKE2 hold a kubelet, and say it of themselves.
  'kubelet-started': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'crash-loop',
    meaning: 'the kubelet, or what holds it, finished its start',
    hints: ['starting kubelet main sync loop', 'is up and running', 'successfully registered node'],
    patterns: [
      /Starting kubelet main sync loop|^(?:k3s|rke2)(?: agent)? is up and running|Successfully registered node/i,
    ],
  },
  // pkg/kubelet/kubelet.go and the runtime's status, every five seconds; on each node until its CNI agent has started.
  'network-not-ready': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'failed-network-setup',
    meaning: 'the kubelet has no network for pods: there is no CNI configuration, or its plugin is not initialized',
    hints: ['reason:networkpluginnotready'],
    patterns: [/reason:NetworkPluginNotReady\b/],
  },
  // pkg/kubelet/kubelet_volumes.go
  'orphaned-volumes': {
    units,
    group: 'removal',
    severity: 'info',
    rule: 'leaked-mount',
    meaning: 'directories of volumes are left of a pod that is gone, and the kubelet does not remove them',
    hints: ['orphaned pod'],
    patterns: [/orphaned pod \\*"(?<about>[0-9a-f-]{36})\\*" found, but/i],
  },
  // ENOTCONN, ESTALE, EHOSTDOWN and EIO of stat(2) and the like.
  'volume-not-connected': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'dead-volume',
    meaning: 'a volume answers that it is not connected: the FUSE daemon of its mount is gone',
    hints: ['transport endpoint is not connected'],
    patterns: [ofVolume('transport endpoint is not connected')],
  },
  'volume-stale': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'dead-volume',
    meaning: 'a volume answers that it is stale: the file server does not know it any more',
    hints: ['stale nfs file handle', 'stale file handle'],
    patterns: [ofVolume('stale (?:NFS )?file handle')],
  },
  'volume-host-down': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'dead-volume',
    meaning: 'a volume answers that its host is down: the CIFS server is not reached',
    hints: ['host is down'],
    patterns: [ofVolume('host is down')],
  },
  'volume-io-error': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'dead-volume',
    meaning: 'a volume answers with I/O errors: its filesystem shut down, or its disk is gone',
    hints: ['input/output error'],
    patterns: [ofVolume('input/output error')],
  },
  // pkg/kubelet/oom/oom_watcher_linux.go, as an event.
  'system-oom-event': {
    units,
    group: 'memory',
    severity: 'warning',
    rule: 'oom-kill',
    meaning: 'the kubelet saw that the kernel killed a process, because the node ran out of memory',
    hints: ['system oom encountered'],
    patterns: [/^System OOM encountered(?:, victim process: (?<comm>.{1,64}), pid: (?<pid>\d{1,10}))?/],
  },
  'eviction-memory': {
    units,
    group: 'memory',
    severity: 'warning',
    rule: 'oom-kill',
    meaning: 'the node is short of memory: the kubelet evicts pods',
    hints: ['attempting to reclaim', 'node was low on resource', 'insufficientmemory'],
    patterns: [
      /(?:status is now: |Recording )NodeHasInsufficient(?<about>Memory)/,
      /^\s*(?<about>Memory)Pressure\s+True\s.*KubeletHasInsufficientMemory\b/,
      /attempting to reclaim"?(?: resourceName="?)?\s?(?<about>memory)/i,
      /^(?:Message:\s+|(?:\S{1,253}\s+)?Evicted\s+)?The node was low on resource: (?<about>memory)/,
    ],
  },
} as const satisfies LogPatterns;
