import { ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, mentions, quiet } from './case.ts';
import { type Line, logged, repeated } from './log-node.ts';

const id = make.idOf('d5');
const kubelet = 'kubelet[900]';
const containerd = 'containerd[700]';
const dockerd = 'dockerd[800]';
const overdue = 'rpc error: code = DeadlineExceeded desc = context deadline exceeded';
const hour = 3600;
const info = (msg: string, more = ''): string => `level=info msg=${JSON.stringify(msg)} ${more}`;

/** An hour of a kubelet that retries, pulls, and stops pods, as on each busy node. */
const busyKubelet: readonly Line[] = [
  ...repeated(
    12,
    280,
    20,
    kubelet,
    `"ExecSync cmd from runtime service failed" err="rpc error: code = DeadlineExceeded desc = failed to exec in container: timeout 1s exceeded: context deadline exceeded" containerID="${id}" cmd=["/bin/sh"]`,
  ),
  ...repeated(
    40,
    60,
    10,
    kubelet,
    '"Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"web\\" with CrashLoopBackOff: \\"back-off 5m0s restarting failed container\\"" pod="default/web-0"',
  ),
  ...repeated(
    9,
    90,
    30,
    kubelet,
    '"Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"web\\" with ImagePullBackOff" pod="default/web-1"',
  ),
  [
    700,
    kubelet,
    '"PullImage from image service failed" err="rpc error: code = NotFound desc = failed to pull and unpack image"',
  ],
  [
    650,
    kubelet,
    `"StopContainer with grace period" pod="default/web-2" containerID="containerd://${id}" gracePeriod=30`,
  ],
  [30, kubelet, '"RemoveContainer" containerID="x"'],
  [
    20,
    kubelet,
    '"ContainerStatus from runtime service failed" err="rpc error: code = NotFound desc = an error occurred when try to find container: not found"',
  ],
];

const busyContainerd: readonly Line[] = [
  ...repeated(50, 30, 5, containerd, info(`StopContainer for "${id}" with timeout 30 (s)`)),
  ...repeated(50, 30, 5, containerd, info(`Stop container "${id}" with signal terminated`)),
  ...repeated(50, 30, 4, containerd, info('shim disconnected', `id=${id} namespace=k8s.io`)),
  ...repeated(
    50,
    30,
    4,
    containerd,
    `level=warning msg="cleaning up after shim disconnected" id=${id} namespace=k8s.io`,
  ),
  ...repeated(30, 50, 4, containerd, info('PullImage "registry/web:v1" returns image reference')),
  [300, containerd, 'level=warning msg="containerd config version 1 has been deprecated"'],
];

/** The same words as a fault's, of a node that is well. */
export const healthyLogged: readonly Case[] = [
  quiet('A busy kubelet that retries, pulls and probes', logged(busyKubelet)),
  quiet('A busy containerd that starts and stops containers', logged(busyContainerd)),
  quiet(
    'Paths of multipathd and a peer of DRBD that came back, and one that was stopped on purpose',
    logged([
      [300, 'multipathd[4554]', 'mpathy: sdac - tur checker reports path is down'],
      [300, 'multipathd[4554]', 'mpathy: remaining active paths: 0'],
      [240, 'multipathd[4554]', 'mpathy: sdac - tur checker reports path is up'],
      [240, 'multipathd[4554]', 'mpathy: remaining active paths: 2'],
      [300, 'kernel', 'drbd pvc-1 node-2: conn( Connected -> NetworkFailure ) peer( Secondary -> Unknown )'],
      [300, 'kernel', 'drbd pvc-1: susp-io( no -> quorum )'],
      [280, 'kernel', 'drbd pvc-1: susp-io( quorum -> no )'],
      [280, 'kernel', 'drbd pvc-1 node-2: conn( Connecting -> Connected ) peer( Unknown -> Secondary )'],
      [30, 'kernel', 'drbd pvc-2 node-3: conn( Connected -> TearDown ) peer( Secondary -> Unknown )'],
      // A container that prints the same.
      [10, 'web[77]', 'mpathy: remaining active paths: 0'],
    ]),
  ),
  quiet(
    'A FUSE daemon that was stopped, and a program of a container that crashed',
    logged([
      [64, 'systemd[1]', 'lxcfs.service: Main process exited, code=killed, status=15/TERM'],
      [60, 'systemd[1]', 'lxcfs.service: Succeeded.'],
      [
        50,
        'kernel',
        'php-fpm[3871]: segfault at 0 ip 00007fe70ae4e3b2 sp 00007fe70884fb70 error 4 in libc.so.6[7fe70ae46000+f000]',
      ],
    ]),
  ),
  quiet(
    'One pod waited for an address, and somebody killed the kubelet',
    logged([
      [900, 'systemd[1]', 'kubelet.service: Main process exited, code=killed, status=9/KILL'],
      [60, kubelet, 'failed to set up pod "web_default" network: add cmd: failed to assign an IP address to container'],
    ]),
    { expected: [mentions('failed-network-setup')] },
  ),
  quiet(
    'systemd answered late once, while it was reloaded',
    logged([[40, kubelet, 'Failed to start transient scope unit: Connection timed out']]),
    { expected: [mentions('silent-systemd')] },
  ),
  quiet(
    'A disk controller was reset by its driver, as at each boot',
    logged([
      [60, 'kernel', 'mpt3sas_cm0: sending diag reset !!'],
      [59, 'kernel', 'mpt3sas_cm0: diag reset: SUCCESS'],
    ]),
  ),
  quiet(
    'A network device that was late with a few packets, and did not reset',
    logged(
      repeated(
        3,
        20,
        5,
        'kernel',
        "ena 0000:00:05.0 eth0: Found a Tx that wasn't completed on time, qid 0, index 694.",
      ),
    ),
  ),
  quiet(
    'An old kubelet that was started, and says so before its first look at the runtime',
    logged([[3, kubelet, 'skipping pod synchronization - [container runtime is down]']]),
    { expected: [mentions('runtime-not-responding')] },
  ),
  quiet(
    'Probes of containers that have no process left to them',
    logged(
      repeated(
        5,
        10,
        2,
        kubelet,
        '"Probe failed" probeType="Liveness" pod="default/web-0" probeResult="failure" output="wget: fork: Resource temporarily unavailable"',
      ),
    ),
  ),
  quiet(
    'A kubelet that has just been started',
    logged([
      [
        8,
        kubelet,
        '"Skipping pod synchronization" err="[container runtime status check may not have completed yet, PLEG is not healthy: pleg has yet to be successful]"',
      ],
    ]),
  ),
  quiet(
    'containerd was restarted, and the kubelet could not list for seconds',
    logged([
      ...repeated(
        10,
        1,
        60,
        kubelet,
        '"GenericPLEG: Unable to retrieve pods" err="rpc error: code = Unavailable desc = connection error: dial unix /run/containerd/containerd.sock: connect: connection refused"',
      ),
    ]),
  ),
  quiet(
    'One call of the kubelet timed out',
    logged([[240, kubelet, `"ListContainers with filter from runtime service failed" err="${overdue}" filter="nil"`]]),
  ),
  quiet(
    'PLEG was not healthy hours ago',
    logged(
      repeated(
        30,
        5,
        3 * hour,
        kubelet,
        '"Skipping pod synchronization" err="PLEG is not healthy: pleg was last seen active 3m7s ago; threshold is 3m0s"',
      ),
    ),
  ),
  quiet(
    'A daemon was started again by hand',
    logged([
      [120, 'systemd[1]', 'Stopping docker.service - Docker Application Container Engine...'],
      [118, 'systemd[1]', 'docker.service: Deactivated successfully.'],
      [110, 'systemd[1]', 'Started docker.service - Docker Application Container Engine.'],
    ]),
  ),
  quiet(
    'A daemon crashed once, and runs',
    logged([[500, 'systemd[1]', 'containerd.service: Scheduled restart job, restart counter is at 1.']]),
  ),
  quiet(
    'Another service is in a crash loop',
    logged(repeated(40, 5, 3, 'systemd[1]', 'backup.service: Scheduled restart job, restart counter is at 900.')),
  ),
  quiet(
    'A container crashes in Go again and again',
    logged(repeated(20, 30, 9, 'web-1[77]', 'panic: runtime error: index out of range')),
  ),
  quiet(
    'A request to dockerd panicked and was caught',
    logged([[90, dockerd, 'level=error msg="http: panic serving @: runtime error"']]),
  ),
  quiet(
    'A full disk was emptied an hour ago',
    logged(repeated(6, 20, hour, dockerd, 'level=error msg="write /var/lib/docker/x: no space left on device"')),
  ),
  quiet(
    'The kubelet collects images at its high threshold',
    logged([
      [
        300,
        kubelet,
        '"Disk usage on image filesystem is over the high threshold, trying to free bytes down to the low threshold" usage=86 highThreshold=85',
      ],
    ]),
  ),
  quiet(
    'A drive without a disk, and a disk that failed half a day ago',
    logged([
      ...repeated(20, 60, 5, 'kernel', 'blk_update_request: I/O error, dev fd0, sector 0 op 0x0:(READ)'),
      ...repeated(3, 60, 12 * hour, 'kernel', 'Buffer I/O error on dev sdc1, logical block 7, async page read'),
    ]),
  ),
  quiet(
    'An NFS server was away for a minute',
    logged([
      ...repeated(3, 10, 80, 'kernel', 'nfs: server 192.0.2.5 not responding, still trying'),
      [60, 'kernel', 'nfs: server 192.0.2.5 OK'],
    ]),
  ),
  quiet(
    'A network device was released after half a minute',
    logged(repeated(3, 10, 400, 'kernel', 'unregister_netdevice: waiting for veth8a1 to become free. Usage count = 1')),
  ),
  quiet(
    'A task was hung once, and runs again',
    logged([[200, 'kernel', 'INFO: task umount:4242 blocked for more than 122 seconds.']]),
  ),
  quiet(
    'A virtual machine was paused',
    logged([[100, 'kernel', 'watchdog: BUG: soft lockup - CPU#1 stuck for 61s! [swapper/1:0]']]),
  ),
  quiet(
    'A container was killed once at its own limit',
    logged([
      [
        100,
        'kernel',
        `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=/k/${id},task_memcg=/k/${id},task=java,pid=4242,uid=0`,
      ],
      [100, 'kernel', 'Memory cgroup out of memory: Killed process 4242 (java) total-vm:1kB'],
    ]),
  ),
  quiet(
    'A CNI agent has just been started',
    logged(
      repeated(
        2,
        10,
        60,
        containerd,
        String.raw`level=error msg="RunPodSandbox failed" error="failed to setup network for sandbox \"x\": plugin type=\"calico\" failed (add): x"`,
      ),
    ),
  ),
  quiet(
    'A stop failed once, and the container is gone',
    logged([[200, kubelet, `"StopContainer from runtime service failed" err="${overdue}" containerID="${id}"`]]),
  ),
  quiet(
    'A log line was lost while the log server restarted',
    logged([[60, dockerd, 'level=error msg="Failed to log message for logger fluentd: broken pipe"']]),
  ),
  quiet(
    'A log server was away for three minutes, five minutes ago',
    logged(
      repeated(
        9,
        20,
        300,
        dockerd,
        'level=error msg="Failed to log message for logger fluentd: write tcp: broken pipe"',
      ),
    ),
  ),
  quiet(
    'A USB disk was pulled while something read it, and a disk that had to spin up',
    logged([
      [90, 'kernel', 'usb 2-2: USB disconnect, device number 4'],
      [90, 'kernel', 'Buffer I/O error on dev sdc1, logical block 8, async page read'],
      [60, 'kernel', 'sd 3:0:4:0: attempting task abort!scmd(0x0), outstanding for 30424 ms & timeout 30000 ms'],
    ]),
  ),
  quiet(
    'An iSCSI session was lost, and iscsid has it back; a thin pool was read-only, and can be written again',
    logged([
      [300, 'kernel', ' session7: session recovery timed out after 120 secs'],
      [200, 'iscsid[755]', 'iscsid: connection7:0 is operational after recovery (9 attempts)'],
      [300, 'kernel', 'device-mapper: thin: 253:4: switching pool to read-only mode'],
      [250, 'kernel', 'device-mapper: thin: 253:4: switching pool to write mode'],
    ]),
  ),
  quiet(
    'WSL took the disk of a distribution that ended away, and snapd the file of a loop device',
    logged([
      ...repeated(
        6,
        0,
        90,
        'kernel',
        'blk_update_request: I/O error, dev sdc, sector 1073479680 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 0',
      ),
      [90, 'kernel', 'Buffer I/O error on dev sdc, logical block 134184960, lost sync page write'],
      [90, 'kernel', 'JBD2: Error -5 detected when updating journal superblock for sdc-8.'],
      [90, 'kernel', 'Aborting journal on device sdc-8.'],
      [90, 'kernel', "EXT4-fs error (device sdc): ext4_put_super:1196: comm weston: Couldn't clean up the journal"],
      [90, 'kernel', 'EXT4-fs (sdc): I/O error while writing superblock'],
      [90, 'kernel', 'EXT4-fs (sdc): Remounting filesystem read-only'],
      [
        30,
        'kernel',
        'blk_update_request: I/O error, dev loop11, sector 0 op 0x1:(WRITE) flags 0x800 phys_seg 0 prio class 0',
      ],
    ]),
  ),
  quiet(
    'systemd gave dockerd up during an upgrade, and it was started again; a container to kill was gone',
    logged([
      [120, 'systemd[1]', 'docker.service: Start request repeated too quickly.'],
      [118, dockerd, info('Daemon has completed initialization')],
      ...repeated(
        3,
        10,
        20,
        kubelet,
        '"Error syncing pod, skipping" err="failed to \\"KillContainer\\" for \\"api\\" with KillContainerError: \\"rpc error: code = NotFound desc = an error occurred when try to find container\\"" pod="default/api-3"',
      ),
    ]),
  ),
  quiet(
    'The runtime was restarted two minutes ago, and was down for the kubelet meanwhile',
    logged(repeated(2, 1, 150, kubelet, '"Skipping pod synchronization" err="container runtime is down"')),
    { expected: [mentions('runtime-not-responding')] },
  ),
  quiet(
    'An iSCSI session came back before its time was over',
    logged([
      [90, 'kernel', ' connection2:0: detected conn error (1020)'],
      [85, 'kernel', 'sd 2:0:0:0: Power-on or device reset occurred'],
    ]),
  ),
  quiet(
    'An NVMe target was away for a minute, and a path to a disk for two',
    logged([
      [300, 'kernel', 'device-mapper: multipath: 253:3: Failing path 8:16.'],
      [290, 'kernel', 'nvme nvme3: failed to connect socket: -111'],
      ...repeated(6, 10, 240, 'kernel', 'nvme nvme3: Reconnecting in 10 seconds...'),
      [230, 'kernel', 'nvme nvme3: Successfully reconnected (7 attempt)'],
      [180, 'kernel', 'device-mapper: multipath: 253:3: Reinstating path 8:16.'],
    ]),
  ),
  quiet(
    'A network block device was disconnected on request',
    logged([
      [90, 'kernel', 'block nbd3: NBD_DISCONNECT'],
      [90, 'kernel', 'block nbd3: Receive control failed (result -32)'],
    ]),
  ),
  quiet(
    'Idle connections to Ceph are closed, and a server was restarted',
    logged([
      ...repeated(40, 30, 5, 'kernel', 'libceph: osd3 (1)192.0.2.6:6801 socket closed (con state OPEN)'),
      ...repeated(4, 2, 200, 'kernel', 'libceph: osd1 (1)192.0.2.7:6801 socket closed (con state CONNECTING)'),
    ]),
  ),
  quiet(
    'A program had a fault of its own, and the kernel warned',
    logged([
      [60, 'kernel', 'traps: node[4242] general protection fault ip:7f1 sp:7ffc error:0 in libc.so.6[7f0000000000+1]'],
      [50, 'kernel', 'WARNING: CPU: 4 PID: 77 at net/core/dev.c:3116 skb_warn_bad_offload+0x4d1/0x8b0'],
      [50, 'kernel', 'CPU: 4 PID: 77 Comm: kworker/4:1 Not tainted 5.15.0-91-generic #1'],
      [50, 'kernel', 'RIP: 0010:skb_warn_bad_offload+0x4d1/0x8b0'],
      [40, 'kernel', 'audit: audit_lost=64 audit_rate_limit=0 audit_backlog_limit=64'],
    ]),
  ),
  quiet(
    'The kernel had a fault, and lost a GPU and a network device, before the node was booted',
    logged(
      [
        [4000, 'kernel', 'Oops: 0000 [#1] SMP'],
        [3900, 'kernel', 'NETDEV WATCHDOG: eth0 (virtio_net): transmit queue 0 timed out'],
        [4000, 'kernel', 'NVRM: GPU 0000:a1:00.0: GPU has fallen off the bus.'],
      ],
      { readings: { host: ok(make.host({ uptimeSeconds: 3600 }), 3) } },
    ),
  ),
  quiet(
    'The cable of a network device was pulled, and put back',
    logged([
      [300, 'kernel', 'e1000e 0000:00:1f.6 eth0: NIC Link is Down'],
      [290, 'kernel', 'e1000e 0000:00:1f.6 eth0: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx'],
    ]),
  ),
  quiet(
    'Programs on a GPU made errors of their own',
    logged([
      ...repeated(6, 60, 20, 'kernel', 'NVRM: Xid (PCI:0000:61:00): 31, pid=4242, name=python, Ch 00000008, MMU Fault'),
      [
        90,
        'kernel',
        'NVRM: Xid (PCI:0000:26:00): 109, pid=55914, name=re8.exe, Ch 00000046, errorString CTX SWITCH TIMEOUT, Info 0x2c02c',
      ],
    ]),
  ),
  quiet(
    'One allocation of the kernel failed',
    logged([[60, 'kernel', 'node_exporter: page allocation failure: order:5, mode:0xd0']]),
  ),
  quiet(
    'A create was tried again once, an hour ago',
    logged([
      [
        hour,
        kubelet,
        `"x" err="failed to reserve container name \\"web_0\\": name \\"web_0\\" is reserved for \\"${id}\\""`,
      ],
    ]),
  ),
];
