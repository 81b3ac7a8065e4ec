import * as make from '../support/samples.ts';
import { type Case, finds, mentions, quiet } from './case.ts';
import { type Line, logged, repeated } from './log-node.ts';

const id = make.idOf('d5');
const kubelet = 'kubelet[900]';
const dockerd = 'dockerd[800]';
const noWatches =
  '"Failed to start cAdvisor" err="inotify_add_watch /sys/fs/cgroup/cpu,cpuacct: no space left on device"';
const started = 'level=info msg="libcontainerd: new containerd process, pid: 28002"';
const locked =
  'level=error msg="Handler for POST /v1.24/containers/4ee3/start returned error: (iptables failed: iptables -t nat -A POSTROUTING: Another app is currently holding the xtables lock. Perhaps you want to use the -w option? (exit status 4))"';
const noFork =
  'level=error msg="Handler for POST /v1.32/containers/6ab1/start returned error: failed to start shim: fork/exec /usr/bin/docker-containerd-shim: resource temporarily unavailable: unknown"';
const noMemory =
  'level=error msg="HTTP Error" err="Cannot start container 1c7d: fork/exec /usr/sbin/iptables: cannot allocate memory" statusCode=500';
const noNetwork =
  '"Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"';
const volume = '/var/lib/kubelet/pods/d3d357a1-9a27-11e8-b11b-525400daa710/volumes/kubernetes.io~csi';
const noExec =
  'level=error msg="Error running exec 12 in container: OCI runtime exec failed: exec failed: container_linux.go:380: starting container process caused: fork/exec /proc/self/exe: resource temporarily unavailable: unknown"';
const inD = (comm: string, pid: number): string =>
  `task:${comm.padEnd(15)} state:D stack:0     pid:${pid} ppid:1 flags:0x00000006`;

const one = (name: string, lines: readonly Line[], rule: ReturnType<typeof finds>): Case => ({
  name,
  scene: logged(lines),
  expected: [rule],
});

/** Limits and locks of the node that only the logs tell. */
export const faultsOfLoggedLimits: readonly Case[] = [
  one(
    'The kubelet is out of inotify watches, which is no full disk',
    repeated(6, 20, 9, kubelet, noWatches),
    finds('kernel-limit-reached'),
  ),
  one(
    'No kernel key is left for a container, which is no full disk',
    repeated(
      6,
      20,
      9,
      dockerd,
      'level=error msg="Handler for POST /v1.41/containers/4ee3/start returned error: OCI runtime create failed: container init caused: join session keyring: create session key: disk quota exceeded: unknown"',
    ),
    finds('kernel-limit-reached'),
  ),
  one(
    'Audit events are lost by the thousand',
    [
      ...repeated(5, 2, 9, 'kernel', 'audit: audit_backlog=4097 > audit_backlog_limit=4096'),
      ...repeated(5, 2, 9, 'kernel', 'audit: audit_lost=494217 audit_rate_limit=0 audit_backlog_limit=4096'),
    ],
    finds('kernel-limit-reached'),
  ),
  one(
    'The kubelet is out of inotify instances, and cannot start',
    repeated(6, 20, 9, kubelet, '"Failed to run kubelet" err="inotify_init: too many open files"'),
    finds('kernel-limit-reached'),
  ),
  one(
    'The certificate of the kubelet expired while it runs',
    repeated(
      12,
      10,
      4,
      kubelet,
      'E1121 11:58:20.123456     900 transport.go:113] The currently active client certificate has expired, but the server is not responsive. A restart may be necessary to retrieve new initial credentials.',
    ),
    finds('expired-certificate', { daemons: ['kubelet'] }),
  ),
  one(
    'The pod network is not ready for half an hour',
    repeated(360, 5, 2, kubelet, noNetwork),
    finds('failed-network-setup'),
  ),
  one(
    'A volume of GlusterFS lost its FUSE daemon',
    repeated(
      4,
      120,
      50,
      kubelet,
      'E1121 11:58:20.123456     900 nestedpendingoperations.go:262] Operation failed. Error: MountVolume.SetUp failed with: stat /var/lib/kubelet/pods/d3d357a1-9a27-11e8-b11b-525400daa710/volumes/kubernetes.io~glusterfs/x: transport endpoint is not connected',
    ),
    finds('dead-volume'),
  ),
  one(
    'Ceph evicted the node',
    [
      [62, 'kernel', 'ceph: mds0 closed our session'],
      [62, 'kernel', 'ceph: mds0 reconnect start'],
      [61, 'kernel', 'ceph: mds0 reconnect denied'],
    ],
    finds('network-storage-silent'),
  ),
  one(
    'The only bond lost the links of both its interfaces',
    [
      [900, 'kernel', 'bond0: (slave eno1): making interface the new active one'],
      [40, 'kernel', 'bond0: (slave eno1): link status definitely down, disabling slave'],
      [40, 'kernel', 'bond0: now running without any active interface!'],
    ],
    finds('bond-down'),
  ),
  one(
    'systemd has as many units as it can have',
    repeated(4, 30, 9, kubelet, 'Output: Failed to start transient scope unit: Argument list too long'),
    finds('kernel-limit-reached'),
  ),
  one(
    'dockerd waits for random numbers after the boot',
    [[20, dockerd, 'crypto/rand: blocked for 60 seconds waiting to read random data from the kernel']],
    finds('kernel-limit-reached'),
  ),
  one(
    'TCP has no memory left',
    repeated(6, 5, 2, 'kernel', 'TCP: out of memory -- consider tuning tcp_mem'),
    finds('kernel-limit-reached'),
  ),
  one(
    'No seccomp filter can be loaded: the memory for compiled BPF programs is used up',
    repeated(
      4,
      30,
      9,
      dockerd,
      'level=error msg="OCI runtime create failed: unable to init seccomp: error loading seccomp filter into kernel: error loading seccomp filter: errno 524: unknown"',
    ),
    finds('kernel-limit-reached'),
  ),
  one(
    'Processors are too hot',
    repeated(
      4,
      300,
      20,
      'kernel',
      'mce: CPU3: Package temperature above threshold, cpu clock throttled (total events = 232)',
    ),
    mentions('hot-cpu'),
  ),
  one(
    'The kernel memory of a container is at its limit',
    repeated(
      4,
      30,
      9,
      'kernel',
      `  cache: kmalloc-1024(0:${id}), object size: 1024, buffer size: 1024, default order: 3, min order: 0`,
    ),
    finds('kernel-limit-reached', { containers: [id] }),
  ),
  one(
    'The node can open no file',
    repeated(3, 2, 2, 'kernel', 'VFS: file-max limit 65535 reached'),
    finds('kernel-limit-reached'),
  ),
  one(
    'dockerd starts its containerd again every few seconds',
    repeated(6, 4, 3, dockerd, started),
    finds('crash-loop', { daemons: ['containerd'] }),
  ),
  one(
    'dockerd could not create a thread, and aborted',
    [
      [62, dockerd, 'runtime/cgo: pthread_create failed: Resource temporarily unavailable'],
      [62, dockerd, 'SIGABRT: abort'],
    ],
    finds('kernel-limit-reached'),
  ),
  one(
    'dockerd can start no program: the kernel has no memory for it',
    repeated(4, 30, 9, dockerd, noMemory),
    finds('kernel-limit-reached'),
  ),
  one(
    'Execs fail: the container has as many processes as its limit allows',
    repeated(4, 30, 9, dockerd, noExec),
    finds('kernel-limit-reached'),
  ),
  one('dockerd can start no shim: fork is refused', repeated(4, 30, 9, dockerd, noFork), finds('kernel-limit-reached')),
  one(
    'The watchdog of systemd kills the engine every six minutes',
    [
      ...repeated(4, 370, 12, 'systemd[1]', 'balena.service: Watchdog timeout (limit 6min)!'),
      ...repeated(4, 370, 2, 'systemd[1]', 'balena.service: Scheduled restart job, restart counter is at 14.'),
    ],
    finds('crash-loop'),
  ),
  one(
    'containerd does not start: a page of its database is damaged',
    [
      [31, 'systemd[1]', 'containerd.service: Scheduled restart job, restart counter is at 3.'],
      [26, 'containerd[700]', 'panic: assertion failed: Page expected to be: 3393, but self identifies as 686807438'],
    ],
    finds('crash-loop', { daemons: ['containerd'] }),
  ),
  one(
    'Starts fail because another program holds the xtables lock',
    repeated(4, 60, 20, dockerd, locked),
    finds('xtables-lock'),
  ),
  one(
    'Two lists of blocked tasks, two minutes apart, have the same task',
    [
      [150, 'kernel', inD('fusermount', 6396)],
      [150, 'kernel', inD('postgres', 2581)],
      [20, 'kernel', inD('fusermount', 6396)],
    ],
    finds('hung-task', { pids: [6396] }),
  ),
];

export const calmOfLoggedLimits: readonly Case[] = [
  quiet(
    'A node that was booted: its CNI agent started after two minutes, and its bond has a link',
    logged([
      ...repeated(24, 5, 200, kubelet, noNetwork),
      [330, 'kernel', 'bond0: now running without any active interface!'],
      [329, 'kernel', 'bond0: (slave eno1): making interface the new active one'],
      [329, 'kernel', 'bond0: active interface up!'],
      ...repeated(3, 1, 325, 'kernel', 'audit: backlog limit exceeded'),
    ]),
  ),
  quiet(
    'A probe that reads a bad disk of its own, and a volume that was dead two hours ago',
    logged([
      [
        40,
        kubelet,
        `"Probe failed" probeType="Liveness" pod="default/web-0" output="cat: ${volume}/x: input/output error"`,
      ],
      [7200, kubelet, `Error: MountVolume.SetUp failed with: stat ${volume}/x: host is down`],
    ]),
  ),
  quiet(
    'A metadata server of Ceph that was restarted, and has the node back',
    logged([
      [62, 'kernel', 'ceph: mds0 reconnect denied'],
      [40, 'kernel', 'ceph: mds0 reconnect start'],
      [39, 'kernel', 'ceph: mds0 reconnect success'],
    ]),
  ),
  quiet('A CNI agent that was started anew half an hour ago', logged(repeated(90, 5, 1800, kubelet, noNetwork))),
  quiet(
    'A node that was off for months, whose kubelet got a new certificate with its token',
    logged([
      [
        60,
        kubelet,
        'E1121 11:58:20.123456     900 bootstrap.go:266] part of the existing bootstrap client certificate in /etc/kubernetes/kubelet.conf is expired: 2026-06-11 17:17:20 +0000 UTC',
      ],
      [50, kubelet, '"Certificate rotation detected, shutting down client connections to start using new credentials"'],
    ]),
    { expected: [mentions('expired-certificate')] },
  ),
  quiet(
    'The argument list of a program in a container is too long, and another program waits for random numbers',
    logged([
      ...repeated(3, 20, 9, 'web-1[77]', 'Failed to start transient scope unit: Argument list too long'),
      [20, 'web-1[77]', 'crypto/rand: blocked for 60 seconds waiting to read random data from the kernel'],
    ]),
  ),
  quiet(
    'An old kubelet that was started, and has not looked at its containers yet',
    logged([
      [
        40,
        kubelet,
        'skipping pod synchronization - [container runtime is down PLEG is not healthy: pleg was last seen active 2562047h47m16.854775807s ago; threshold is 3m0s]',
      ],
    ]),
    { expected: [mentions('runtime-not-responding')] },
  ),
  quiet(
    'Programs in containers are out of inotify watches and of descriptors',
    logged([
      ...repeated(6, 20, 9, 'web-1[77]', 'Error: inotify_add_watch /x: no space left on device'),
      ...repeated(6, 20, 8, 'web-1[77]', 'inotify_init: too many open files'),
    ]),
  ),
  quiet(
    'A program in a container can start no process, and its own limit is reached',
    logged(repeated(6, 20, 9, 'web-1[77]', 'fork/exec /bin/sh: resource temporarily unavailable')),
  ),
  quiet(
    'A program in a container has no memory for a child',
    logged(repeated(6, 20, 9, 'web-1[77]', 'fork/exec /bin/sh: cannot allocate memory')),
  ),
  quiet(
    'A read of dockerd would block, which is no limit',
    logged(repeated(6, 20, 9, dockerd, 'level=debug msg="read /dev/ptmx: resource temporarily unavailable"')),
  ),
  quiet(
    'The watchdog of systemd kills a service that is no runtime',
    logged(repeated(4, 370, 12, 'systemd[1]', 'web.service: Watchdog timeout (limit 3min)!')),
  ),
  quiet(
    'dockerd was restarted four times in an hour, each time by hand',
    logged(repeated(4, 600, 60, dockerd, started)),
  ),
  {
    name: 'iptables waited for the xtables lock once, while services were written',
    scene: logged([
      [
        90,
        kubelet,
        '"Failed to ensure rule" err="Another app is currently holding the xtables lock. Stopped waiting after 5s."',
      ],
    ]),
    expected: [mentions('xtables-lock')],
  },
  {
    name: 'Two lists of blocked tasks, two minutes apart, have other tasks',
    scene: logged([
      [150, 'kernel', inD('kworker/u8:3', 6396)],
      [20, 'kernel', inD('postgres', 2581)],
    ]),
    expected: [mentions('hung-task')],
  },
];
