import { type Case, finds, quiet } from './case.ts';
import { type Line, logged, repeated } from './log-node.ts';

const kubelet = 'kubelet[900]';
const k3s = 'k3s[910]';
const lxd = 'lxd.daemon[920]';

const one = (name: string, lines: readonly Line[], rule: ReturnType<typeof finds>): Case => ({
  name,
  scene: logged(lines),
  expected: [rule],
});

const refused =
  '"Unable to register node with API server" err="Post \\"https://10.0.0.5:6443/api/v1/nodes\\": dial tcp 10.0.0.5:6443: connect: connection refused" node="node-7"';
const registered = '"Successfully registered node" node="node-7"';
const unauthorized = '"Failed to ensure lease exists, will retry" err="Unauthorized" interval="7s"';
const deleted = 'Error updating node status, will retry: error getting node "node-7": nodes "node-7" not found';
const password =
  'level=info msg="Waiting to retrieve agent configuration; server is not ready: Node password rejected, duplicate hostname or contents of \'/etc/rancher/node/password\' may not match server node-passwd entry"';
const etcd = (msg: string, took: string): string =>
  `{"level":"warn","ts":"2026-11-21T11:58:36.000Z","caller":"etcdserver/util.go:163","msg":"${msg}","took":"${took}","expected-duration":"100ms"}`;
const election = '{"level":"info","logger":"raft","msg":"a3ec072c51c0d67b is starting a new election at term 254"}';
const noLeader = 'level=warning msg="Dqlite: attempt 3: server 1: no known leader"';
const unmount = (pause: string): string =>
  `Operation for "x" failed. No retries permitted until 2026-11-21 11:59:31 +0000 UTC (durationBeforeRetry ${pause}). Error: UnmountVolume.TearDown failed for volume "data" (UniqueName: "kubernetes.io/nfs/data") pod "0731" (UID: "0731") : remove /var/lib/kubelet/pods/0731/volumes/kubernetes.io~nfs/data: device or resource busy`;
const unmounted =
  'UnmountVolume.TearDown succeeded for volume "kubernetes.io/nfs/data" (OuterVolumeSpecName: "data") pod "0731" (UID: "0731"). InnerVolumeSpecName "data".';
const noDriver =
  'MountVolume.MountDevice failed for volume "pvc-d378" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name nfs.csi.k8s.io not found in the list of registered CSI drivers';
const noStatus = '"Skipping pod synchronization" err="container runtime status check may not have completed yet"';
const noSnapshot =
  'Error: failed to create containerd container: failed to create prepare snapshot dir: failed to create temp dir: stat /data/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots: no such file or directory';
const mismatch =
  'Error: failed to create containerd task: OCI runtime create failed: nvidia-container-cli: initialization error: nvml error: driver/library version mismatch: unknown';
const bridge =
  'Failed to create pod sandbox: rpc error: code = Unknown desc = error adding pod default_web to CNI network "cbr0": plugin type="flannel" failed (add): failed to delegate add: failed to set bridge addr: "cni0" already has an IP address different from 172.20.0.1/24';
const client = `client.driver_mgr.docker: failed to create container: attempt=1 error="Post http://unix.sock/containers/create?name=web-1: net/http: request canceled (Client.Timeout exceeded while awaiting headers)"`;
const proxy =
  'Failed to execute iptables-restore: exit status 4 (Another app is currently holding the xtables lock. Perhaps you want to use the -w option?';
const panicked = '"Observed a panic" panic="runtime error: invalid memory address or nil pointer dereference"';
const forbidden =
  'failed to update node lease, error: leases.coordination.k8s.io "node-7" is forbidden: can only access node lease with the same name as the requesting node';
const lateRetry = (pause: string): string =>
  `"Failed to ensure lease exists, will retry" err="Get \\"https://10.0.0.5:6443/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-7?timeout=10s\\": net/http: request canceled (Client.Timeout exceeded while awaiting headers)" interval="${pause}"`;
const noBird =
  '"Probe failed" probeType="Readiness" pod="kube-system/calico-node-x" containerName="calico-node" output="calico/node is not ready: BIRD is not ready: Error querying BIRD: unable to connect to BIRDv4 socket"';
const noRange = 'failed to register network: failed to acquire lease: node "node-7" pod cidr not assigned';
const teardown = (error: string): string =>
  `level=error msg="StopPodSandbox for \\"4ea7\\" failed" error="failed to destroy network for sandbox \\"4ea7\\": plugin type=\\"multus\\" failed (delete): ${error}"`;
const expiredCall = (limit: string): string =>
  `"Failed to contact API server" err="Get \\"https://10.0.0.5:6443/\\": x509: certificate has expired or is not yet valid: current time 2026-11-21T11:58:20Z is ${limit}"`;
const full = 'failed to allocate for range 0: no IP addresses available in range set: 172.22.5.1-172.22.5.254';
const containerd = 'containerd[700]';
const pull = (why: string): string =>
  `Failed to pull image "web:1": rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/library/web:1": ${why}`;
const limited = pull('429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit');
const away = pull('failed to do request: Head "https://registry-1.docker.io/v2/": dial tcp 192.0.2.7:443: i/o timeout');
const slice =
  '"RunPodSandbox from runtime service failed" err="rpc error: code = Unknown desc = failed to create containerd task: OCI runtime create failed: expected cgroupsPath to be of format \\"slice:prefix:name\\" for systemd cgroups, got \\"/kubepods/burstable/poda668\\" instead: unknown"';
const noTypha = (level: string): string =>
  `2026-11-21 11:58:48.624 [${level}][22737] felix/daemon.go 532: Failed to connect to Typha error=connection to typhas ([{192.0.2.8:5473 node-3 0xc0}]) failed`;
const unheard =
  '  Ready   Unknown   Sat, 21 Nov 2026 11:50:50 +0000   Sat, 21 Nov 2026 11:51:30 +0000   NodeStatusUnknown Kubelet stopped posting node status.';
const stopped =
  'Failed to create pod sandbox: rpc error: code = Unknown desc = container create failed: container_linux.go:366: starting container process caused: process_linux.go:472: container init caused: ';
const anew = 'Pod sandbox changed, it will be killed and re-created.';
const aborted =
  '"Observed a panic" panic="killing connection/stream because serving request timed out and response had been started"';

/** Nodes and what they are part of: the API server, the datastore, volumes, clients of the engine. */
export const faultsOfLoggedClusters: readonly Case[] = [
  one(
    'The API server refuses connections for three minutes',
    repeated(20, 9, 5, kubelet, refused),
    finds('unreachable-api-server'),
  ),
  one('The API server does not accept the kubelet', repeated(4, 7, 3, kubelet, unauthorized), finds('refused-node')),
  one('The node was deleted from the cluster', repeated(4, 10, 3, kubelet, deleted), finds('refused-node')),
  one(
    'k3s rejects the password of a node that was installed anew',
    repeated(5, 5, 3, k3s, password),
    finds('refused-node'),
  ),
  one(
    'The disk below etcd stalls',
    [
      [30, k3s, etcd('slow fdatasync', '7.454439372s')],
      [25, k3s, etcd('apply request took too long', '9.997793255s')],
    ],
    finds('slow-datastore'),
  ),
  one('etcd has no leader', repeated(8, 2, 1, k3s, election), finds('slow-datastore')),
  one('The database of LXD has no leader', repeated(4, 4, 1, lxd, noLeader), finds('slow-datastore')),
  one(
    'LXD cannot start',
    [[20, lxd, 'level=error msg="Failed to start the daemon" err="Failed to start dqlite server: raft_start()"']],
    finds('crash-loop'),
  ),
  one(
    'A volume has been in use for minutes after its pod',
    repeated(2, 122, 20, kubelet, unmount('2m2s')),
    finds('busy-volume'),
  ),
  one(
    'A CSI driver has not registered for ten minutes',
    repeated(10, 60, 20, kubelet, noDriver),
    finds('failed-volume'),
  ),
  one('The runtime never tells its status', repeated(30, 5, 3, kubelet, noStatus), finds('runtime-not-responding')),
  one('The snapshots of containerd are gone', repeated(3, 15, 5, kubelet, noSnapshot), finds('missing-content')),
  one('The NVIDIA driver was upgraded, and not loaded', repeated(3, 15, 5, kubelet, mismatch), finds('gpu-fault')),
  one(
    'The bridge has the address of an earlier cluster',
    repeated(2, 13, 5, kubelet, bridge),
    finds('failed-network-setup'),
  ),
  one('dockerd does not answer Nomad', repeated(3, 60, 5, 'nomad[930]', client), finds('engine-not-responding')),
  one(
    'An event that stands for ten others was pasted without its count',
    [
      [
        30,
        kubelet,
        '(combined from similar events): Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "b638": plugin type="multus" failed (add): CNI request failed with status 400',
      ],
    ],
    finds('failed-network-setup'),
  ),
  one(
    'containerd cannot read its configuration',
    [[15, 'containerd[700]', 'containerd: failed to load TOML from /etc/containerd/config.toml: invalid plugin key']],
    finds('crash-loop', { daemons: ['containerd'] }),
  ),
  one(
    'The address of a k3s server has changed',
    repeated(
      3,
      5,
      2,
      k3s,
      'level=info msg="Failed to test etcd connection: this server is a not a member of the etcd cluster. Found [n1=https://10.0.0.5:2380]"',
    ),
    finds('slow-datastore'),
  ),
  one(
    'kube-proxy waits for the xtables lock all the time',
    repeated(5, 15, 3, 'kube-proxy[940]', proxy),
    finds('xtables-lock'),
  ),
  one('A node was renamed, and its certificate was not', repeated(3, 10, 2, kubelet, forbidden), finds('refused-node')),
  one(
    'The seventh try to renew a lease ran into its timeout',
    [[5, kubelet, lateRetry('7s')]],
    finds('unreachable-api-server'),
  ),
  one('flannel asks for a pod CIDR every second', repeated(6, 1, 2, kubelet, noRange), finds('unready-network-agent')),
  one('BIRD has not answered for six minutes', repeated(13, 30, 5, kubelet, noBird), finds('unready-network-agent')),
  one(
    'The network of a sandbox cannot be taken down in two tries',
    repeated(2, 61, 2, containerd, teardown('delegateDel: error in getting result from DelNetworkList')),
    finds('failed-network-setup'),
  ),
  one(
    'host-local has given out its whole range',
    [[9, kubelet, `NetworkPlugin cni failed to set up pod "web_default" network: ${full}`]],
    finds('failed-network-setup'),
  ),
  one(
    'A certificate has expired, according to one call',
    [[9, kubelet, expiredCall('after 2026-11-20T07:45:55Z')]],
    finds('expired-certificate'),
  ),
  one('A registry limits the pulls of this node', repeated(3, 60, 2, kubelet, limited), finds('failed-pull')),
  one('A registry does not answer', repeated(3, 60, 2, kubelet, away), finds('failed-pull')),
  one('The kubelet has the driver cgroupfs, containerd systemd', [[9, kubelet, slice]], finds('failed-sandbox')),
  one('Felix exits without Typha', [[9, kubelet, noTypha('FATAL')]], finds('unready-network-agent')),
  one('The API server has not heard of the kubelet', [[9, kubelet, unheard]], finds('unreachable-api-server')),
  one(
    'Sandboxes fail within one minute, and are made anew each time',
    [...repeated(3, 1, 9, kubelet, stopped), ...repeated(5, 1, 9, kubelet, anew)],
    finds('failed-sandbox'),
  ),
  one('The kubelet panics', [[15, kubelet, panicked]], finds('crash-loop', { daemons: ['kubelet'] })),
];

/** The same words on nodes that are well. */
export const healthyLoggedClusters: readonly Case[] = [
  quiet(
    'A control plane node boots: its own API server comes 80 seconds later',
    logged([...repeated(10, 8, 110, kubelet, refused), [100, kubelet, registered]]),
  ),
  quiet('The API server is restarted for half a minute', logged(repeated(4, 9, 3, kubelet, refused))),
  quiet(
    'The API server was away for minutes, and has been back for a while',
    logged(repeated(20, 9, 400, kubelet, refused)),
  ),
  quiet('A token was renewed at that moment', logged([[30, kubelet, unauthorized]])),
  quiet(
    'k3s waited for its server, then started',
    logged([
      [
        40,
        k3s,
        'level=info msg="Waiting to retrieve agent configuration; server is not ready: 503 Service Unavailable"',
      ],
      [20, k3s, 'level=info msg="k3s agent is up and running"'],
    ]),
  ),
  quiet(
    'Requests to etcd take some hundred milliseconds',
    logged(repeated(30, 10, 3, k3s, etcd('apply request took too long', '342.115626ms'))),
  ),
  quiet(
    'A snapshot of the virtual machine stalled etcd once',
    logged([[50, k3s, etcd('slow fdatasync', '5.454439372s')]]),
  ),
  quiet('A member of etcd was restarted: one election', logged([[50, k3s, election]])),
  quiet(
    'A volume was in use for a moment',
    logged([
      [20, kubelet, unmount('500ms')],
      [19, kubelet, unmount('1s')],
      [17, kubelet, unmounted],
    ]),
  ),
  quiet('A node starts, and the pod of its CSI driver is pulled first', logged(repeated(8, 10, 3, kubelet, noDriver))),
  quiet('A kubelet starts, and the runtime answers after twenty seconds', logged(repeated(4, 5, 3, kubelet, noStatus))),
  quiet('kube-proxy waited for the xtables lock once', logged([[30, 'kube-proxy[940]', proxy]])),
  quiet(
    'Ten events that stand for one another, of something that is well',
    logged([[30, kubelet, '(combined from similar events): Successfully pulled image "web:1" in 111ms']]),
  ),
  quiet(
    'The configuration of containerd was wrong, and is corrected',
    logged([
      [60, 'containerd[700]', 'containerd: failed to load TOML from /etc/containerd/config.toml: invalid plugin key'],
      [20, 'containerd[700]', 'level=info msg="containerd successfully booted in 0.03s"'],
    ]),
  ),
  quiet('A lease could not be renewed for ten seconds', logged([[5, kubelet, lateRetry('800ms')]])),
  quiet('Three lines of one try of a sandbox', logged(repeated(3, 1, 9, kubelet, stopped))),
  quiet('A registry was away for one pull, which four lines say', logged(repeated(4, 1, 30, kubelet, away))),
  quiet(
    'An image of a pod does not exist',
    logged(repeated(5, 60, 2, kubelet, pull('failed to resolve reference "docker.io/library/web:1": not found'))),
  ),
  quiet('calico-node tries another Typha', logged([[30, kubelet, noTypha('WARNING')]])),
  quiet(
    'A node is ready',
    logged([[9, kubelet, unheard.replace('Unknown', 'True').replace('NodeStatusUnknown', 'KubeletReady')]]),
  ),
  quiet('calico-node starts within two minutes', logged(repeated(5, 30, 5, kubelet, noBird))),
  quiet('flannel waited for the pod CIDR of a new node once', logged([[60, kubelet, noRange]])),
  quiet(
    'The agent of the network starts, and its plugin waits for it',
    logged(repeated(2, 61, 2, containerd, teardown('dial unix /run/multus.sock: connect: connection refused'))),
  ),
  quiet('The clock was set after the boot', logged([[9, kubelet, expiredCall('before 2026-11-21T12:45:55Z')]])),
  quiet('A create in Nomad was late once', logged([[30, 'nomad[930]', client]])),
  quiet('A server of the API gave up a request, and recovered', logged(repeated(3, 20, 3, k3s, aborted))),
];
