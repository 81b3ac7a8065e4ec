import { absent, ok } from '../../src/sample/reading.ts';
import * as make from '../support/samples.ts';
import { type Case, finds, mentions } from './case.ts';
import { type Line, logged, repeated } from './log-node.ts';
import { withoutEngine } from './parts.ts';

const id = make.idOf('d5');
const kubelet = 'kubelet[900]';
const containerd = 'containerd[700]';
const dockerd = 'dockerd[800]';
const overdue = 'rpc error: code = DeadlineExceeded desc = context deadline exceeded';
const error = (msg: string, more = ''): string =>
  `level=error msg=${JSON.stringify(msg)}${more === '' ? '' : ` ${more}`}`;
const pleg =
  '"Skipping pod synchronization" err="PLEG is not healthy: pleg was last seen active 3m7s ago; threshold is 3m0s"';
const oomOf = (container: string): string =>
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=/k/${container},task_memcg=/k/${container},task=java,pid=4242,uid=0`;
const noContainers = { ...withoutEngine, readings: { ...withoutEngine.readings, shims: absent('no shims') } };

const one = (name: string, rule: string, lines: readonly Line[], about = {}, parts = {}): Case => ({
  name,
  scene: logged(lines, parts),
  expected: [finds(rule, about)],
});

/** Faults that only the logs tell. */
export const faultsLogged: readonly Case[] = [
  one(
    'The kubelet says that PLEG is not healthy, and its calls about one container time out',
    'runtime-not-responding',
    [
      ...repeated(20, 5, 3, kubelet, pleg),
      ...repeated(
        3,
        60,
        10,
        kubelet,
        `"ContainerStatus from runtime service failed" err="${overdue}" containerID="${id}"`,
      ),
    ],
    { containers: [id] },
  ),
  one('Calls of the kubelet time out every few minutes, and nothing else is said', 'runtime-not-responding', [
    ...repeated(5, 240, 30, kubelet, `"RunPodSandbox from runtime service failed" err="${overdue}"`),
  ]),
  one('The list of containers is too large for the kubelet', 'runtime-not-responding', [
    ...repeated(
      30,
      1,
      1,
      kubelet,
      '"GenericPLEG: Unable to retrieve pods" err="rpc error: code = ResourceExhausted desc = grpc: trying to send message larger than max (16777539 vs. 16777216)"',
    ),
  ]),
  one(
    'containerd ran out of threads and was aborted',
    'crash-loop',
    [
      [600, containerd, 'runtime: program exceeds 10000-thread limit'],
      [600, containerd, 'fatal error: thread exhaustion'],
      [595, 'systemd[1]', 'containerd.service: Scheduled restart job, restart counter is at 1.'],
    ],
    { daemons: ['containerd'] },
  ),
  one(
    'The kubelet is restarted again and again',
    'crash-loop',
    repeated(40, 11, 4, 'systemd[1]', 'kubelet.service: Scheduled restart job, restart counter is at 812.'),
    { daemons: ['kubelet'] },
  ),
  one('dockerd crashed so often that systemd gave up', 'crash-loop', [
    [300, 'systemd[1]', 'docker.service: Start request repeated too quickly.'],
  ]),
  one(
    'Writes below the engine’s root fail: no space left',
    'filesystem-full',
    repeated(8, 20, 5, dockerd, error('write /var/lib/docker/containers/x/config.v2.json: no space left on device')),
    { mounts: ['/var/lib/docker'] },
  ),
  one(
    'A thin pool is out of data space',
    'filesystem-full',
    [[40, 'kernel', 'device-mapper: thin: 253:4: switching pool to out-of-data-space (queue IO) mode']],
    { devices: ['253:4'] },
  ),
  one(
    'The kubelet reclaims disk and evicts',
    'filesystem-full',
    repeated(6, 10, 5, kubelet, '"Eviction manager: attempting to reclaim" resourceName="ephemeral-storage"'),
  ),
  one(
    'An NVMe device times out',
    'disk-errors',
    repeated(4, 30, 20, 'kernel', 'nvme nvme1: I/O 37 (I/O Cmd) QID 3 timeout, aborting'),
    { devices: ['nvme1'] },
  ),
  one(
    'A filesystem shut down',
    'disk-errors',
    [[120, 'kernel', 'XFS (sdb1): Log I/O Error Detected.  Shutting down filesystem']],
    { devices: ['sdb1'] },
  ),
  one(
    'An iSCSI session does not come back, and its disk goes offline',
    'disk-errors',
    [
      [300, 'kernel', ' connection7:0: detected conn error (1021)'],
      [180, 'kernel', ' session7: session recovery timed out after 120 secs'],
      [180, 'kernel', 'sd 2:0:0:1: rejecting I/O to offline device'],
      [179, 'kernel', 'EXT4-fs (sdc): Remounting filesystem read-only'],
    ],
    { devices: ['sdc'] },
  ),
  one(
    'An NVMe device is removed by the kernel',
    'disk-errors',
    [
      [120, 'kernel', 'nvme nvme2: I/O 0 QID 0 timeout, reset controller'],
      [70, 'kernel', 'nvme nvme2: Removing after probe failure status: -19'],
    ],
    { devices: ['nvme2'] },
  ),
  one(
    'The server of a network block device is gone',
    'disk-errors',
    [
      [120, 'kernel', 'block nbd12: Receive control failed (result -32)'],
      [120, 'kernel', 'I/O error, dev nbd12, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0'],
    ],
    { devices: ['nbd12'] },
  ),
  one(
    'multipathd has no path left to a disk',
    'disk-errors',
    [
      [40, 'multipathd[4554]', 'mpathy: sdas - tur checker reports path is down'],
      [35, 'multipathd[4554]', 'mpathy: sdac - tur checker reports path is down'],
      [35, 'multipathd[4554]', 'mpathy: remaining active paths: 0'],
    ],
    { devices: ['mpathy'] },
  ),
  one(
    'DRBD lost a peer, and goes on',
    'disk-errors',
    [[60, 'kernel', 'drbd pvc-1 node-2: conn( Connected -> NetworkFailure ) peer( Secondary -> Unknown )']],
    { devices: ['pvc-1 node-2'] },
  ),
  one(
    'DRBD suspends the I/O of a resource',
    'disk-errors',
    [
      [60, 'kernel', 'drbd pvc-1 node-2: PingAck did not arrive in time.'],
      [60, 'kernel', 'drbd pvc-1/0 drbd1008: quorum( yes -> no )'],
      [60, 'kernel', 'drbd pvc-1: susp-io( no -> quorum )'],
    ],
    { devices: ['pvc-1'] },
  ),
  one('lxcfs crashed, and systemd starts it again', 'dead-fuse-daemon', [
    [
      70,
      'kernel',
      'lxcfs[3871]: segfault at 0 ip 00007fe70ae4e3b2 sp 00007fe70884fb70 error 4 in liblxcfs.so[7fe70ae46000+f000]',
    ],
    [64, 'systemd[1]', 'lxcfs.service: Main process exited, code=killed, status=11/SEGV'],
    [63, 'systemd[1]', 'lxcfs.service: Service hold-off time over, scheduling restart.'],
  ]),
  one(
    'No address is left for pods',
    'failed-network-setup',
    repeated(
      4,
      8,
      3,
      kubelet,
      '"Error syncing pod, skipping" err="NetworkPlugin cni failed to set up pod \\"web_default\\" network: failed to allocate for range 0: no IP addresses available in range set: 172.22.5.1-172.22.5.254"',
    ),
  ),
  one(
    'A RAID controller does not complete its commands',
    'disk-errors',
    repeated(8, 5, 2, 'kernel', 'megaraid_sas 0000:5a:00.0: [30]waiting for 65 commands to complete for scsi0'),
    { devices: ['scsi0'] },
  ),
  one('The metadata of a thin pool is damaged', 'disk-errors', [
    [60, 'kernel', 'device-mapper: block manager: recursive lock detected in metadata'],
  ]),
  one('A thin pool has no space for its metadata, and they are not damaged', 'filesystem-full', [
    [60, 'kernel', 'device-mapper: space map metadata: unable to allocate new metadata block'],
    [60, 'kernel', 'device-mapper: thin: No free metadata blocks'],
  ]),
  one(
    'An NFS server refuses the lease',
    'network-storage-silent',
    repeated(3, 5, 2, 'kernel', 'NFS: state manager: check lease failed on NFSv4 server nas-1 with error 13'),
    { devices: ['nas-1'] },
  ),
  one(
    'The node is out of memory, and the OOM killer chose containerd',
    'oom-kill',
    [
      [64, 'kernel', 'Out of memory: Killed process 700 (containerd) total-vm:168032kB, anon-rss:4040kB'],
      [63, 'systemd[1]', 'containerd.service: Main process exited, code=killed, status=9/KILL'],
    ],
    { daemons: ['containerd'] },
  ),
  one('systemd does not answer the runtime and the kubelet', 'silent-systemd', [
    ...repeated(
      4,
      25,
      20,
      'dbus-daemon[611]',
      "[system] Failed to activate service 'org.freedesktop.systemd1': timed out (service_start_timeout=25000ms)",
    ),
    [12, kubelet, 'Mount failed: exit status 1 Output: Failed to start transient scope unit: Connection timed out'],
  ]),
  one('The driver of a network device resets it', 'network-device-timeout', [
    [
      20,
      'kernel',
      'ena 0000:00:05.0 eth0: The number of lost tx completions is above the threshold (156 > 128). Reset the device',
    ],
  ]),
  one(
    'btrfs has no space for its metadata and becomes read-only',
    'disk-errors',
    [
      [60, 'kernel', 'BTRFS: Transaction aborted (error -28)'],
      [60, 'kernel', 'BTRFS: error (device sdd: state A) in __btrfs_free_extent:3116: errno=-28 No space left'],
      [60, 'kernel', 'BTRFS info (device sdd: state EA): forced readonly'],
    ],
    { devices: ['sdd'] },
  ),
  one(
    'A path to a disk failed again after it had come back',
    'disk-errors',
    [
      [300, 'kernel', 'device-mapper: multipath: 253:3: Failing path 8:16.'],
      [200, 'kernel', 'device-mapper: multipath: 253:3: Reinstating path 8:16.'],
      [100, 'kernel', 'device-mapper: multipath: 253:3: Failing path 8:16.'],
    ],
    { devices: ['8:16'] },
  ),
  one('The kernel cannot connect to the servers of Ceph', 'network-storage-silent', [
    ...repeated(24, 12, 3, 'kernel', 'libceph: osd0 10.2.0.140:6800 socket closed (con state CONNECTING)'),
  ]),
  one(
    'The same of Ceph on an old kernel that tries again each five minutes',
    'network-storage-silent',
    repeated(12, 300, 200, 'kernel', 'libceph: osd0 10.2.0.140:6800 socket closed (con state CONNECTING)'),
    {},
    { readings: { host: ok(make.host({ kernel: '4.18.0-80.el8.x86_64' }), 3) } },
  ),
  one(
    'The kernel has a fault of its own below runc',
    'kernel-oops',
    [
      [900, 'kernel', 'BUG: unable to handle kernel NULL pointer dereference at 000000000000000d'],
      [900, 'kernel', 'Oops: 0000 [#1] SMP'],
      [900, 'kernel', 'CPU: 12 PID: 90011 Comm: runc Tainted: G            E   5.10.205 #1'],
    ],
    { pids: [90011] },
  ),
  one(
    'A network device does not send for seconds',
    'network-device-timeout',
    [[300, 'kernel', 'NETDEV WATCHDOG: eth0 (virtio_net): transmit queue 0 timed out']],
    {},
  ),
  one(
    'A GPU fell off the bus hours ago',
    'gpu-fault',
    [[9000, 'kernel', "NVRM: Xid (PCI:0000:a1:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus."]],
    { devices: ['0000:a1:00'] },
  ),
  one(
    'A memory module has corrected errors again and again',
    'memory-fault',
    repeated(4, 60, 20, 'kernel', 'EDAC MC0: 4 CE error on CPU#0Channel#2_DIMM#0 (channel:2 slot:0 page:0x0 grain:8)'),
  ),
  one(
    'A processor reports errors that its hardware corrected, again and again',
    'machine-check',
    repeated(4, 60, 20, 'kernel', 'mce: [Hardware Error]: CPU 2: Machine Check: 0 Bank 6: cc59dec000041152'),
  ),
  one(
    'The AppArmor profile of containers is not loaded',
    'denied-start',
    repeated(
      3,
      60,
      20,
      'kernel',
      'audit: type=1400 audit(1490200434.801:62): apparmor="DENIED" operation="change_onexec" info="label not found" error=-2 profile="unconfined" name="docker-default" pid=25840 comm="runc:[2:INIT]"',
    ),
  ),
  one('The kernel panicked, since no process was left to kill', 'kernel-panic', [
    [300, 'kernel', 'Out of memory and no killable processes...'],
    [300, 'kernel', 'Kernel panic - not syncing: System is deadlocked on memory'],
  ]),
  one(
    'The PCIe bus to a device fails',
    'pcie-fault',
    [
      [
        300,
        'kernel',
        'pcieport 0000:00:03.0: PCIe Bus Error: severity=Uncorrected (Fatal), type=Transaction Layer, (Requester ID)',
      ],
    ],
    { devices: ['0000:00:03.0'] },
  ),
  one('An overlay mount is refused', 'overlay-layers', [
    [300, 'kernel', 'overlayfs: lowerdir is in-use as upperdir/workdir'],
  ]),
  one('The kernel gave up the TSC, and reads the time from hpet', 'slow-clock', [
    [9000, 'kernel', 'tsc: Marking TSC unstable due to clocksource watchdog'],
    [9000, 'kernel', 'clocksource: Switched to clocksource hpet'],
  ]),
  one(
    'A RAID array lost a disk',
    'disk-errors',
    [
      [62, 'kernel', 'md/raid1:md1: Disk failure on sda3, disabling device.'],
      [62, 'kernel', 'md/raid1:md1: Operation continuing on 1 devices.'],
    ],
    { devices: ['md1'] },
  ),
  one(
    'A task of the kernel holds a CPU for more than a minute',
    'kernel-stall',
    [
      [40, 'kernel', 'watchdog: BUG: soft lockup - CPU#15 stuck for 67s! [cifsd:17906]'],
      [12, 'kernel', 'watchdog: BUG: soft lockup - CPU#15 stuck for 93s! [cifsd:17906]'],
    ],
    {},
  ),
  one(
    'No memory control group is left, and nothing counts them',
    'kernel-limit-reached',
    repeated(6, 30, 5, dockerd, error('mkdir /sys/fs/cgroup/memory/kubepods/pod1/x: no space left on device')),
    {},
    { readings: { cgroups: absent('no cgroups') } },
  ),
  one('An NFS server does not answer', 'network-storage-silent', [
    [90, 'kernel', 'nfs: server 192.0.2.5 OK'],
    ...repeated(3, 10, 15, 'kernel', 'nfs: server 192.0.2.5 not responding, still trying'),
  ]),
  one('A CIFS server does not answer', 'network-storage-silent', [
    [60, 'kernel', String.raw`CIFS: VFS: \\files.example has not responded in 180 seconds. Reconnecting...`],
  ]),
  one(
    'A network device is not released',
    'network-device-stuck',
    repeated(30, 10, 6, 'kernel', 'unregister_netdevice: waiting for veth8a1 to become free. Usage count = 1'),
  ),
  one(
    'The kernel reports the same hung task a second time',
    'hung-task',
    [
      [150, 'kernel', 'INFO: task umount:4242 blocked for more than 122 seconds.'],
      [28, 'kernel', 'INFO: task umount:4242 blocked for more than 245 seconds.'],
    ],
    { pids: [4242] },
  ),
  one(
    'CPUs are locked up again and again',
    'kernel-stall',
    repeated(5, 25, 20, 'kernel', 'watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [kworker/3:1:77]'),
  ),
  one(
    'A container is killed at its memory limit again and again',
    'oom-kill',
    repeated(6, 300, 60, 'kernel', oomOf(id)),
    { containers: [id] },
  ),
  one('The node itself is out of memory', 'oom-kill', [
    [200, 'kernel', 'Out of memory: Killed process 4242 (java) total-vm:1kB, anon-rss:1kB'],
  ]),
  one('A process that the OOM killer chose does not exit', 'oom-kill', [
    [200, 'kernel', 'Memory cgroup out of memory: Killed process 4242 (java) total-vm:1kB'],
    [198, 'kernel', 'oom_reaper: unable to reap pid:4242 (java)'],
  ]),
  one('The OOM killer hit containerd', 'oom-kill', [
    [400, 'systemd[1]', "containerd.service: Failed with result 'oom-kill'."],
  ]),
  one(
    'The table of connections is full',
    'kernel-limit-reached',
    repeated(20, 5, 2, 'kernel', 'nf_conntrack: nf_conntrack: table full, dropping packet'),
  ),
  one(
    'A create waits for an earlier one of its name',
    'name-reserved',
    repeated(
      4,
      12,
      9,
      kubelet,
      `"CreateContainer in sandbox from runtime service failed" err="rpc error: code = Unknown desc = failed to reserve container name \\"web_web-0_d_1_0\\": name \\"web_web-0_d_1_0\\" is reserved for \\"${id}\\""`,
    ),
  ),
  one('CRI-O says at which stage a create hangs', 'name-reserved', [
    [
      20,
      'crio[60]',
      'level=warning msg="Creation of container k8s_web_web-0_d_1_0 not yet finished. Currently at stage container storage creation. Waiting up to 5m59s"',
    ],
  ]),
  one(
    'Stops fail again and again, and only the log is there',
    'failed-stop',
    repeated(
      40,
      30,
      12,
      dockerd,
      `level=info msg="Container ${id} failed to exit within 10 seconds of kill - trying direct SIGKILL"`,
    ),
    { containers: [id] },
    noContainers,
  ),
  one(
    'The network of a pod cannot be taken down, so that its sandbox is not stopped, or removed, again and again',
    'failed-network-setup',
    [
      ...repeated(
        6,
        30,
        9,
        'containerd[70]',
        `level=error msg="StopPodSandbox for \\"${id}\\" failed" error="failed to destroy network for sandbox \\"${id}\\": plugin type=\\"calico\\" failed (delete): error getting ClusterInformation: connection is unauthorized"`,
      ),
      ...repeated(
        6,
        30,
        9,
        kubelet,
        `"Error syncing pod, skipping" err="failed to \\"KillPodSandbox\\" for \\"46e0b55c\\" with KillPodSandboxError: \\"rpc error: code = Unknown desc = failed to destroy network for sandbox \\\\\\"${id}\\\\\\": plugin type=\\\\\\"calico\\\\\\" failed (delete): x\\"" pod="default/web-0"`,
      ),
      ...repeated(
        2,
        30,
        9,
        'containerd[70]',
        `level=error msg="RemovePodSandbox for \\"${id}\\" failed" error="failed to forcibly stop sandbox \\"${id}\\": failed to destroy network for sandbox \\"${id}\\": plugin type=\\"calico\\" failed (delete): x"`,
      ),
    ],
    {},
    noContainers,
  ),
  one(
    'A container does not exit after SIGKILL',
    'failed-stop',
    [
      [
        9,
        'containerd[60]',
        `level=error msg="StopContainer for \\"${id}\\" failed" error="rpc error: code = DeadlineExceeded desc = an error occurs during waiting for container \\"${id}\\" to be killed: wait container: context deadline exceeded"`,
      ],
    ],
    { containers: [id] },
    noContainers,
  ),
  {
    ...one(
      'A pod’s sandbox was not stopped once, which three lines of the kubelet say',
      'failed-stop',
      [
        [
          2,
          'kubelet[77]',
          `E1121 12:00:00.000001 77 remote_runtime.go:128] StopPodSandbox "${id}" from runtime service failed: rpc error: code = DeadlineExceeded desc = context deadline exceeded`,
        ],
        [
          2,
          'kubelet[77]',
          `E1121 12:00:00.000002 77 kuberuntime_manager.go:895] Failed to stop sandbox {"containerd" "${id}"}`,
        ],
        [
          2,
          'kubelet[77]',
          'E1121 12:00:00.000003 77 pod_workers.go:191] Error syncing pod 6083039b, skipping: failed to "KillPodSandbox" with KillPodSandboxError: "rpc error"',
        ],
      ],
      {},
      noContainers,
    ),
    expected: [mentions('failed-stop')],
    mayAlso: ['runtime-not-responding'],
  },
  one(
    'Removals fail, and only the log is there',
    'failed-removal',
    repeated(3, 60, 30, dockerd, error(`Error removing mounted layer ${id}: unlinkat /x: device or resource busy`)),
    { containers: [id] },
    noContainers,
  ),
  one(
    'Shims do not answer, and only the log is there',
    'lost-shim',
    repeated(6, 10, 5, containerd, error(`get state for ${id}`, 'error="context deadline exceeded: unknown"')),
    { containers: [id] },
    noContainers,
  ),
  one(
    'The CNI plugin fails for every pod',
    'failed-network-setup',
    repeated(
      12,
      15,
      5,
      containerd,
      error(
        'RunPodSandbox for &PodSandboxMetadata{Name:x} failed, error',
        String.raw`error="failed to setup network for sandbox \"x\": plugin type=\"calico\" failed (add): x"`,
      ),
    ),
  ),
  one(
    'The log server is away',
    'blocked-log-driver',
    repeated(9, 60, 20, dockerd, error('Failed to log message for logger fluentd: write tcp: broken pipe')),
  ),
  {
    name: '/run is full, as dockerd says',
    scene: logged(
      repeated(
        4,
        20,
        20,
        'dockerd[901]',
        'level=error msg="Handler for POST /v1.41/containers/4b54/start returned error: mkdir /var/run/docker/libcontainerd/4b54: no space left on device"',
      ),
    ),
    expected: [finds('filesystem-full', { mounts: ['/run/docker'] })],
  },
];
