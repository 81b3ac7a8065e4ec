import type { SignLine } from './pattern-lines.ts';

const klog = (message: string): string => `E1121 06:42:01.123456    1234 file.go:276] ${message}`;
const id = 'c30bc32ac3030bdd789834d1212db4ab0ceb9c9bb572670a709b571805300d91';

/** What kubelets say of their place in the cluster, and of the network and the volumes of their pods. */
export const nodeLines: readonly SignLine[] = [
  [
    'api-server-unreachable',
    '1.13, a lease that exists',
    klog(
      'failed to update node lease, error: Put https://10.0.0.5:8443/apis/coordination.k8s.io/v1beta1/namespaces/kube-node-lease/leases/n?timeout=10s: read tcp 10.0.0.9:52274->10.0.0.5:8443: read: connection reset by peer',
    ),
    null,
  ],
  [
    'node-forbidden',
    '1.16',
    klog(
      'failed to update node lease, error: leases.coordination.k8s.io "10.0.0.9" is forbidden: can only access node lease with the same name as the requesting node',
    ),
    null,
  ],
  [
    'node-forbidden',
    '1.26, the authorizer',
    klog(
      '"Failed to ensure lease exists, will retry" err="leases.coordination.k8s.io \\"n2\\" is forbidden: User \\"system:node:n1\\" cannot get resource \\"leases\\" in API group \\"coordination.k8s.io\\" in the namespace \\"kube-node-lease\\": can only access node lease with the same name as the requesting node" interval="7s"',
    ),
    null,
  ],
  [
    'node-forbidden',
    'a registration',
    klog(
      '"Unable to register node with API server" err="nodes \\"n2\\" is forbidden: node \\"n1\\" is not allowed to modify node \\"n2\\"" node="n2"',
    ),
    null,
  ],
  [
    'calico-not-ready',
    'an event',
    '  Warning  Unhealthy  83s (x1234 over 7h22m)  kubelet  Readiness probe failed: calico/node is not ready: BIRD is not ready: Error querying BIRD: unable to connect to BIRDv4 socket: dial unix /var/run/calico/bird.ctl: connect: resource temporarily unavailable',
    null,
  ],
  [
    'calico-not-ready',
    'peers',
    'calico/node is not ready: BIRD is not ready: BGP not established with 10.0.3.142,10.0.3.78',
    null,
  ],
  [
    'calico-not-ready',
    'its first line',
    '  Warning  Unhealthy  4m20s (x9 over 9m)  kubelet  Readiness probe failed: 2022-11-21 01:46:49.282 [INFO][1063] confd/health.go 180: Number of node(s) with BGP peering established = 0',
    null,
  ],
  [
    'no-pod-cidr',
    'flannel 0.11',
    klog('Error registering network: failed to acquire lease: node "n1" pod cidr not assigned'),
    null,
  ],
  [
    'network-plugin-waits',
    'dockershim',
    klog(
      'NetworkPlugin cni failed to teardown pod "web_default" network: dial tcp 127.0.0.1:50051: connection refused',
    ),
    null,
  ],
  [
    'network-setup-failed',
    'dockershim',
    klog('Error while adding to cni network: Unable to create endpoint: context deadline exceeded'),
    null,
  ],
  [
    'wait-kill-timeout',
    'containerd 1.2',
    `an error occurs during waiting for container "${id}" init process to be killed: wait container "${id}" stop timeout`,
    id,
  ],
  [
    'volume-unmount-stuck',
    'a block volume',
    klog(
      'Operation for "x" failed. No retries permitted until 2023-10-26 03:17:00 +0000 UTC (durationBeforeRetry 2m2s). Error: UnmapVolume.UnmapBlockVolume failed for volume "pod-data" (UniqueName: "x") pod "f3d0" (UID: "f3d0") : blkUtil.DetachFileDevice failed',
    ),
    null,
  ],
  [
    'volume-unmount-failed',
    'umount, of a CSI driver',
    'Output: umount: /var/lib/kubelet/pods/dfe8b984/volumes/kubernetes.io~csi/pvc-ad1d/mount: target is busy.',
    null,
  ],
  [
    'pull-limited',
    'an event',
    '  Warning  Failed  50s (x4 over 2m24s)  kubelet  Failed to pull image "web:1": rpc error: code = Unknown desc = failed to pull and unpack image "docker.io/library/web:1": failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/web/manifests/1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit',
    null,
  ],
  [
    'registry-unreachable',
    'the kubelet',
    klog(
      '"PullImage from image service failed" err="rpc error: code = Unknown desc = failed to pull and unpack image \\"registry.k8s.io/kube-proxy:v1.28.2\\": failed to resolve reference \\"registry.k8s.io/kube-proxy:v1.28.2\\": failed to do request: Head \\"https://registry.k8s.io/v2/kube-proxy/manifests/v1.28.2\\": dial tcp 34.96.108.209:443: connect: connection timed out"',
    ),
    null,
  ],
  [
    'typha-unreachable',
    'a client of it',
    '2024-01-11 15:10:48.624 [WARNING][22737] confd/sync_client.go 192: Failed to connect to typha endpoint 10.0.0.166:5473.  Will try another if available... error=dial tcp 10.0.0.166:5473: i/o timeout myID=0x1 type="bgp"',
    null,
  ],
  [
    'typha-unreachable',
    'Felix',
    '2022-08-24 13:47:18.821 [FATAL][2338] felix/daemon.go 532: Failed to connect to Typha error=connection to typhas ([{node-3:5473 node-3 0xc0005ec640}]) failed',
    null,
  ],
  [
    'typha-unreachable',
    'its discovery',
    '2025-06-09 14:29:29.873 [FATAL][1538345] status-reporter/startsyncerclient.go 49: Typha discovery enabled but discovery failed. error=Get "https://172.20.0.1:443/api/v1/namespaces/calico-system/endpoints/calico-typha": dial tcp 172.20.0.1:443: connect: connection timed out',
    null,
  ],
  [
    'node-status-unknown',
    'a condition',
    '  Ready   Unknown   Fri, 07 Oct 2016 08:13:50 +0000   Fri, 07 Oct 2016 08:14:30 +0000   NodeStatusUnknown Kubelet stopped posting node status.',
    null,
  ],
  [
    'cgroup-driver-mismatch',
    'runc',
    klog(
      '"RunPodSandbox from runtime service failed" err="rpc error: code = Unknown desc = failed to create containerd task: OCI runtime create failed: expected cgroupsPath to be of format \\"slice:prefix:name\\" for systemd cgroups, got \\"/kubepods/burstable/poda668\\" instead: unknown"',
    ),
    null,
  ],
  [
    'cgroup-driver-mismatch',
    'CRI-O',
    klog(
      'RunPodSandbox from runtime service failed: rpc error: code = Unknown desc = cri-o configured with systemd cgroup manager, but did not receive slice as parent: /kubepods/burstable/podbc64',
    ),
    null,
  ],
  [
    'cgroup-driver-mismatch',
    'dockerd',
    klog(
      'Failed create pod sandbox: rpc error: code = Unknown desc = failed to create a sandbox for pod "web": Error response from daemon: cgroup-parent for systemd cgroup should be a valid slice named as "xxx.slice"',
    ),
    null,
  ],
  [
    'eviction-reclaim',
    'the status of a pod',
    'web-1  Evicted  The node was low on resource: ephemeral-storage. Threshold quantity: 30Gi, available: 24094024Ki.',
    null,
  ],
];
