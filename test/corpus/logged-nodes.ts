import { type Case, finds, quiet } from './case.ts';
import { type Line, logged, repeated } from './log-node.ts';

const kubelet = 'kubelet[900]';
const containerd = 'containerd[700]';
const k3s = 'k3s[910]';

const one = (name: string, lines: readonly Line[], rule: ReturnType<typeof finds>): Case => ({
  name,
  scene: logged(lines),
  expected: [rule],
});

const swap =
  'E1121 11:58:20.123456     900 run.go:72] "command failed" err="failed to run Kubelet: running with swap on is not supported"';
const restarted = (n: number): string => `kubelet.service: Scheduled restart job, restart counter is at ${n}.`;
const unrecovered = String.raw`level=fatal msg="Failed to run CRI service" error="failed to recover state: failed to get metadata for stored sandbox \"4ea7\": not found"`;

const attach = (error: string): string => `AttachVolume.Attach failed for volume "pvc-5dea601a" : ${error}`;
const elsewhere = 'Multi-Attach error for volume "pvc-5dea601a" Volume is already used by pod(s) db-0';
const waited =
  'Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data]: timed out waiting for the condition';
const noVm =
  '"Failed to create sandbox for pod" err="rpc error: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: failed to launch cloud-hypervisor"';
const noPause = String.raw`"rpc error: code = DeadlineExceeded desc = failed to get sandbox image \"registry.k8s.io/pause:3.6\": failed to pull image \"registry.k8s.io/pause:3.6\": failed to resolve reference: failed to do request: dial tcp 142.250.1.82:443: i/o timeout"`;
const refusedCertificate =
  'Unable to authenticate the request due to an error: x509: certificate has expired or is not yet valid';
const evicted = 'The node was low on resource: ephemeral-storage. Container web was using 92Ki, request is 0.';

const iscsi = (number: number): string => ` connection${number}:0: detected conn error (1020)`;
const isBack = (number: number): string => `connection${number}:0 is operational after recovery (1 attempts)`;
const noEtcd = (error: string): string =>
  `{"level":"warn","logger":"etcd-client","msg":"retrying of unary invoker failed","attempt":0,"error":"rpc error: code = DeadlineExceeded desc = ${error}"}`;

const unauthorized =
  'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "b638": plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized: Unauthorized';

/** Nodes of Kubernetes whose faults only the logs tell. */
export const faultsOfLoggedNodes: readonly Case[] = [
  one(
    'The kubelet does not start, because swap is on',
    [...repeated(5, 10, 12, kubelet, swap), [1, 'systemd[1]', restarted(5)]],
    finds('crash-loop', { daemons: ['kubelet'] }),
  ),
  one(
    'containerd cannot recover the state of a sandbox, and exits',
    repeated(3, 6, 2, containerd, unrecovered),
    finds('crash-loop', { daemons: ['containerd'] }),
  ),
  one(
    'A volume of EBS is not attached for four minutes',
    repeated(8, 33, 20, kubelet, attach('rpc error: code = DeadlineExceeded desc = context deadline exceeded')),
    finds('failed-volume'),
  ),
  one(
    'A volume is attached to a node that is down, and the pod waits',
    [[1000, kubelet, elsewhere], ...repeated(6, 140, 60, kubelet, waited)],
    finds('failed-volume'),
  ),
  one('An NFS server refuses', repeated(4, 8, 10, kubelet, 'mount.nfs: Connection refused'), finds('failed-volume')),
  one('No virtual machine of Kata starts', repeated(8, 14, 3, kubelet, noVm), finds('failed-sandbox')),
  one(
    'An agent logs in to k3s with an expired certificate',
    repeated(6, 5, 2, k3s, refusedCertificate),
    finds('expired-certificate'),
  ),
  one(
    'An iSCSI connection breaks every seven seconds, and comes back each time',
    Array.from({ length: 8 }, (_, n): Line[] => [
      [90 - n * 7, 'kernel', iscsi(2)],
      [88 - n * 7, 'iscsid', isBack(2)],
    ]).flat(),
    finds('unstable-iscsi'),
  ),
  one(
    'All iSCSI connections of the node broke a moment ago',
    Array.from({ length: 8 }, (_, n): Line => [12, 'kernel', iscsi(431 + n)]),
    finds('unstable-iscsi'),
  ),
  one('etcd does not answer', repeated(4, 15, 4, k3s, noEtcd('context deadline exceeded')), finds('slow-datastore')),
  one(
    'The image of sandboxes cannot be pulled',
    repeated(
      2,
      12,
      5,
      kubelet,
      '"RunPodSandbox from runtime service failed" err="rpc error: code = Unknown desc = failed to get sandbox image \\"registry.k8s.io/pause:3.6\\": failed to pull image: dial tcp: lookup registry.k8s.io: no such host"',
    ),
    finds('failed-sandbox'),
  ),
  one(
    'Sandboxes are made anew all the time, because Calico is not authorized',
    [
      [220, kubelet, unauthorized],
      ...repeated(17, 13, 2, kubelet, 'Pod sandbox changed, it will be killed and re-created.'),
    ],
    finds('failed-network-setup'),
  ),
  one('Pods are evicted for lack of disk space', repeated(2, 20, 60, kubelet, evicted), finds('filesystem-full')),
];

/** The same words on nodes that are well. */
export const healthyLoggedNodes: readonly Case[] = [
  quiet(
    'The registry of the sandbox image did not answer once: the runtime did, and all lines are of one try',
    logged(
      [
        '"RunPodSandbox from runtime service failed" err=',
        '"Failed to create sandbox for pod" err=',
        '"CreatePodSandbox for pod failed" err=',
        '"Error syncing pod, skipping" err="failed to CreatePodSandbox for web_default: ',
      ].map((head): Line => [20, kubelet, `${head}${noPause}`]),
    ),
  ),
  quiet(
    'The kubelet failed to start until swap was off',
    logged([...repeated(3, 10, 120, kubelet, swap), [60, kubelet, '"Starting kubelet main sync loop"']]),
  ),
  quiet(
    'k3s came up after its datastore was reached',
    logged([
      [
        90,
        k3s,
        'level=fatal msg="starting kubernetes: preparing server: failed to get CA certs: dial tcp: i/o timeout"',
      ],
      [40, k3s, 'level=info msg="k3s is up and running"'],
    ]),
  ),
  quiet(
    'A rolling update: the volume is given back within seconds',
    logged([
      [90, kubelet, elsewhere],
      [74, kubelet, 'AttachVolume.Attach succeeded for volume "pvc-5dea601a"'],
    ]),
  ),
  quiet(
    'The storage was away for five minutes, and the volume is attached now',
    logged([
      ...repeated(5, 60, 100, kubelet, attach('context deadline exceeded')),
      [110, kubelet, waited],
      [60, kubelet, 'AttachVolume.Attach succeeded for volume "pvc-5dea601a"'],
    ]),
  ),
  quiet(
    'A kubelet that starts has no objects in its cache yet',
    logged(
      repeated(
        6,
        2,
        5,
        kubelet,
        'MountVolume.SetUp failed for volume "kube-api-access-8hcmj" : object "default"/"kube-root-ca.crt" not registered',
      ),
    ),
  ),
  quiet('One sandbox fails while the node is busy', logged([[30, kubelet, noVm]])),
  quiet(
    'The certificate of a registry has expired: that is not of the node',
    logged(
      repeated(
        6,
        20,
        5,
        kubelet,
        '"Failed to pull image" err="failed to pull and unpack image: x509: certificate has expired or is not yet valid"',
      ),
    ),
  ),
  quiet(
    'A pod exceeds its own limit of ephemeral storage',
    logged(
      repeated(3, 60, 30, kubelet, 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.'),
    ),
  ),
  quiet(
    'A target of iSCSI was restarted: its six connections are back',
    logged(
      Array.from({ length: 6 }, (_, n): Line[] => [
        [40, 'kernel', iscsi(n)],
        [31, 'iscsid', isBack(n)],
      ]).flat(),
    ),
  ),
  quiet(
    'Six iSCSI connections broke five minutes ago, and the kernel has given up none',
    logged(Array.from({ length: 6 }, (_, n): Line => [300, 'kernel', iscsi(n)])),
  ),
  quiet(
    'k3s starts, and etcd does not listen yet',
    logged(
      repeated(
        6,
        5,
        3,
        k3s,
        noEtcd(
          'latest balancer error: last connection error: connection error: dial tcp 127.0.0.1:2379: connect: connection refused',
        ),
      ),
    ),
  ),
  quiet(
    'After a boot each pod gets a sandbox, and one had no network yet',
    logged([
      [40, kubelet, unauthorized],
      ...repeated(30, 2, 5, kubelet, 'Pod sandbox changed, it will be killed and re-created.'),
    ]),
  ),
  quiet('k3s is stopped', logged([[20, k3s, 'level=fatal msg="kubelet exited: context canceled"']])),
];
