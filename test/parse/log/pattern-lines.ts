/** A container's. */
export const id = 'c30bc32ac3030bdd789834d1212db4ab0ceb9c9bb572670a709b571805300d91';
export const short = id.slice(0, 12);
const layer = '992a128390c8992a128390c8992a128390c8992a128390c8992a128390c8abcd';
export const logfmt = (level: string, msg: string, more = ''): string =>
  `time="2026-11-21T06:42:01.5Z" level=${level} msg=${JSON.stringify(msg)}${more === '' ? '' : ` ${more}`}`;
/** As dmesg shows it. */
export const kern = (message: string): string => `[ 3781.345173] ${message}`;
const klog = (message: string): string => `E1121 06:42:01.123456    1234 file.go:276] ${message}`;

export const taskExit = `&TaskExit{ContainerID:${id},ID:${id},Pid:24303,ExitStatus:137,ExitedAt:2026-11-21 07:18:24 +0000 UTC,XXX_unrecognized:[],}`;
const overdue = 'failed to stop container: failed to delete task: context deadline exceeded: unknown';

/** A sign, what wrote the line, the line, and the container it names. */
export type SignLine = readonly [sign: string, of: string, line: string, container: string | null];

const dockerd: readonly SignLine[] = [
  [
    'stop-force',
    'up to 20.10.9',
    logfmt('info', `Container ${id} failed to exit within 10 seconds of signal 15 - using the force`),
    id,
  ],
  [
    'stop-force',
    '20.10.10 on',
    logfmt('info', 'Container failed to exit within 10s of signal 15 - using the force', `container=${id}`),
    id,
  ],
  [
    'stop-force',
    'with another grace',
    logfmt('info', 'Container failed to exit within 1m30s of signal 2 - using the force', `container=${id}`),
    id,
  ],
  [
    'direct-sigkill',
    'up to 20.10.9',
    logfmt('info', `Container ${short} failed to exit within 10 seconds of kill - trying direct SIGKILL`),
    short,
  ],
  [
    'direct-sigkill',
    '20.10.10 to 22',
    logfmt(
      'error',
      'Container failed to exit within 10 seconds of kill - trying direct SIGKILL',
      `container=${id} error="context deadline exceeded"`,
    ),
    id,
  ],
  [
    'direct-sigkill',
    '23 on',
    `level=warning container=${id} msg="Container failed to exit within 10s of kill - trying direct SIGKILL" error="context deadline exceeded"`,
    id,
  ],
  [
    'force-killing',
    'up to 20.10.9',
    logfmt('info', 'Container failed to stop after sending signal 15 to the process, force killing'),
    null,
  ],
  [
    'stop-signal-failed',
    '20.10.10 on',
    logfmt('error', 'Error sending stop (signal 15) to container', `container=${id} error="no such process"`),
    id,
  ],
  [
    'kill-failed',
    '20.10.10 to 22',
    logfmt('error', 'Error killing the container', `container=${id} error="tried and failed"`),
    id,
  ],
  [
    'kill-failed',
    '23 on',
    logfmt('error', 'error killing container: context deadline exceeded', `container=${id}`),
    id,
  ],
  [
    'kill-failed',
    'rm -f up to 24',
    logfmt(
      'error',
      `Handler for DELETE /v1.41/containers/web-1 returned error: Could not kill running container ${id}, cannot remove - x`,
    ),
    id,
  ],
  [
    'kill-failed',
    'rm -f of 25',
    logfmt(
      'error',
      'Handler for DELETE /v1.44/containers/web-1 returned error: cannot remove container "/web-1": could not kill: x',
    ),
    'web-1',
  ],
  [
    'kill-failed',
    'rm -f of 28',
    logfmt('error', 'Handler for DELETE /v1.51/containers/web-1 returned error: could not kill container: x'),
    'web-1',
  ],
  [
    'no-exit-event',
    'stop',
    logfmt(
      'error',
      'Handler for POST /v1.41/containers/web-1/stop returned error: cannot stop container: web-1: tried to kill container, but did not receive an exit event',
    ),
    'web-1',
  ],
  [
    'no-exit-event',
    'kill',
    logfmt(
      'error',
      'Handler for POST /v1.41/containers/web-1/kill returned error: Cannot kill container: web-1: tried to kill container, but did not receive an exit event',
    ),
    'web-1',
  ],
  [
    'zombie-init',
    '20.10',
    logfmt(
      'error',
      'Error killing the container',
      `container=${id} error="container ${short} PID 4242 is zombie and can not be killed. Use the --init option when creating containers to run an init inside the container that forwards signals and reaps processes"`,
    ),
    id,
  ],
  [
    'removal-failed',
    '17.x',
    logfmt(
      'error',
      `Handler for DELETE /v1.30/containers/web-1 returned error: driver "overlay2" failed to remove root filesystem for ${id}: remove /x`,
    ),
    id,
  ],
  [
    'removal-failed',
    '20.10',
    logfmt(
      'error',
      `Handler for DELETE /v1.41/containers/web-1 returned error: container ${id}: driver "overlay2" failed to remove root filesystem: unlinkat /var/lib/docker/overlay2/${layer}/merged: device or resource busy`,
    ),
    id,
  ],
  [
    'removal-failed',
    'the layer',
    logfmt(
      'error',
      `Error removing mounted layer ${id}: unlinkat /var/lib/docker/overlay2/${layer}/merged: device or resource busy`,
    ),
    id,
  ],
  ['removal-failed', 'the folder', logfmt('error', `unable to remove filesystem for ${id}: unlinkat x`), id],
  [
    'device-busy',
    'overlay2 at debug level',
    logfmt('debug', `Failed to remove ${layer} overlay: device or resource busy`, 'storage-driver=overlay2'),
    null,
  ],
  [
    'unmount-failed',
    'overlay2 at debug level',
    logfmt('debug', `Failed to unmount ${layer} overlay: /var/lib/docker/overlay2/${layer}/merged - invalid argument`),
    null,
  ],
  [
    'netns-lost',
    '20.10',
    logfmt(
      'error',
      'failed to create osl sandbox while trying to restore sandbox 9281fef: failed to create a netlink handle: failed to set into network namespace 44 while creating netlink socket: invalid argument',
    ),
    null,
  ],
  ['sandbox-not-found', '20.10', logfmt('warning', `error locating sandbox id ${id}: sandbox ${id} not found`), null],
  [
    'rootfs-missing',
    'runc',
    logfmt(
      'error',
      `Handler for POST /v1.40/containers/${id}/start returned error: OCI runtime create failed: invalid rootfs: stat /var/lib/docker/overlay2/${layer}/merged: no such file or directory: unknown`,
    ),
    id,
  ],
  ['event-stream-lost', '18.x', logfmt('error', 'failed to get event', 'error="rpc error: code = Unavailable"'), null],
  [
    'event-stream-lost',
    '20.10',
    logfmt('error', 'Failed to get event', 'error="x" module=libcontainerd namespace=moby'),
    null,
  ],
  [
    'event-stream-lost',
    'waiting',
    logfmt('info', 'Waiting for containerd to be ready to restart event processing', 'namespace=moby'),
    null,
  ],
  ['process-event-failed', 'any', logfmt('error', 'failed to process event', `container=${id} error="x"`), id],
  [
    'process-event-failed',
    'up to 19.03',
    logfmt('error', `failed to delete container ${id} from containerd`, 'error="x"'),
    id,
  ],
  [
    'process-event-failed',
    '20.10 on',
    logfmt('error', 'failed to delete container from containerd', `container=${id} error="x"`),
    id,
  ],
  [
    'cgroup-no-memory',
    'runc',
    logfmt(
      'error',
      `OCI runtime create failed: process_linux.go:297: applying cgroup configuration for process caused \\"mkdir /sys/fs/cgroup/memory/kubepods/burstable/pod1/${id}: cannot allocate memory\\": unknown`,
    ),
    id,
  ],
  [
    'memcg-ids-exhausted',
    'runc',
    logfmt('error', `mkdir /sys/fs/cgroup/memory/docker/${id}: no space left on device`),
    id,
  ],
  [
    'too-many-open-files',
    'accept',
    logfmt(
      'error',
      'http: Accept error: accept unix /var/run/docker.sock: accept4: too many open files; retrying in 1s',
    ),
    null,
  ],
  [
    'goroutine-dump-written',
    'SIGUSR1',
    logfmt('info', 'goroutine stacks written to /var/run/docker/goroutine-stacks-2026-11-21T064201Z.log'),
    null,
  ],
  [
    'daemon-root-bound',
    'cadvisor',
    logfmt('warning', 'Falling back to default propagation for bind source in daemon root', `container=${id} source=/`),
    id,
  ],
];

const containerd: readonly SignLine[] = [
  [
    'task-exit-failed',
    '1.6',
    logfmt('error', `failed to handle container TaskExit event ${taskExit}`, `error="${overdue}"`),
    id,
  ],
  [
    'task-exit-failed',
    '1.6, a sandbox',
    logfmt('error', `failed to handle sandbox TaskExit event ${taskExit}`, `error="${overdue}"`),
    id,
  ],
  [
    'task-exit-failed',
    '1.6, again',
    logfmt(
      'error',
      `Failed to handle backOff event ${taskExit} for ${id}`,
      `error="failed to handle container TaskExit event: ${overdue}"`,
    ),
    id,
  ],
  [
    'task-exit-failed',
    '1.6 with JSON',
    JSON.stringify({
      error: overdue,
      level: 'error',
      msg: `failed to handle container TaskExit event ${taskExit}`,
      time: '2026-11-21T06:42:01.5Z',
    }).replaceAll('&', '\\u0026'),
    id,
  ],
  [
    'task-exit-failed',
    '1.7 on',
    logfmt(
      'error',
      `failed to handle container TaskExit event container_id:"${id}" id:"${id}" pid:24303 exit_status:137`,
      `error="${overdue}"`,
    ),
    id,
  ],
  [
    'shim-not-answering',
    '1.6',
    logfmt('error', 'get state for batch-1', 'error="context deadline exceeded: unknown"'),
    'batch-1',
  ],
  [
    'wait-kill-timeout',
    '1.6 to 2.3',
    logfmt(
      'error',
      `StopContainer for "${id}" failed`,
      `error="rpc error: code = DeadlineExceeded desc = an error occurs during waiting for container \\"${id}\\" to be killed: wait container \\"${id}\\": context deadline exceeded"`,
    ),
    id,
  ],
  [
    'init-still-running',
    'runc',
    logfmt('warning', 'cleanup warnings time="2026" level=error msg="container init still running"'),
    null,
  ],
  [
    'cgroup-not-removed',
    'runc 1.0',
    logfmt('warning', 'Failed to remove paths: map[memory:/sys/fs/cgroup/memory/x]'),
    null,
  ],
  [
    'cgroup-not-removed',
    'runc 1.1',
    logfmt('warning', 'Failed to remove cgroup (will retry)', 'error="rmdir x: device or resource busy"'),
    null,
  ],
  ['cgroup-not-removed', 'runc 1.2', logfmt('error', "unable to remove container's cgroup: x"), null],
  [
    'device-busy',
    'a rootfs',
    logfmt(
      'warning',
      `failed to clean up rootfs /run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/rootfs: device or resource busy`,
    ),
    id,
  ],
  [
    'goroutine-dump-written',
    'SIGUSR1',
    logfmt('info', '=== BEGIN goroutine stack dump ===\ngoroutine 1 [running]:'),
    null,
  ],
];

const kubelet: readonly SignLine[] = [
  [
    'kubelet-stop-failed',
    '1.19 on',
    klog(
      `"StopContainer from runtime service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" containerID="${id}"`,
    ),
    id,
  ],
  [
    'kubelet-stop-failed',
    'up to 1.18',
    klog(
      `StopContainer "${id}" from runtime service failed: rpc error: code = Unknown desc = operation timeout: context deadline exceeded`,
    ),
    id,
  ],
  [
    'kubelet-kill-failed',
    '1.19 on, ended',
    klog(
      `"Container termination failed with gracePeriod" err="x" pod="default/web" containerID="docker://${id}" gracePeriod=30`,
    ),
    id,
  ],
  [
    'kubelet-kill-failed',
    '1.19 on, killed',
    klog(`"Kill container failed" err="x" pod="default/web" containerID={Type:docker ID:${id}}`),
    id,
  ],
  [
    'kubelet-kill-failed',
    'up to 1.18',
    klog(`Container "docker://${id}" termination failed with gracePeriod 30: x`),
    id,
  ],
  [
    'kubelet-sandbox-stop-failed',
    '1.19 on',
    klog(`"StopPodSandbox from runtime service failed" err="x" podSandboxID="${id}"`),
    id,
  ],
  [
    'kubelet-sandbox-stop-failed',
    'the manager',
    klog(`"Failed to stop sandbox" podSandboxID={Type:docker ID:${id}}`),
    id,
  ],
  ['kubelet-remove-failed', 'up to 1.18', klog(`RemoveContainer "${id}" from runtime service failed: rpc error`), id],
  ['kubelet-remove-failed', 'the collector', klog(`Failed to remove container "${id}": rpc error`), id],
  [
    'kubelet-remove-failed',
    'the pod',
    klog('Pod "web_default(1)" is terminated, but some containers have not been cleaned up: {ID:{}}'),
    null,
  ],
  [
    'pleg-unhealthy',
    'any',
    klog(
      '"Skipping pod synchronization" err="PLEG is not healthy: pleg was last seen active 3m5s ago; threshold is 3m0s"',
    ),
    null,
  ],
  ['pleg-unhealthy', 'relist', klog('"GenericPLEG: Unable to retrieve pods" err="rpc error"'), null],
  ['runtime-down', 'any', klog('skipping pod synchronization - [container runtime is down]'), null],
  [
    'cgroup-no-memory',
    'its own',
    klog(
      'unable to ensure pod container exists: failed to create container for [kubepods besteffort podf00] : mkdir /sys/fs/cgroup/memory/kubepods/besteffort/podf00: cannot allocate memory',
    ),
    null,
  ],
];

const kernel: readonly SignLine[] = [
  ['hung-task', 'any', kern('INFO: task kworker/u8:3:3427 blocked for more than 120 seconds.'), null],
  ['kmem-cache-failed', '3.10', kern('SLUB: Unable to allocate memory on node -1 (gfp=0x8020)'), null],
  ['kmem-cache-failed', '3.10, a cache', kern('kmem_cache_create(dentry) failed with error -12'), null],
  [
    'oom-kill',
    'before 5.0',
    kern('Memory cgroup out of memory: Kill process 4242 (java) score 1000 or sacrifice child'),
    null,
  ],
  [
    'oom-kill',
    '5.0 on',
    kern('Memory cgroup out of memory: Killed process 4242 (java) total-vm:1kB, anon-rss:1kB'),
    null,
  ],
  ['oom-kill', 'of the node', kern('Out of memory: Killed process 4242 (java) total-vm:1kB'), null],
  [
    'oom-memcg',
    '4.20 on',
    kern(
      `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${id},mems_allowed=0,oom_memcg=/docker/${id},task_memcg=/docker/${id},task=java,pid=4242,uid=0`,
    ),
    id,
  ],
  ['io-error', 'a buffer', kern('Buffer I/O error on dev loop1, logical block 7, async page read'), null],
  ['io-error', '3.10', kern('Buffer I/O error on device loop1, logical block 7'), null],
  [
    'io-error',
    'a request',
    kern('blk_update_request: I/O error, dev loop1, sector 8 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 0'),
    null,
  ],
  [
    'filesystem-error',
    'ext4',
    kern('EXT4-fs error (device loop1): ext4_find_entry:1455: inode #2: comm ls: reading directory lblock 0'),
    null,
  ],
  [
    'filesystem-error',
    'xfs',
    kern('XFS (loop1): Metadata corruption detected at xfs_agf_read_verify+0x5e/0xc0 [xfs], xfs_agf block 0x1'),
    null,
  ],
  ['filesystem-error', 'btrfs', kern('BTRFS error (device loop1): bad tree block start'), null],
  ['filesystem-shutdown', 'xfs', kern('XFS (loop1): Log I/O Error Detected.  Shutting down filesystem'), null],
  ['filesystem-shutdown', 'jbd2', kern('Aborting journal on device loop1-8.'), null],
  ['remount-read-only', 'ext4', kern('EXT4-fs (loop1): Remounting filesystem read-only'), null],
  ['nfs-not-responding', 'any', kern('nfs: server 10.0.0.7 not responding, still trying'), null],
  ['netdev-refcount', 'any', kern('unregister_netdevice: waiting for veth12 to become free. Usage count = 1'), null],
  [
    'overlay-upperdir-in-use',
    'any',
    kern(
      'overlayfs: upperdir is in-use as upperdir/workdir of another mount, accessing files from both mounts will result in undefined behavior.',
    ),
    null,
  ],
];

/** By who writes them. */
export const signLines = { dockerd, containerd, kubelet, kernel };
