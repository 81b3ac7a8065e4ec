import { type Case, finds, quiet } from './case.ts';
import { type Line, logged, repeated } from './log-node.ts';

const systemd = 'systemd[1]';
const lxc = 'lxc-start[2354]';
const podman = 'podman[41231]';
const iscsid = 'iscsid[710]';
const kernel = 'kernel';

const one = (name: string, lines: readonly Line[], rule: ReturnType<typeof finds>): Case => ({
  name,
  scene: logged(lines),
  expected: [rule],
});

const notStarted = 'lxc-start: 100: tools/lxc_start.c: main: 329 The container failed to start';
const session = (target: string, word: string): string =>
  `iscsid: Connection7:0 to [target: iqn.2019-10.io.longhorn:${target}, portal: 10.52.0.197,3260] through [iface: default] is ${word}`;
const slowSql = (took: string): string =>
  `level=info msg="Slow SQL (started: 2026-11-21 11:59:00 +0000 UTC m=+205223.2) (total time: ${took}):  SELECT * FROM kine"`;
const locked =
  'E1121 11:59:40.549652       1 status.go:71] apiserver received an error that is not an metav1.Status: sqlite3.Error{Code:5, err:"database is locked"}';
const lastEvent = (error: string, ago: string): string =>
  `[Waiting]: Error running Containerd(etcd), going to restart forever: ${error} (${ago} ago)`;
const ioErrorOn = (path: string): string => `level=error msg="cannot go on" error="open ${path}: input/output error"`;
const keptCgroup =
  'W1121 11:59:40.796410   39955 pod_container_manager_linux.go:200] failed to delete cgroup paths for [kubepods burstable pod6793dd3d-7e67-468e-9ee3-34f16980a150] : unable to destroy cgroup paths for cgroup [kubepods burstable pod6793dd3d-7e67-468e-9ee3-34f16980a150] : Failed to remove paths: map[]';
const reflector =
  'E1121 11:59:23.090543     890 reflector.go:125] k8s.io/kubernetes/pkg/kubelet/kubelet.go:453: Failed to list *v1.Node: Get https://10.0.0.5:6443/api/v1/nodes?limit=500: dial tcp 10.0.0.5:6443: connect: connection refused';
const noSession =
  'Error: unable to start container "7063a74eec92": crun: sd-bus call: Interactive authentication required.: Permission denied: OCI permission denied';
const noSandbox =
  'level=error msg="RunPodSandbox for &PodSandboxMetadata{Name:web,Namespace:x,} failed, error" error="failed to create containerd task: OCI runtime create failed: runc create failed: unable to start container process: can\'t copy bootstrap data to pipe: write init-p: broken pipe: unknown"';
const connecting = (server: string): string =>
  `libceph: ${server} 10.2.0.140:6800 socket closed (con state CONNECTING)`;
const again = (target: string, times: number): Line[] =>
  Array.from({ length: times }, (_, n): Line[] => [
    [30 + (times - n) * 240, iscsid, session(target, 'operational now')],
    [33 + (times - 1 - n) * 240, iscsid, session(target, 'shutdown.')],
  ]).flat();

/** What distributions of Kubernetes, Podman and LXC say when a node is not well. */
export const faultsOfLoggedDistributions: readonly Case[] = [
  one(
    'crio-wipe fails, and the kubelet with it',
    [
      [31, systemd, 'crio-wipe.service: Main process exited, code=exited, status=1/FAILURE'],
      [31, systemd, 'Failed to start CRI-O Auto Update Script.'],
      [30, systemd, 'Dependency failed for Kubernetes Kubelet.'],
    ],
    finds('crash-loop'),
  ),
  one(
    'dqlite does not accept its files',
    [
      [
        20,
        'microk8s.daemon-apiserver[248]',
        'Error: start node: raft_start(): io: closed segment 1-2 is past last snapshot 9',
      ],
    ],
    finds('crash-loop'),
  ),
  one('A guest of Proxmox VE does not start', [[20, lxc, notStarted]], finds('failed-guest')),
  one(
    'A user without a session cannot start containers',
    repeated(3, 30, 10, podman, noSession),
    finds('rootless-failure'),
  ),
  one(
    'The data of the kubelet is read-only',
    [
      [
        20,
        'kubelet[900]',
        'E1121 11:59:40.549652     900 manager.go:1] failed to write checkpoint file "kubelet_internal_checkpoint": open /var/lib/kubelet/device-plugins/.0546: read-only file system',
      ],
    ],
    finds('read-only-filesystem'),
  ),
  one(
    'A session with an iSCSI target begins anew every four minutes',
    [...again('pvc-1', 3), [31, iscsid, session('pvc-1', 'operational now')]],
    finds('unstable-iscsi'),
  ),
  one('The SQLite of k3s takes six seconds', repeated(3, 10, 5, 'k3s[910]', slowSql('6.2s')), finds('slow-datastore')),
  one('The SQLite of k3s is locked', [[20, 'k3s[910]', locked]], finds('slow-datastore')),
  one(
    'etcd has reached its quota',
    [[20, 'k3s[910]', '{"level":"warn","msg":"failed to apply request","error":"etcdserver: no space"}']],
    finds('slow-datastore'),
  ),
  one(
    'The kubelet has listed nothing for minutes',
    repeated(20, 9, 5, 'hyperkube[890]', reflector),
    finds('unreachable-api-server'),
  ),
  one('containerd creates no sandbox', repeated(4, 14, 5, 'containerd[700]', noSandbox), finds('failed-sandbox')),
  one(
    'Three servers of Ceph are not reached at once',
    ['mon2', 'osd0', 'osd2'].flatMap((server) => repeated(3, 6, 2, kernel, connecting(server))),
    finds('network-storage-silent'),
  ),
  one(
    'Talos starts the kubelet again and again',
    repeated(
      4,
      5,
      3,
      kernel,
      '[talos] service[kubelet](Waiting): Error running Containerd(kubelet), going to restart forever: exit code 255',
    ),
    finds('crash-loop', { daemons: ['kubelet'] }),
  ),
  // https://github.com/siderolabs/talos/issues/7786
  one(
    'Talos starts etcd again and again, by its last events',
    repeated(3, 5, 2, 'talosctl', lastEvent('failed to create task: "etcd": failed to start shim', '7s')),
    finds('crash-loop', { daemons: ['etcd'] }),
  ),
  one(
    'The data of containerd answers with I/O errors',
    [[20, 'containerd[700]', ioErrorOn('/var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db')]],
    finds('disk-errors'),
  ),
  // https://github.com/kubernetes/kubernetes/issues/97497
  one(
    'The control group of a pod is not removed for minutes',
    repeated(60, 2, 5, 'kubelet[900]', keptCgroup),
    finds('failed-removal'),
  ),
  one(
    'etcd does not start',
    [[20, systemd, 'Failed to start etcd - highly-available key value store.']],
    finds('crash-loop'),
  ),
  one(
    'A device of a pod is not mapped',
    repeated(
      6,
      30,
      20,
      'kubelet[900]',
      'MapVolume.SetUpDevice failed for volume "pvc-72e3" : rpc error: code = Internal desc = exit status 2',
    ),
    finds('failed-volume'),
  ),
  one(
    'The file that the kubelet copies into pods is gone',
    repeated(
      6,
      13,
      5,
      'kubelet[900]',
      'Failed create pod sandbox: open /run/systemd/resolve/resolv.conf: no such file or directory',
    ),
    finds('failed-sandbox'),
  ),
  one(
    'supervisord starts dockerd again and again',
    repeated(4, 80, 10, 'supervisord[7]', 'INFO exited: docker (exit status 2; expected)'),
    finds('crash-loop'),
  ),
];

/** The same words on nodes that are well. */
export const healthyLoggedDistributions: readonly Case[] = [
  quiet(
    'dockerd failed in its first start, and systemd started it',
    logged([
      [31, systemd, 'Failed to start Docker Application Container Engine.'],
      [20, systemd, 'Started Docker Application Container Engine.'],
    ]),
  ),
  quiet(
    'A guest of Proxmox VE started at the second attempt',
    logged([
      [60, lxc, notStarted],
      [20, systemd, 'Started PVE LXC Container: 100.'],
    ]),
  ),
  quiet(
    'Volumes are attached and detached',
    logged([...again('pvc-1', 1), ...again('pvc-2', 1), ...again('pvc-3', 1)]),
  ),
  quiet('Queries of kine took a second twice', logged(repeated(2, 30, 5, 'k3s[910]', slowSql('1.04s')))),
  quiet(
    'CoreDNS does not reach the API server from its pod',
    logged(
      repeated(
        20,
        9,
        5,
        'kubelet[900]',
        '[ERROR] plugin/kubernetes: pkg/mod/k8s.io/client-go@v0.27.4/tools/cache/reflector.go:231: Failed to watch *v1.Service: failed to list *v1.Service: Get "https://10.96.0.1:443/api/v1/services?limit=500": dial tcp 10.96.0.1:443: connect: connection refused',
      ),
    ),
  ),
  quiet('A kubelet starts before its API server', logged(repeated(3, 4, 5, 'hyperkube[890]', reflector))),
  quiet('A command of a user failed once', logged([[20, podman, noSession]])),
  quiet(
    'etcd of Talos failed days ago, by its last events',
    logged(repeated(3, 5, 2, 'talosctl', lastEvent('task "etcd" failed: exit code 255', '59h56m27s'))),
  ),
  quiet(
    'The volume of a container answers with I/O errors, and so does a command in it',
    logged([
      [30, 'dockerd[600]', ioErrorOn('/var/lib/docker/overlay2/0123/merged/mnt/share')],
      [20, 'dockerd[600]', `health check: ${ioErrorOn('/run/containerd/app.sock')}`],
      [10, 'containerd[700]', ioErrorOn('/var/lib/docker/volumes/share/_data')],
    ]),
  ),
  quiet(
    'The control group of a pod was removed at the second try',
    logged(repeated(2, 2, 5, 'kubelet[900]', keptCgroup)),
  ),
  quiet(
    'A container writes to its read-only root',
    logged([
      [
        20,
        'kubelet[900]',
        'E1121 11:59:40.549652     900 remote.go:1] OCI runtime create failed: mkdir /var/lib/docker/overlay2/0123/merged/data: read-only file system',
      ],
    ]),
  ),
  quiet(
    'Talos boots',
    logged([
      [
        20,
        kernel,
        '[talos] service[kubelet](Running): Health check failed: dial tcp 127.0.0.1:10248: connect: connection refused',
      ],
    ]),
  ),
  quiet(
    'etcd was started at the second attempt',
    logged([
      [60, systemd, 'Failed to start etcd docker wrapper.'],
      [20, systemd, 'Started etcd docker wrapper.'],
    ]),
  ),
  quiet('A sandbox failed once', logged([[20, 'containerd[700]', noSandbox]])),
  quiet('A server of Ceph is restarted', logged(repeated(4, 3, 2, kernel, connecting('osd0')))),
  quiet(
    'supervisord restarted dockerd',
    logged([[20, 'supervisord[7]', 'INFO exited: docker (exit status 0; expected)']]),
  ),
];
