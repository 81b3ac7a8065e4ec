import { nodeLines } from './node-lines.ts';

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
    'bpf-jit-full',
    'runc 1.1',
    logfmt(
      'error',
      'OCI runtime exec failed: exec failed: unable to start container process: error loading seccomp filter into kernel: error loading seccomp filter: errno 524: unknown',
    ),
    null,
  ],
  [
    'keyring-full',
    '1.11',
    logfmt(
      'error',
      'containerd: start container',
      'error="oci runtime error: could not create session key: disk quota exceeded"',
    ),
    null,
  ],
  [
    'keyring-full',
    'runc 1.1 on',
    logfmt(
      'error',
      'OCI runtime create failed: unable to join session keyring: unable to create session key: disk quota exceeded',
    ),
    null,
  ],
  ['no-entropy', 'any', 'crypto/rand: blocked for 60 seconds waiting to read random data from the kernel', null],
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
  ['logger-not-exiting', 'any', logfmt('warning', `Logger didn't exit in time: logs may be truncated`), null],
  [
    'log-write-failed',
    'json-file',
    logfmt('error', 'Failed to log message for logger json-file: write unix: broken pipe', `container=${id}`),
    id,
  ],
  ['log-write-failed', 'up to 18.x', logfmt('error', 'Failed to log msg "" for logger fluentd: x'), null],
  [
    'log-send-failed',
    'splunk, 18.09',
    logfmt(
      'warning',
      'Error while sending logs',
      'error="Post https://splunk-ec:443/services/collector/event/1.0: context deadline exceeded" module=logger/splunk',
    ),
    null,
  ],
  ['log-send-failed', 'awslogs', logfmt('error', 'Failed to put log events', 'errorCode=ThrottlingException'), null],
  [
    'overlay-interface-exists',
    '17.12',
    logfmt(
      'error',
      'fatal task error',
      String.raw`error="starting container failed: subnet sandbox join failed for \"10.0.4.0/24\": error creating vxlan interface: file exists" module=node/agent/taskmanager`,
    ),
    null,
  ],
  ['plugin-not-found', '17.06', logfmt('warning', 'Unable to locate plugin: rancher-nfs, retrying in 30s'), null],
  [
    'swarm-peer-failed',
    '17.03',
    logfmt('info', 'memberlist: Marking ip-10-0-27-201-3b736f1d4651 as failed, suspect timeout reached'),
    null,
  ],
  [
    'health-check-failed',
    'any',
    logfmt('warning', `Health check for container ${id} error: context deadline exceeded`),
    id,
  ],
  ['containerd-exited', 'any', logfmt('error', 'containerd did not exit successfully', 'error="exit status 2"'), null],
  [
    'containerd-start-timeout',
    '18.09',
    'Failed to connect to containerd: failed to dial "/var/run/docker/containerd/docker-containerd.sock": context deadline exceeded',
    null,
  ],
  ['containerd-start-timeout', 'any', 'failed to start daemon: timeout waiting for containerd to start', null],
  ['start-failed', 'up to 17.05', logfmt('fatal', 'Error starting daemon: timeout'), null],
  [
    'start-failed',
    'later',
    'failed to start daemon: error initializing graphdriver: driver not supported: overlay2',
    null,
  ],
  [
    'start-failed',
    'with a pid file',
    'failed to start daemon, ensure docker is not running or delete /var/run/docker.pid: process with PID 7 is still running',
    null,
  ],
  ['dockerd-started', 'any', logfmt('info', 'Daemon has completed initialization'), null],
  ['overlay-sync-timeout', 'any', logfmt('error', 'Bulk sync to node 88fb98ca9e1e timed out'), null],
  [
    'kill-not-running',
    '17.09, cut by a terminal',
    logfmt(
      'warning',
      `container kill failed because of 'container not found' or 'no such process': Cannot kill container ${short}`,
    ).slice(0, -1),
    short,
  ],
  [
    'containerd-replaced',
    'any',
    logfmt('warning', 'killing and restarting containerd', 'module=libcontainerd pid=24'),
    null,
  ],
  ['containerd-started', '17.06', logfmt('info', 'libcontainerd: new containerd process, pid: 28002'), null],
  [
    'containerd-started',
    '18.09 on',
    logfmt('info', 'started new containerd process', 'address=/x.sock module=libcontainerd pid=28002'),
    null,
  ],
  [
    'event-stream-lost',
    '17.06',
    logfmt('error', 'libcontainerd: failed to receive event from containerd: rpc error: code = 13 desc = transport'),
    null,
  ],
  [
    'xtables-lock',
    'of a start',
    logfmt(
      'error',
      'iptables failed: iptables -t nat -A POSTROUTING -j MASQUERADE: Another app is currently holding the xtables lock. Perhaps you want to use the -w option?\n (exit status 4)',
    ),
    null,
  ],
  [
    'inotify-instances',
    'of containerd',
    logfmt(
      'error',
      'failed to load cni during init',
      'error="failed to create cni conf monitor: failed to create fsnotify watcher: too many open files"',
    ),
    null,
  ],
  ['too-many-open-files', 'of the node', logfmt('error', 'inotify_init: too many open files in system'), null],
  [
    'thin-pool-free-blocks',
    'devicemapper',
    logfmt(
      'error',
      'Handler for POST /v1.24/containers/create returned error: devmapper: Thin Pool has 0 free data blocks which is less than minimum required 20253 free data blocks.',
    ),
    null,
  ],
  ['no-space', 'of a layer', logfmt('error', 'write /var/lib/docker/tmp/x: no space left on device'), null],
  ['no-space', 'without a path', logfmt('error', 'Error saving state', 'error="no space left on device"'), null],
  ['go-panic', 'any', 'panic: runtime error: invalid memory address or nil pointer dereference', null],
];

const containerd: readonly SignLine[] = [
  [
    'content-missing',
    '1.6',
    logfmt(
      'error',
      'CreateContainer within sandbox for &ContainerMetadata{Name:main,Attempt:0,} failed',
      `error="failed to create containerd container: error unpacking image: failed to extract layer sha256:${layer}: failed to get reader from content store: content digest sha256:${layer}: not found"`,
    ),
    null,
  ],
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
  [
    'sandbox-stop-failed',
    'any',
    logfmt('error', `StopPodSandbox for "${id}" failed`, 'error="rpc error: code = DeadlineExceeded"'),
    id,
  ],
  [
    'signal-not-permitted',
    '1.6 to 1.7.15',
    logfmt(
      'error',
      `StopContainer for "${id}" failed`,
      `error="rpc error: code = Unknown desc = failed to kill container \\"${id}\\": unknown error after kill: runc did not terminate successfully: exit status 1: unable to signal init: permission denied\\n: unknown"`,
    ),
    id,
  ],
  [
    'sandbox-task-missing',
    'any',
    logfmt(
      'error',
      'CreateContainer within sandbox "s" for &ContainerMetadata{Name:app,Attempt:3,} failed',
      `error="failed to get sandbox container task: no running task found: task ${id} not found: not found"`,
    ),
    id,
  ],
  [
    'pull-no-progress',
    '1.6.9 on',
    logfmt('error', 'cancel pulling image registry.example/app:1 because of no progress in 5m0s'),
    null,
  ],
  ['late-shim-answer', '1.7 on', logfmt('error', 'ttrpc: received message on inactive stream', 'stream=31'), null],
  ['shim-event-dropped', 'any', logfmt('error', 'evicting /tasks/exit from queue because of retry count'), null],
  [
    'stop-failed',
    '1.6 to 2.3',
    logfmt(
      'error',
      `StopContainer for "${id}" failed`,
      'error="rpc error: code = Unknown desc = failed to kill container"',
    ),
    id,
  ],
  [
    'container-removal-failed',
    '1.6 to 2.3',
    logfmt('error', `RemoveContainer for "${id}" failed`, 'error="rpc error: code = Unknown desc = failed to remove"'),
    id,
  ],
  [
    'removal-in-progress',
    '1.6 to 2.3',
    logfmt(
      'error',
      `RemoveContainer for "${id}" failed`,
      `error="failed to set removing state for container \\"${id}\\": container is already in removing state"`,
    ),
    id,
  ],
  [
    'sandbox-removal-failed',
    '1.6 to 2.3',
    logfmt('error', `RemovePodSandbox for "${id}" failed`, 'error="rpc error: code = Unknown desc = failed to remove"'),
    id,
  ],
  ['shim-not-answering', '2.3', logfmt('error', 'converting task to protobuf', `error="x" id=${id}`), id],
  [
    'start-timeout',
    '0.2',
    logfmt(
      'error',
      'containerd: start container',
      `error="containerd: container did not start before the specified timeout" id=${id}`,
    ),
    id,
  ],
  [
    'create-timeout',
    'a sandbox',
    logfmt(
      'error',
      'RunPodSandbox for &PodSandboxMetadata{Name:x,Uid:1,Namespace:d,Attempt:0,} failed, error',
      'error="failed to create containerd task: context deadline exceeded: unknown"',
    ),
    null,
  ],
  [
    'network-teardown-failed',
    'calico',
    logfmt(
      'error',
      `Failed to destroy network for sandbox "${id}"`,
      String.raw`error="plugin type=\"calico\" failed (delete): x"`,
    ),
    id,
  ],
  [
    'network-setup-failed',
    'the hook of nerdctl',
    logfmt(
      'error',
      'failed to create shim task',
      String.raw`error="error running hook: exit status 1, stderr: time=\"2024-05-13T01:15:15-07:00\" level=fatal msg=\"failed to call cni.Setup: plugin type=\\\"macvlan\\\" failed (add): x\""`,
    ),
    null,
  ],
  [
    'network-setup-failed',
    'calico',
    logfmt(
      'error',
      'RunPodSandbox for &PodSandboxMetadata{Name:x} failed, error',
      String.raw`error="failed to setup network for sandbox \"${id}\": plugin type=\"calico\" failed (add): x"`,
    ),
    id,
  ],
  [
    'shim-cleanup-failed',
    'a shim',
    logfmt('warning', 'failed to clean up after shim disconnected', `error="x" id=${id}`),
    id,
  ],
  ['shim-cleanup-failed', 'a dead one', logfmt('error', 'failed to delete dead shim', `id=${id}`), id],
  [
    'no-pod-address',
    'whereabouts',
    logfmt(
      'error',
      'RunPodSandbox failed',
      String.raw`error="failed to setup network for sandbox \"${id}\": plugin type=\"macvlan\" failed (add): error at storage engine: Could not allocate IP in range: ip: 192.168.101.122 / - 192.168.101.122 / range: 192.168.101.0/24"`,
    ),
    null,
  ],
  [
    'sandbox-create-failed',
    'the image of sandboxes',
    logfmt(
      'error',
      'RunPodSandbox for &PodSandboxMetadata{Name:web,Uid:792465b3,Namespace:default,Attempt:0,} failed, error',
      String.raw`error="failed to get sandbox image \"registry.k8s.io/pause:3.6\": failed to pull image"`,
    ),
    null,
  ],
  ['containerd-booted', 'any', logfmt('info', 'containerd successfully booted in 0.041852s'), null],
  [
    'daemon-fatal',
    '2.0',
    logfmt(
      'fatal',
      'Failed to run CRI service',
      String.raw`error="failed to recover state: failed to get metadata for stored sandbox \"4ea7\": not found"`,
    ),
    null,
  ],
  ['leaked-shim', 'at the start', logfmt('info', 'cleaning leaked shim process', `id=${id} namespace=k8s.io`), id],
  ['shim-disconnected', 'any', logfmt('info', 'shim disconnected', `id=${id}`), id],
  [
    'name-reserved',
    'any',
    logfmt(
      'error',
      'CreateContainer within sandbox for &ContainerMetadata{Name:web,Attempt:0,} failed',
      `error="failed to reserve container name \\"web_web-0_d_1_0\\": name \\"web_web-0_d_1_0\\" is reserved for \\"${id}\\""`,
    ),
    id,
  ],
  ['thread-limit', 'any', 'runtime: program exceeds 10000-thread limit', null],
  ['go-fatal', 'any', 'fatal error: thread exhaustion', null],
  ['go-fatal', 'a damaged stack', 'fatal: morestack on g0', null],
  ['go-fatal', 'a failure within another', 'panic during panic', null],
  [
    'database-damaged',
    'a page that is not what it should be',
    'panic: assertion failed: Page expected to be: 3393, but self identifies as 6868074383292906018',
    null,
  ],
  ['database-damaged', 'a page of another type', 'panic: invalid page type: 4: 10', null],
  ['no-thread', 'of cgo', 'runtime/cgo: pthread_create failed: Resource temporarily unavailable', null],
  ['no-thread', 'of Go', 'runtime: failed to create new OS thread (have 2049 already; errno=11)', null],
  [
    'no-process',
    'a thread of a program that dockerd ran',
    logfmt(
      'error',
      `collecting stats for ${id}: rpc error: code = 2 desc = exit status 2: "runtime/cgo: pthread_create failed: Resource temporarily unavailable\\nSIGABRT: abort"`,
    ),
    id,
  ],
  [
    'no-process-in-container',
    'an exec that runc cannot start',
    logfmt(
      'error',
      `Error running exec ${short} in container: OCI runtime exec failed: exec failed: container_linux.go:380: starting container process caused: fork/exec /proc/self/exe: resource temporarily unavailable: unknown`,
    ),
    null,
  ],
  [
    'no-memory-for-process',
    'iptables of Docker 1.7',
    logfmt('error', 'HTTP Error', 'err="Cannot start container: fork/exec /usr/sbin/iptables: cannot allocate memory"'),
    null,
  ],
  [
    'no-process',
    'any',
    logfmt(
      'error',
      `Handler for POST /v1.32/containers/${id}/start returned error: failed to start shim: fork/exec /usr/bin/docker-containerd-shim: resource temporarily unavailable: unknown`,
    ),
    id,
  ],
  [
    'containerd-start-failed',
    'any',
    'containerd: failed to load TOML from /etc/containerd/config.toml: invalid plugin key URI "cri" expect io.containerd.x.vx',
    null,
  ],
];

const kubelet: readonly SignLine[] = [
  [
    'inotify-watches',
    'of cAdvisor',
    klog('Failed to start cAdvisor inotify_add_watch /sys/fs/cgroup/cpu,cpuacct: no space left on device'),
    null,
  ],
  ['inotify-instances', 'any', klog('failed to run Kubelet: inotify_init: too many open files'), null],
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
    'systemd-connection-closed',
    'a new pod',
    klog(
      'Error syncing pod, skipping: failed to create container for [kubepods pod3b7a] : dbus: connection closed by user',
    ),
    null,
  ],
  ['system-oom-event', 'with its victim', 'System OOM encountered, victim process: java, pid: 4242', null],
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
  [
    'message-too-large',
    'any',
    klog(
      '"GenericPLEG: x" err="rpc error: code = ResourceExhausted desc = grpc: trying to send message larger than max (16777539 vs. 16777216)"',
    ),
    null,
  ],
  [
    'exec-sync-timeout',
    'a probe',
    klog(
      `"ExecSync cmd from runtime service failed" err="rpc error: code = DeadlineExceeded desc = failed to exec in container: timeout 1s exceeded: context deadline exceeded" containerID="${id}" cmd=["/bin/sh"]`,
    ),
    id,
  ],
  [
    'runtime-call-timeout',
    'a sandbox, with the code as gRPC wrote it up to 1.8',
    klog(
      `PodSandboxStatus of sandbox "${id}" for pod "web-0_default(7d3b94f3)" error: rpc error: code = 4 desc = context deadline exceeded`,
    ),
    id,
  ],
  [
    'runtime-call-timeout',
    'up to 1.18',
    klog(
      `ContainerStatus "${id}" from runtime service failed: rpc error: code = DeadlineExceeded desc = context deadline exceeded`,
    ),
    id,
  ],
  [
    'runtime-call-timeout',
    'a list',
    klog(
      'ListContainers with filter &ContainerFilter{Id:,State:nil,LabelSelector:map[string]string{},} from runtime service failed: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    ),
    null,
  ],
  [
    'runtime-call-timeout',
    '1.19 on',
    klog(
      '"RunPodSandbox from runtime service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded"',
    ),
    null,
  ],
  [
    'pod-sync-timeout',
    'up to 1.18',
    klog(
      'Error syncing pod f0118c7e ("web-0_default(f0118c7e)"), skipping: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    ),
    null,
  ],
  [
    'pod-sync-timeout',
    '1.19 on',
    klog(
      '"Error syncing pod, skipping" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" pod="default/web-0"',
    ),
    null,
  ],
  ['reinspection-failed', 'any', klog('PLEG: pod default/web-0 failed reinspection: rpc error'), null],
  [
    'image-disk-high',
    'any',
    klog(
      '"Disk usage on image filesystem is over the high threshold, trying to free bytes down to the low threshold" usage=91',
    ),
    null,
  ],
  [
    'image-gc-failed',
    'any',
    klog(
      '"Image garbage collection failed multiple times in a row" err="failed to garbage collect required amount of images. Attempted to free 1 bytes, but only found 0 bytes eligible to free"',
    ),
    null,
  ],
  ['eviction-reclaim', 'any', klog('"Eviction manager: attempting to reclaim" resourceName="ephemeral-storage"'), null],
  [
    'eviction-avoided',
    '1.20 on',
    klog(
      '"Eviction manager: able to reduce resource pressure without evicting pods." resourceName="ephemeral-storage"',
    ),
    null,
  ],
  ['eviction-memory', 'any', klog('"Eviction manager: attempting to reclaim" resourceName="memory"'), null],
];

const crio: readonly SignLine[] = [
  [
    'name-reserved',
    'any',
    logfmt('error', 'error reserving ctr name k8s_web_web-0_d_1_0 for id 7: name is reserved'),
    null,
  ],
  ['crio-stopping', 'any', logfmt('info', `Stopping container: ${id} (timeout: 30s)`), id],
  [
    'creation-unfinished',
    'any',
    logfmt(
      'warning',
      'Creation of container k8s_web_web-0 not yet finished. Currently at stage container storage creation. Waiting up to 5m59s',
    ),
    null,
  ],
];

const unitLine = (message: string): string => `Nov 21 06:42:01 n systemd[1]: ${message}`;
const udevLine = (message: string): string => `Nov 21 06:42:01 n systemd-udevd[337]: ${message}`;
const systemd: readonly SignLine[] = [
  ['unit-exited', '219', unitLine('docker.service: main process exited, code=exited, status=2/INVALIDARGUMENT'), null],
  ['unit-exited', '230 on', unitLine('containerd.service: Main process exited, code=killed, status=9/KILL'), null],
  ['udev-killed', '219', udevLine('worker [20020] /devices/virtual/block/dm-61 timeout; kill it'), null],
  ['udev-killed', '220 to 246', udevLine("seq 4313 '/devices/virtual/block/dm-61' killed"), null],
  ['udev-killed', '247 on', udevLine('dm-61: Worker [20020] processing SEQNUM=3667 killed'), null],
  ['unit-restart', '239 on', unitLine('containerd.service: Scheduled restart job, restart counter is at 5.'), null],
  ['unit-restart', '219', unitLine('docker.service holdoff time over, scheduling restart.'), null],
  ['fuse-daemon-crash', 'of a unit', unitLine('lxcfs.service: Main process exited, code=killed, status=11/SEGV'), null],
  ['systemd-no-answer', 'a mount', 'Failed to start transient scope unit: Connection timed out', null],
  ['systemd-units-full', 'a mount', 'Failed to start transient scope unit: Argument list too long', null],
  ['unit-gave-up', 'any', unitLine('docker.service: Start request repeated too quickly.'), null],
  ['unit-watchdog', 'any', unitLine('balena.service: Watchdog timeout (limit 6min)!'), null],
  ['unit-watchdog', 'the result', unitLine("containerd.service: Failed with result 'watchdog'."), null],
  ['unit-oom', 'any', unitLine("kubelet.service: Failed with result 'oom-kill'."), null],
  ['unit-start-timeout', 'any', unitLine('docker.service: start operation timed out. Terminating.'), null],
  ['inotify-watches', 'any', 'Failed to add inotify watch descriptor: No space left on device', null],
  ['unit-start-failed', '219', unitLine('Failed to start Docker Application Container Engine.'), null],
  ['unit-start-failed', '249 on', unitLine('Failed to start containerd.service - containerd container runtime.'), null],
  ['unit-started', 'any', unitLine('Started Docker Application Container Engine.'), null],
  ['unit-stop-timeout', '1.12 of Docker', unitLine('docker.service stop-final-sigterm timed out. Killing.'), null],
  ['unit-stop-timeout', 'any', unitLine("docker.service: State 'stop-sigterm' timed out. Killing."), null],
];

const kernel: readonly SignLine[] = [
  [
    'signal-denied',
    'of containerd',
    kern(
      'audit: type=1400 audit(1719000000.1:71): apparmor="DENIED" operation="signal" class="signal" profile="cri-containerd.apparmor.d" pid=4242 comm="runc" requested_mask="receive" denied_mask="receive" signal=kill peer="runc"',
    ),
    null,
  ],
  [
    'hung-task-holder',
    '6.x',
    kern('INFO: task containerd-shim:12345 is blocked on a rw-semaphore likely owned by task runc:999.'),
    null,
  ],
  ['soft-lockup', 'any', kern('watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [runc:[2:INIT]:12345]'), null],
  ['workqueue-lockup', 'any', kern('BUG: workqueue lockup - pool cpus=3 node=0 flags=0x1 nice=0 stuck for 43s!'), null],
  ['rcu-stall', 'any', kern('rcu: INFO: rcu_sched detected stalls on CPUs/tasks:'), null],
  ['rcu-stall', '3.0', kern('INFO: rcu_sched_state detected stall on CPU 0 (t=105060 jiffies)'), null],
  ['rcu-stall', 'itself', kern('rcu: INFO: rcu_preempt self-detected stall on CPU'), null],
  ['fork-rejected', 'any', kern(`cgroup: fork rejected by pids controller in /docker/${id}`), id],
  ['oom-not-reaped', 'any', kern('oom_reaper: unable to reap pid:12345 (java)'), null],
  [
    'allocation-deadlock',
    'any',
    kern('XFS: dockerd(800) possible memory allocation deadlock size 65552 in kmem_alloc (mode:0x250)'),
    null,
  ],
  ['page-allocation-failed', 'any', kern('kworker/3:1: page allocation failure: order:5, mode:0x40dc0'), null],
  ['kernel-oops', '4.4', kern('Oops: 0000 [#1] SMP'), null],
  [
    'kernel-oops',
    '6.12 on',
    kern('Oops: general protection fault, probably for non-canonical address 0xdead000000000122: 0000 [#2] SMP NOPTI'),
    null,
  ],
  [
    'kernel-oops',
    'up to 6.11',
    kern('general protection fault, probably for non-canonical address 0x2e6e6f69: 0000 [#1] PREEMPT SMP PTI'),
    null,
  ],
  ['kernel-oops', 'of arm64', kern('Internal error: Oops: 0000000096000004 [#1] SMP'), null],
  ['kernel-oops', 'BUG()', kern('invalid opcode: 0000 [#1] SMP NOPTI'), null],
  ['kernel-oops', 'of riscv', kern('Oops [#1]'), null],
  [
    'kernel-bad-access',
    'x86 to 5.0',
    kern('BUG: unable to handle kernel NULL pointer dereference at 0000000000000030'),
    null,
  ],
  [
    'kernel-bad-access',
    'x86 from 5.1 on',
    kern('BUG: kernel NULL pointer dereference, address: 0000000000000402'),
    null,
  ],
  ['kernel-bad-access', 'a page', kern('BUG: unable to handle page fault for address: ffffb8c1c4f1fff8'), null],
  [
    'kernel-bad-access',
    'of arm',
    kern('Unable to handle kernel paging request at virtual address ffff0000000005b2'),
    null,
  ],
  [
    'kernel-bad-access',
    'a process, to 3.9',
    kern('Process docker (pid: 1262, threadinfo ffff88003cb6c000, task ffff88003d5a4080)'),
    null,
  ],
  ['kernel-bad-access', 'a process on arm', kern('Process kswapd0 (pid: 40, stack limit = 0xb9f34210)'), null],
  ['kernel-report-task', 'to 3.9', kern('Pid: 1262, comm: docker Not tainted 2.6.32-431.el6.x86_64 #1 VMware'), null],
  [
    'kernel-report-place',
    'to 4.7',
    kern('RIP: 0010:[<ffffffffa90ef1d5>]  [<ffffffffa90ef1d5>] smp_call_function_many+0x1f5/0x250'),
    null,
  ],
  ['kernel-report-place', 'of riscv', kern('epc : strscpy+0x2a/0xfa'), null],
  ['rcu-stall', 'of tasks', kern('INFO: rcu_tasks detected stalls on tasks:'), null],
  [
    'rcu-stall',
    'of tasks, 6.4 on',
    kern(
      'tasks_rcu_exit_srcu_stall: rcu_tasks grace period number 37 (since boot) gp_state: RTGS_POST_SCAN_TASKLIST is 11222989 jiffies old.',
    ),
    null,
  ],
  [
    'kmem-cache-of-group',
    '3.10',
    kern(` cache: kmalloc-1024(0:${id}), object size: 1024, buffer size: 1024, default order: 3, min order: 0`),
    id,
  ],
  [
    'kmem-cache-of-group',
    'with systemd',
    kern(
      `  cache: mnt_cache(9946:docker-${id}.scope), object size: 384, buffer size: 384, default order: 2, min order: 0`,
    ),
    id,
  ],
  [
    'kmem-cache-of-group',
    'of a unit',
    kern('  cache: dentry(77:web.service), object size: 192, buffer size: 192, default order: 0, min order: 0'),
    null,
  ],
  [
    'cpu-throttled',
    'to 5.4',
    kern('mce: CPU0: Package temperature above threshold, cpu clock throttled (total events = 2725157)'),
    null,
  ],
  [
    'cpu-throttled',
    '5.5 on',
    kern('CPU7: Core temperature is above threshold, cpu clock is throttled (total events = 219)'),
    null,
  ],
  ['cpu-cooled', 'any', kern('CPU1: Core temperature/speed normal'), null],
  ['drbd-no-data', '9', kern('drbd u12215/0 drbd854: IO ERROR: neither local nor remote data, sector 829328+8'), null],
  ['drbd-no-data', '8.4', kern('block drbd0: IO ERROR: neither local nor remote data, sector 0+8'), null],
  ['kernel-report-task', '4.4', kern('CPU: 12 PID: 90011 Comm: runc Tainted: G            E   4.4.205 #1'), null],
  ['kernel-report-task', '6.12', kern('CPU: 1 UID: 42 PID: 8422 Comm: runc:[2:INIT] Not tainted 6.12.28 #1'), null],
  [
    'gpu-lost',
    'any',
    kern("NVRM: Xid (PCI:0000:a1:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus."),
    null,
  ],
  ['kernel-report-place', '4.15', kern('IP: check_cfs_rq_runtime+0x12/0x50'), null],
  ['kernel-report-place', '4.9', kern('IP: [<ffffffff8127684d>] security_inode_getattr+0xd/0x50'), null],
  ['kernel-report-place', '4.16 on', kern('RIP: 0010:handle_softirqs+0x8b/0x2a0'), null],
  ['kernel-report-place', 'of arm64', kern('pc : percpu_counter_add_batch+0x18/0x138'), null],
  ['gpu-named', 'any', kern('NVRM: The NVIDIA GPU 0000:b3:00.0'), null],
  ['gpu-lost', 'of three lines', kern('NVRM: fallen off the bus and is not responding to commands.'), null],
  [
    'oom-invoked',
    'any',
    kern('StreamTrans #72 invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE), order=0'),
    null,
  ],
  ['oom-cpuset', 'up to 4.20', kern(`java cpuset=${id} mems_allowed=0`), id],
  [
    'drbd-not-primary',
    'an open',
    kern('drbd pvc-1: Auto-promote failed: State change was refused by peer node (-10)'),
    null,
  ],
  ['drbd-not-primary', 'a write', kern('drbd pvc-1/0 drbd1001: Rejected WRITE request, not in Primary role.'), null],
  ['drbd-primary', '9', kern('drbd pvc-1: role( Secondary -> Primary ) [auto-promote]'), null],
  ['audit-events-lost', 'any', kern('audit: audit_lost=494217 audit_rate_limit=0 audit_backlog_limit=4096'), null],
  [
    'wsl-disk-detached',
    'the process of WSLg',
    kern("EXT4-fs error (device sdc): ext4_put_super:1196: comm weston: Couldn't clean up the journal"),
    null,
  ],
  ['gpu-lost', 'without a number', kern('NVRM: GPU 0000:a1:00.0: GPU has fallen off the bus.'), null],
  [
    'gpu-fault',
    'any',
    kern(
      'NVRM: Xid (PCI:0000:61:00): 119, pid=4242, name=nvidia-smi, Timeout waiting for RPC from GSP! Expected function 76',
    ),
    null,
  ],
  ['amdgpu-reset', 'ring', kern('amdgpu 0000:0c:00.0: Ring gfx_0.0.0 reset failed'), null],
  ['amdgpu-reset', 'whole', kern('amdgpu 0000:03:00.0: amdgpu: GPU reset begin!'), null],
  ['amdgpu-reset', 'firmware', kern('amdgpu 0000:03:00.0: amdgpu: MES failed to respond to msg=RESET'), null],
  [
    'machine-check-uncorrected',
    'exception',
    kern('mce: [Hardware Error]: CPU 18: Machine Check Exception: 5 Bank 7: be00000001010091'),
    null,
  ],
  [
    'machine-check-corrected',
    'any',
    kern('mce: [Hardware Error]: CPU 2: Machine Check: 0 Bank 6: cc59dec000041152'),
    null,
  ],
  ['tsc-unstable', 'watchdog', kern('tsc: Marking TSC unstable due to clocksource watchdog'), null],
  [
    'tsc-unstable',
    'skew',
    kern(
      "clocksource: timekeeping watchdog on CPU17: Marking clocksource 'tsc' as unstable because the skew is too large:",
    ),
    null,
  ],
  [
    'pcie-fatal',
    'any',
    kern('pcieport 0000:00:03.0: PCIe Bus Error: severity=Uncorrected (Fatal), type=Transaction Layer, (Requester ID)'),
    null,
  ],
  ['pcie-link-lost', 'igb', kern('igb 0000:02:00.0 enp2s0: PCIe link lost'), null],
  ['ata-media-error', 'any', kern('ata1.00: error: { UNC }'), null],
  ['ata-command-failed', 'any', kern('ata1.00: failed command: READ FPDMA QUEUED'), null],
  [
    'hung-task',
    'of crash',
    kern('[0 16:55:36.579] [UN]  PID: 2690   TASK: ffff896e75769ec0  CPU: 10  COMMAND: "containerd"'),
    null,
  ],
  ['overlay-lowerdir-in-use', 'any', kern('overlayfs: lowerdir is in-use as upperdir/workdir'), null],
  [
    'overlay-no-dtype',
    'any',
    kern('overlayfs: upper fs needs to support d_type. This is an invalid configuration.'),
    null,
  ],
  ['raid-failed', 'any', kern('md/raid:md2: Cannot continue operation (2/4 failed).'), null],
  ['raid-sync-started', 'check', kern('md: data-check of RAID array md3'), null],
  ['raid-sync-ended', 'any', kern('md: md0: resync done.'), null],
  ['clock-switched', 'any', kern('clocksource: Switched to clocksource hpet'), null],
  ['memory-corrected', 'any', kern('EDAC MC0: 4 CE error on CPU#0Channel#2_DIMM#0 (channel:2 slot:0 page:0x0)'), null],
  [
    'memory-corrected',
    'sbridge',
    kern('EDAC MC1: 128 CE memory read error on CPU_SrcID#1_Ha#0_Chan#1_DIMM#1 (channel:1 slot:1 page:0x2b67afa)'),
    null,
  ],
  ['memory-uncorrected', 'EDAC', kern('EDAC MC0: 1 UE memory read error on DIMM_A1 (channel:0 slot:0 page:0x1)'), null],
  ['memory-uncorrected', 'page', kern('Memory failure: 0x3f8a2c: recovery action for dirty LRU page: Recovered'), null],
  ['drbd-suspended', '9', kern('drbd pvc-1: susp-io( no -> quorum )'), null],
  ['drbd-suspended', 'no disk', kern('drbd u12215: susp-io( no -> no-disk)'), null],
  ['drbd-suspended', '8.4', kern('block drbd1: susp( 0 -> 1 )'), null],
  ['drbd-resumed', '9', kern('drbd pvc-1: susp-io( quorum -> no )'), null],
  [
    'drbd-peer-lost',
    '9',
    kern('drbd pvc-1 node-2: conn( Connected -> NetworkFailure ) peer( Secondary -> Unknown )'),
    null,
  ],
  ['drbd-peer-lost', 'silent', kern('drbd u12215 nodeA: PingAck did not arrive in time.'), null],
  [
    'drbd-peer-back',
    '9',
    kern('drbd pvc-1 node-2: conn( Connecting -> Connected ) peer( Unknown -> Secondary )'),
    null,
  ],
  [
    'fuse-daemon-crash',
    'a fault',
    kern(
      'lxcfs[3871]: segfault at 0 ip 00007fe70ae4e3b2 sp 00007fe70884fb70 error 4 in liblxcfs.so[7fe70ae46000+f000]',
    ),
    null,
  ],
  ['fuse-daemon-crash', 'a trap', kern('traps: s3fs[77] general protection fault ip:7f0 sp:7ff error:0'), null],
  ['thin-metadata-damaged', 'any', kern('device-mapper: block manager: recursive lock detected in metadata'), null],
  [
    'thin-metadata-damaged',
    'a btree',
    kern('device-mapper: btree spine: node_check failed: blocknr 0 != wanted 45'),
    null,
  ],
  ['thin-metadata-damaged', 'a count', kern('device-mapper: space map common: unable to decrement block'), null],
  [
    'thin-metadata-damaged',
    'a checksum',
    kern('device-mapper: space map common: index_check failed: csum 5 != wanted 6'),
    null,
  ],
  [
    'thin-metadata-damaged',
    'a read-only pool',
    kern('device-mapper: thin: __process_bio_read_only: dm_thin_find_block() failed: error = -15'),
    null,
  ],
  ['thin-pool-full', 'its metadata', kern('device-mapper: thin: No free metadata blocks'), null],
  [
    'thin-metadata-damaged',
    'of a pool',
    kern('device-mapper: thin: process_cell: dm_thin_find_block() failed: error = -22'),
    null,
  ],
  [
    'controller-stalled',
    'megaraid',
    kern('megaraid_sas 0000:5a:00.0: [30]waiting for 65 commands to complete for scsi0'),
    null,
  ],
  ['controller-stalled', 'aacraid', kern('aacraid: Host adapter abort request (0,0,0,0)'), null],
  ['controller-stalled', '3.10', kern('megasas: [ 5]waiting for 12 commands to complete for scsi0'), null],
  ['controller-stalled', 'hpsa', kern('hpsa 0000:03:00.0: Controller lockup detected: 0x00130000'), null],
  [
    'controller-stalled',
    'smartpqi',
    kern('smartpqi 0000:64:00.0: controller offline: reason code 0x4 (no controller heartbeat detected)'),
    null,
  ],
  [
    'controller-stalled',
    'smartpqi up to 5.15',
    kern('smartpqi 0000:89:00.0: controller is offline: status code 0x6100c'),
    null,
  ],
  ['controller-stalled', 'mpt3sas', kern('mpt3sas_cm0: fault_state(0x5854)!'), null],
  ['controller-stalled', 'mpt2sas', kern('mpt2sas0: fault_state(0x0d03)!'), null],
  [
    'nfs-lease-failed',
    'any',
    kern('NFS: state manager: check lease failed on NFSv4 server 127.0.0.1 with error 13'),
    null,
  ],
  ['bond-down', '4.x on', kern('bond1: now running without any active interface!'), null],
  ['bond-down', '3.10', kern('bonding: bond1: now running without any active interface !'), null],
  ['bond-up', '5.4 on', kern('bond1: (slave eno2): making interface the new active one'), null],
  ['bond-up', '4.x', kern('bond0: making interface eno49 the new active one'), null],
  ['bond-up', 'of all', kern('bond0: active interface up!'), null],
  ['audit-backlog-full', 'any', kern('audit: audit_backlog=4097 > audit_backlog_limit=4096'), null],
  ['audit-backlog-full', 'the warning', kern('audit: backlog limit exceeded'), null],
  [
    'zfs-pool-suspended',
    'any',
    kern("WARNING: Pool 'tank' has encountered an uncorrectable I/O failure and has been suspended."),
    null,
  ],
  [
    'oom-global',
    'any',
    kern(
      `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=aegis,mems_allowed=0,global_oom,task_memcg=/system.slice/docker-${id}.scope,task=java,pid=7134,uid=1000`,
    ),
    id,
  ],
  ['ceph-evicted', 'a reconnect', kern('ceph: mds0 reconnect denied'), null],
  ['ceph-evicted', '6.7 on', kern('ceph: [0d5cbcdc-6c9a-4d1b-9f1e-5d1a3f6f5f3e 4305]: mds0 rejected session'), null],
  ['file-max-reached', 'any', kern('VFS: file-max limit 1000000 reached'), null],
  ['tcp-memory-full', 'any', kern('TCP: out of memory -- consider tuning tcp_mem'), null],
  ['tcp-orphans', 'any', kern('TCP: too many orphaned sockets'), null],
  [
    'route-cache-full',
    '4.15 to 6.2',
    kern('Route cache is full: consider increasing sysctl net.ipv6.route.max_size.'),
    null,
  ],
  [
    'route-cache-full',
    'older',
    kern('Route cache is full: consider increasing sysctl net.ipv[4|6].route.max_size.'),
    null,
  ],
  [
    'netdev-driver-reset',
    'ena',
    kern(
      'ena 0000:00:03.0 eth0: The number of lost tx completions is above the threshold (156 > 128). Reset the device',
    ),
    null,
  ],
  [
    'netdev-driver-reset',
    'newer ena',
    kern(
      'ena 0000:00:05.0 ens5: Lost TX completions are above the threshold (129 > 128). Completion transmission timeout: 5000.',
    ),
    null,
  ],
  [
    'netdev-driver-reset',
    'ixgbe',
    kern('ixgbe 0000:04:00.0 eth2: tx hang 1 detected on queue 11, resetting adapter'),
    null,
  ],
  ['netdev-driver-reset', 'i40e', kern('i40e 0000:02:00.0: tx hang detected on queue 5, resetting adapter'), null],
  ['netdev-driver-reset', 'e1000e', kern('e1000e 0000:00:1f.6 eno1: Detected Hardware Unit Hang:'), null],
  ['netdev-driver-reset', 'mlx5', kern('mlx5_core 0000:3b:00.0 ens1f0: TX timeout detected'), null],
  ['kernel-stack-wait', 'x86', kern(' request_wait_answer+0x125/0x1f0 [fuse]'), null],
  ['kernel-stack-wait', '4.x', kern(' [<ffffffffc1b6bbdf>] txg_wait_synced+0xef/0x140 [zfs]'), null],
  [
    'kernel-stack-wait',
    'arm',
    kern('[<7f4d4470>] (btrfs_start_dirty [btrfs]) from [<7f4e7f44>] (btrfs_commit_transaction+0x154/0xc2c [btrfs])'),
    null,
  ],
  ['raid-disk-failed', 'any', kern('md/raid1:md1: Operation continuing on 1 devices.'), null],
  ['nvme-removed', 'up to 6.x', kern('nvme nvme2: Removing after probe failure status: -19'), null],
  ['nvme-removed', 'newer', kern('nvme nvme2: Disabling device after reset failure: -19'), null],
  ['nvme-fabric-lost', 'tcp', kern('nvme nvme0: failed to connect socket: -110'), null],
  ['nvme-fabric-lost', 'again', kern('nvme nvme0: Reconnecting in 10 seconds...'), null],
  ['iscsi-session-lost', 'any', kern(' session7: session recovery timed out after 120 secs'), null],
  ['iscsi-connection-error', 'any', kern(' connection7:0: detected conn error (1021)'), null],
  ['nbd-connection-lost', 'any', kern('block nbd12: Receive control failed (result -32)'), null],
  [
    'filesystem-shutdown',
    'XFS, after its log failed',
    kern('XFS (loop1): Filesystem has been shut down due to log error (0x2).'),
    null,
  ],
  ['filesystem-error', 'ext4, its superblock', kern('EXT4-fs (loop1): I/O error while writing superblock'), null],
  ['nvme-no-path', 'that may come back', kern('block nvme2n2: no usable path - requeuing I/O'), null],
  ['nvme-fabric-lost', 'its first line', kern('nvme nvme3: starting error recovery'), null],
  ['scsi-abort', 'of VMware', kern('sd 0:0:0:0: [sda] tag#114 task abort on host 0, 0000000096d2b2ce'), null],
  [
    'scsi-abort',
    'of mpt3sas',
    kern('sd 3:0:4:0: attempting task abort!scmd(0x00000000e6e7404d), outstanding for 30424 ms & timeout 30000 ms'),
    null,
  ],
  ['disk-without-size', '5.16 on', kern('sdm: rw=2048, sector=32768, nr_sectors = 8 limit=0'), null],
  ['disk-without-size', 'before', kern('sdm: rw=0, want=8, limit=0'), null],
  ['usb-disconnected', 'any', kern('usb 2-2: USB disconnect, device number 4'), null],
  ['kernel-worker', 'of Hyper-V', kern('Workqueue: hv_vmbus_con vmbus_onmessage_work'), null],
  ['kernel-stack-guess', '4.9', kern(' [<ffffffff87510023>] ? blk_mq_get_tag+0x23/0x90'), null],
  ['kernel-worker', 'of XFS', kern('Workqueue: xfs-sync/rbd0 xfs_log_worker [xfs]'), null],
  [
    'page-allocation-stalled',
    'any',
    kern('DOM Worker: page allocation stalls for 10646ms, order:0, mode:0x24280ca'),
    null,
  ],
  ['nvme-interrupt-lost', 'any', kern('nvme nvme0: I/O 35 QID 2 timeout, completion polled'), null],
  ['nbd-disconnected', 'any', kern('block nbd12: NBD_DISCONNECT'), null],
  ['first-sector-error', '5.x', kern('blk_update_request: I/O error, dev sdc, sector 0 op 0x0:(READ) flags 0x0'), null],
  ['first-sector-error', 'any', kern('Buffer I/O error on dev sdc, logical block 0, async page read'), null],
  ['ceph-back', 'an OSD', kern('libceph: osd3 up'), null],
  ['ceph-back', 'a monitor', kern('libceph: mon0 (1)192.0.2.1:6789 session established'), null],
  ['ceph-back', 'an MDS', kern('ceph: mds0 caps renewed'), null],
  ['ceph-back', 'an MDS, 6.7 on', kern('ceph: [1fa98d2c-44f2-4a52-9c3f-0de6a6d4d0b5 43321]: mds0 came back'), null],
  ['ceph-hung', 'an MDS, 6.7 on', kern('ceph: [1fa98d2c-44f2-4a52-9c3f-0de6a6d4d0b5 43321]: mds0 hung'), null],
  ['thin-pool-back', 'any', kern('device-mapper: thin: 253:4: switching pool to write mode'), null],
  [
    'thin-pool-back',
    'extended',
    kern('device-mapper: thin: 253:4: growing the data device from 1600 to 1920 blocks'),
    null,
  ],
  ['disk-path-back', 'NVMe', kern('nvme nvme0: Successfully reconnected (2 attempt)'), null],
  ['disk-path-back', 'multipath', kern('device-mapper: multipath: 253:3: Reinstating path 8:16.'), null],
  ['multipath-path-failed', 'any', kern('device-mapper: multipath: 253:3: Failing path 8:16.'), null],
  ['ceph-unreachable', '4.x', kern('libceph: osd0 10.2.0.140:6800 socket closed (con state CONNECTING)'), null],
  ['ceph-unreachable', '5.x', kern('libceph: mon2 (1)172.31.52.146:6789 connect error'), null],
  [
    'btrfs-no-space',
    'up to 5.18',
    kern('BTRFS: error (device loop1) in btrfs_run_delayed_refs:2189: errno=-28 No space left'),
    null,
  ],
  [
    'btrfs-no-space',
    '5.19 on',
    kern('BTRFS error (device loop1: state A): in btrfs_finish_ordered_io:3288: errno=-28 No space left'),
    null,
  ],
  ['remount-read-only', 'btrfs, 5.19 on', kern('BTRFS info (device loop1: state EA): forced readonly'), null],
  [
    'filesystem-error',
    'btrfs, 5.19 on',
    kern('BTRFS error (device loop1: state EA): bdev /dev/loop1 errs: wr 3, rd 0, flush 0, corrupt 0, gen 0'),
    null,
  ],
  ['nvme-timeout', 'any', kern('nvme nvme0: I/O 123 QID 4 timeout, aborting'), null],
  ['device-offline', 'any', kern('sd 2:0:0:1: rejecting I/O to offline device'), null],
  ['rbd-error', 'any', kern('rbd: rbd0: write 1000 at 2000 result -110'), null],
  ['ceph-hung', 'any', kern('ceph: mds0 hung'), null],
  [
    'thin-pool-full',
    'any',
    kern('device-mapper: thin: 253:4: switching pool to out-of-data-space (queue IO) mode'),
    null,
  ],
  [
    'thin-pool-failed',
    'any',
    kern('device-mapper: thin: 253:0: unable to service pool target messages in READ_ONLY or FAIL mode'),
    null,
  ],
  [
    'thin-pool-low',
    'any',
    kern('device-mapper: thin: 253:4: reached low water mark for data device: sending event.'),
    null,
  ],
  ['nfs-recovered', 'any', kern('nfs: server 10.0.0.7 OK'), null],
  [
    'cifs-not-responding',
    'any',
    kern(String.raw`CIFS: VFS: \\192.0.2.7 has not responded in 180 seconds. Reconnecting...`),
    null,
  ],
  ['conntrack-full', 'wrapped', kern('nf_conntrack: table full,'), null],
  ['card-timeout', 'bcm2835', kern('mmc0: timeout waiting for hardware interrupt.'), null],
  ['card-timeout', 'sdhci', kern('mmc0: Timeout waiting for hardware interrupt.'), null],
  [
    'device-offline',
    '5.18 on',
    kern('device offline error, dev sdf, sector 1005856 op 0x1:(WRITE) flags 0x0 phys_seg 67 prio class 0'),
    null,
  ],
  [
    'kernel-corruption',
    'a page map',
    kern('BUG: Bad page map in process docker-runc  pte:00010000 pmd:8fb898067'),
    null,
  ],
  ['kernel-corruption', 'a page table', kern('mm/memory.c:409: bad pmd ffff881055775210(80000006ad4008e7)'), null],
  ['kernel-corruption', 'a page', kern('BUG: Bad page state in process kworker/3:1  pfn:3f8a2c'), null],
  ['kernel-corruption', 'a list', kern('list_del corruption. prev->next should be ffff8800, but was ffff8801'), null],
  ['conntrack-full', 'any', kern('nf_conntrack: nf_conntrack: table full, dropping packet'), null],
  ['neighbour-table-full', 'any', kern('neighbour: arp_cache: neighbor table overflow!'), null],
  ['task-in-d', 'to 5.10', kern('fusermount      D    0 639694   1274 0x00004004'), null],
  ['task-in-d', '3.10', kern('dockerd         D ffff88021fc12ec0     0 14148      1 0x00000000'), null],
  ['task-in-d', '5.11 on', kern('task:runc:[2:INIT]   state:D stack:0     pid:2581 ppid:2545 flags:0x00000006'), null],
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
  ['oom-kill-node', 'of the node', kern('Out of memory: Killed process 4242 (java) total-vm:1kB'), null],
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
  ['netdev-tx-timeout', 'up to 6.6', kern('NETDEV WATCHDOG: eth0 (virtio_net): transmit queue 0 timed out'), null],
  [
    'netdev-tx-timeout',
    '6.7 on',
    kern('bcmgenet fd580000.ethernet end0: NETDEV WATCHDOG: CPU: 2: transmit queue 1 timed out 5010 ms'),
    null,
  ],
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
const pods: readonly SignLine[] = [
  [
    'kubelet-certificate-expired',
    'any',
    klog(
      'The currently active client certificate has expired, but the server is not responsive. A restart may be necessary to retrieve new initial credentials.',
    ),
    null,
  ],
  [
    'kubelet-bootstrap-expired',
    'to 1.19',
    klog('part of the existing bootstrap client certificate is expired: 2020-12-06 18:55:55 +0000 UTC'),
    null,
  ],
  [
    'kubelet-bootstrap-expired',
    '1.20 on',
    klog(
      'part of the existing bootstrap client certificate in /etc/kubernetes/kubelet.conf is expired: 2024-06-11 17:17:20 +0000 UTC',
    ),
    null,
  ],
  [
    'kubelet-start-failed',
    '1.18',
    klog(
      'failed to run Kubelet: misconfiguration: kubelet cgroup driver: "cgroupfs" is different from docker cgroup driver: "systemd"',
    ),
    null,
  ],
  [
    'kubelet-start-failed',
    '1.21',
    klog(
      String.raw`"Failed to start ContainerManager" err="start cpu manager error: could not restore state from checkpoint: configured policy \"static\" differs from state checkpoint policy \"none\""`,
    ),
    null,
  ],
  ['kubelet-started', '1.29', klog('"Starting kubelet main sync loop"'), null],
  ['kubelet-started', 'k3s', logfmt('info', 'k3s is up and running'), null],
  [
    'datastore-timeout',
    'RKE2',
    'time="2026-11-21T06:42:01Z" level=error msg="Failed to check local etcd status for learner management: context deadline exceeded"',
    null,
  ],
  [
    'datastore-timeout',
    'MicroK8s',
    'time="2026-11-21T06:42:01Z" level=error msg="error while range on /registry/health : query (try: 0): context deadline exceeded"',
    null,
  ],
  [
    'api-server-unreachable',
    'at its start',
    klog(
      '"Unable to register node with API server" err="Post \\"https://10.89.0.4:6443/api/v1/nodes\\": dial tcp 10.89.0.4:6443: connect: no route to host" node="n1"',
    ),
    null,
  ],
  [
    'api-server-unreachable',
    '1.11',
    klog(
      'Error updating node status, will retry: error getting node "n1": Get https://192.0.2.5:6443/api/v1/nodes/n1?timeout=10s: dial tcp 192.0.2.5:6443: connect: connection refused',
    ),
    null,
  ],
  [
    'node-unauthorized',
    'any',
    klog('"Failed to ensure lease exists, will retry" err="Unauthorized" interval="7s"'),
    null,
  ],
  [
    'node-deleted',
    'any',
    klog('Error updating node status, will retry: error getting node "n1.internal": nodes "n1.internal" not found'),
    null,
  ],
  [
    'join-refused',
    'k3s',
    logfmt(
      'info',
      "Waiting to retrieve agent configuration; server is not ready: Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag",
    ),
    null,
  ],
  [
    'join-refused',
    'another CA',
    logfmt('error', 'token CA hash does not match the Cluster CA certificate hash: f08676 != 8e7d49'),
    null,
  ],
  [
    'join-refused',
    'RKE2',
    logfmt(
      'error',
      'Failed to retrieve agent config: https://192.0.2.5:9345/v1-rke2/serving-kubelet.crt: 401 Unauthorized',
    ),
    null,
  ],
  [
    'datastore-stalled',
    'JSON',
    '{"level":"warn","ts":"2021-01-25T06:42:36.000+0100","caller":"wal/wal.go:806","msg":"slow fdatasync","took":"7.454439372s","expected-duration":"1s"}',
    null,
  ],
  [
    'datastore-stalled',
    '3.3',
    '2018-04-03 19:58:26.681723 W | etcdserver: apply entries took too long [12.248577394s for 1 entries]',
    null,
  ],
  [
    'datastore-slow',
    '3.4',
    '2020-10-20 12:15:24.120316 W | wal: sync duration of 1.018100466s, expected less than 1s',
    null,
  ],
  [
    'datastore-slow',
    'a request',
    '2020-10-20 12:15:22.876237 W | etcdserver: read-only range request "key:\\"/registry/health\\" " with result "size:6" took too long (2.285637356s) to execute',
    null,
  ],
  [
    'etcd-not-member',
    'k3s',
    logfmt(
      'info',
      'Failed to test etcd connection: this server is a not a member of the etcd cluster. Found [n1=https://192.0.2.5:2380], expect: n1=https://192.0.2.6:2380',
    ),
    null,
  ],
  [
    'datastore-timeout',
    'RKE2 1.28',
    logfmt(
      'info',
      'Failed to test data store connection: failed to report and disarm etcd alarms: etcd alarm list failed: context deadline exceeded',
    ),
    null,
  ],
  [
    'datastore-election',
    'k0s',
    logfmt(
      'info',
      '{"level":"info","logger":"raft","msg":"a3ec072c51c0d67b is starting a new election at term 254"}',
      'component=etcd',
    ),
    null,
  ],
  [
    'dqlite-no-leader',
    'LXD',
    't=2020-09-09T11:27:48+0000 lvl=warn msg="Dqlite: attempt 3: server 1: no known leader"',
    null,
  ],
  [
    'lxd-start-failed',
    '5.21',
    logfmt(
      'error',
      'Failed to start the daemon',
      'err="Failed to start dqlite server: raft_start(): io: closed segment 49266 is past last snapshot snapshot-1-49152"',
    ),
    null,
  ],
  [
    'kubernetes-panic',
    'kubelite',
    klog('"Observed a panic" panic="runtime error: invalid memory address or nil pointer dereference" stacktrace=<'),
    null,
  ],
  [
    'runtime-status-unknown',
    'any',
    klog('"Skipping pod synchronization" err="container runtime status check may not have completed yet"'),
    null,
  ],
  [
    'csi-driver-missing',
    'as an event',
    klog(
      'MountVolume.MountDevice failed for volume "pvc-d378" : kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: driver name nfs.csi.k8s.io not found in the list of registered CSI drivers',
    ),
    null,
  ],
  [
    'volume-unmount-stuck',
    'flexvolume',
    klog(
      'Operation for "x" failed. No retries permitted until 2018-05-17 11:59:31 +0000 UTC (durationBeforeRetry 2m2s). Error: UnmountVolume.TearDown failed for volume "2f6f" (UniqueName: "flexvolume-x/2f6f") pod "0731" (UID: "0731") : remove /var/lib/kubelet/pods/0731/volumes/x~y/2f6f: device or resource busy',
    ),
    null,
  ],
  [
    'volume-unmount-failed',
    'NFS',
    klog(
      'Operation for "x" failed. No retries permitted until 2018-05-17 11:57:30 +0000 UTC (durationBeforeRetry 500ms). Error: UnmountVolume.TearDown failed for volume "data" (UniqueName: "kubernetes.io/nfs/data") pod "0731" (UID: "0731") : remove /x: device or resource busy',
    ),
    null,
  ],
  [
    'volume-unmounted',
    'NFS',
    klog(
      'UnmountVolume.TearDown succeeded for volume "kubernetes.io/nfs/data" (OuterVolumeSpecName: "data") pod "0731" (UID: "0731"). InnerVolumeSpecName "data". PluginName "kubernetes.io/nfs", VolumeGidValue ""',
    ),
    null,
  ],
  [
    'snapshot-missing',
    'of a create',
    klog(
      'Error: failed to create containerd container: failed to create prepare snapshot dir: failed to create temp dir: stat /data/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots: no such file or directory',
    ),
    null,
  ],
  [
    'bridge-address',
    'flannel',
    klog(
      'Failed to create pod sandbox: rpc error: code = Unknown desc = error adding pod kube-system_traefik to CNI network "cbr0": plugin type="flannel" failed (add): failed to delegate add: failed to set bridge addr: "cni0" already has an IP address different from 172.20.0.1/24',
    ),
    null,
  ],
  [
    'no-pod-address',
    'Azure CNS',
    klog(
      'failed to setup network for sandbox "ac1b": plugin type="azure-vnet" failed (add): IPAM Invoker Add failed with error: AllocateIPConfig failed: not enough IPs available for 9c6a7f37-dd43-4f7c-a01f-1ff41653609c, waiting on Azure CNS to allocate more',
    ),
    null,
  ],
  [
    'no-pod-address',
    'Cilium',
    klog(
      'NetworkPlugin cni failed to set up pod "coredns_kube-system" network: unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure  range is full',
    ),
    null,
  ],
  [
    'gpu-driver-mismatch',
    'a hook of runc',
    'nvidia-container-cli: initialization error: nvml error: driver/library version mismatch: unknown',
    null,
  ],
  [
    'certificate-invalid',
    'k3s 1.18',
    klog('Unable to authenticate the request due to an error: x509: certificate has expired or is not yet valid'),
    null,
  ],
  [
    'gpu-lost-event',
    'as an event',
    '  Warning  UnexpectedAdmissionError  73s  kubelet  Pod Allocate failed due to device plugin GetPreferredAllocation rpc failed with err: rpc error: code = Unknown desc = Unable to retrieve list of available devices: error creating nvml.Device 3: nvml: GPU is lost, which is unexpected',
    null,
  ],
  [
    'eviction-reclaim',
    'as an event',
    klog('The node was low on resource: ephemeral-storage. Container calico-node was using 92Ki.'),
    null,
  ],
  ['eviction-reclaim', 'as a condition', klog('Recording NodeHasDiskPressure event message for node node-7'), null],
  ['eviction-avoided', 'as a condition', klog('Recording NodeHasNoDiskPressure event message for node node-7'), null],
  [
    'runtime-call-timeout',
    'of the garbage collection',
    klog(
      '"Container garbage collection failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded"',
    ),
    null,
  ],
  [
    'volume-attach-failed',
    'of EBS',
    klog('AttachVolume.Attach failed for volume "pvc-5dea601a" : attachment timeout for volume vol-0ddf92e13636fa667'),
    null,
  ],
  [
    'volume-attach-failed',
    'in use elsewhere',
    klog('Multi-Attach error for volume "pvc-ec895697" Volume is already used by pod(s) percona-58bdfcd4df-sg7rs'),
    null,
  ],
  [
    'volume-wait-timeout',
    '1.20',
    klog(
      'Unable to attach or mount volumes: unmounted volumes=[nfs], unattached volumes=[nfs]: timed out waiting for the condition',
    ),
    null,
  ],
  [
    'volume-mount-failed',
    'any',
    klog('MountVolume.SetUp failed for volume "nfs" : mount failed: exit status 32'),
    null,
  ],
  ['mount-failed', 'of NFS', 'mount.nfs: Connection refused', null],
  ['mount-failed', 'in an event', 'Output: mount.nfs: Connection timed out', null],
  [
    'mount-failed',
    'of a disk',
    'mount: wrong fs type, bad option, bad superblock on /dev/rbd0, missing codepage or helper program, or other error',
    null,
  ],
  ['volume-ready', 'any', klog('AttachVolume.Attach succeeded for volume "pvc-7a81d56f"'), null],
  ['sandbox-changed', 'any', klog('Pod sandbox changed, it will be killed and re-created.'), null],
  [
    'sandbox-create-failed',
    'the image of sandboxes, whose registry did not answer in time',
    klog(
      String.raw`"RunPodSandbox from runtime service failed" err="rpc error: code = DeadlineExceeded desc = failed to get sandbox image \"registry.k8s.io/pause:3.6\": failed to pull image: dial tcp 142.250.1.82:443: i/o timeout"`,
    ),
    null,
  ],
  [
    'sandbox-create-failed',
    'of dockershim',
    klog(
      'createPodSandbox for pod "web_default(fa31)" failed: rpc error: code = Unknown desc = failed pulling image "pause": Error response from daemon: pull access denied for pause',
    ),
    null,
  ],
  ['mount-failed', 'of CephFS', 'mount error: no mds server is up or the cluster is laggy', null],
  [
    'sandbox-create-failed',
    'whose init was killed',
    klog(
      '"RunPodSandbox from runtime service failed" err="rpc error: code = Unknown desc = failed to start sandbox: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?)"',
    ),
    null,
  ],
  [
    'sandbox-create-failed',
    'of Kata',
    klog(
      '"Failed to create sandbox for pod" err="rpc error: Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: failed to launch cloud-hypervisor"',
    ),
    null,
  ],
  [
    'kubelet-no-bootstrap',
    'any',
    klog(
      '"command failed" err="failed to run Kubelet: unable to load bootstrap kubeconfig: stat /etc/kubernetes/bootstrap-kubelet.conf: no such file or directory"',
    ),
    null,
  ],
  [
    'network-not-ready',
    'dockershim',
    klog(
      'Container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:docker: network plugin is not ready: cni config uninitialized',
    ),
    null,
  ],
  [
    'network-not-ready',
    'containerd',
    klog(
      '"Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"',
    ),
    null,
  ],
  [
    'volume-not-connected',
    'any',
    klog(
      'Error: MountVolume.SetUp failed for volume "x" with: stat /var/lib/kubelet/pods/d3d357a1-9a27-11e8-b11b-525400daa710/volumes/kubernetes.io~glusterfs/x: transport endpoint is not connected',
    ),
    null,
  ],
  [
    'volume-stale',
    'any',
    klog(
      'failed: stat /var/lib/kubelet/pods/d3d357a1-9a27-11e8-b11b-525400daa710/volumes/kubernetes.io~nfs/x: stale NFS file handle',
    ),
    null,
  ],
  [
    'volume-host-down',
    'any',
    klog(
      'failed: stat /var/lib/kubelet/pods/d3d357a1-9a27-11e8-b11b-525400daa710/volumes/kubernetes.io~csi/x/mount: host is down',
    ),
    null,
  ],
  [
    'volume-io-error',
    'any',
    klog(
      'Error: "UnmountVolume.TearDown failed: Error checking if path exists: stat /var/lib/kubelet/pods/d3d357a1-9a27-11e8-b11b-525400daa710/volumes/k8s~dummy/x: input/output error"',
    ),
    null,
  ],
  [
    'orphaned-volumes',
    'any',
    klog(
      'Orphaned pod "0008e5b2-6008-45b9-89cd-1aa60f896e24" found, but volume paths are still present on disk : There were a total of 8549 errors similar to this. Turn up verbosity to see them.',
    ),
    null,
  ],
  [
    'no-pod-address',
    'host-local',
    'NetworkPlugin cni failed to set up pod "web_default" network: failed to allocate for range 0: no IP addresses available in range set: 172.22.5.1-172.22.5.254',
    null,
  ],
  [
    'no-pod-address',
    'of AWS',
    'failed to set up pod "web_default" network: add cmd: failed to assign an IP address to container',
    null,
  ],
];

const iscsid: readonly SignLine[] = [
  ['iscsi-back', 'any', 'iscsid: connection7:0 is operational after recovery (1 attempts)', null],
  ['iscsi-unreachable', 'any', 'iscsid: connect to 10.253.0.3:3260 failed (No route to host)', null],
];

const multipathd: readonly SignLine[] = [
  ['multipath-no-path', 'any', 'mpathy: remaining active paths: 0', null],
  ['multipath-no-path', 'that queues', 'mpathy: Entering recovery mode: max_retries=12', null],
  ['multipath-checker-down', 'any', 'mpathy: sdas - tur checker reports path is down', null],
  ['multipath-checker-down', 'offline', '36001405130d0940e1914873a58afb4ad: sdb - path offline', null],
  ['multipath-checker-down', 'of the map', 'checker failed path 8:16 in map mpatha', null],
  ['multipath-paths-left', 'any', 'mpathy: remaining active paths: 2', null],
  ['multipath-paths-left', 'of a path', 'mpathy: sdas - tur checker reports path is up', null],
];

const dbus: readonly SignLine[] = [
  [
    'systemd-no-answer',
    'any',
    "[system] Failed to activate service 'org.freedesktop.systemd1': timed out (service_start_timeout=25000ms)",
    null,
  ],
  [
    'systemd-no-answer',
    'of the bus',
    '[system] The maximum number of active connections for UID 0 has been reached (max_connections_per_user=256)',
    null,
  ],
];

const ecsAgent: readonly SignLine[] = [
  [
    'ecs-call-timeout',
    '2017',
    "2017-07-13T18:14:45Z [INFO] DockerTimeoutError for 'docker stop' of container; ignoring state change; error: Could not transition to stopped; timed out after waiting 1m0s",
    null,
  ],
  [
    'ecs-call-timeout',
    '2018',
    '2018-03-13T14:49:27Z [INFO] Managed task [arn:x]: error transitioning container [a] to [STOPPED]: Could not transition to stopped; timed out after waiting 1m0s',
    null,
  ],
  [
    'ecs-stats-timeout',
    '2017',
    `2017-07-13T18:29:53Z [INFO] Error retrieving stats for container ${id}: inactivity time exceeded timeout`,
    id,
  ],
];

const other: readonly SignLine[] = [
  [
    'xtables-lock-proxy',
    'kube-proxy',
    'Failed to execute iptables-restore: exit status 4 (Another app is currently holding the xtables lock. Perhaps you want to use the -w option?',
    null,
  ],
  [
    'engine-client-timeout',
    'Nomad',
    `2021-09-13T20:07:40.207Z [DEBUG] client.driver_mgr.docker: failed to start container: container_id=${id} attempt=1 error="Post http://unix.sock/containers/${id}/start: net/http: request canceled (Client.Timeout exceeded while awaiting headers)"`,
    id,
  ],
  [
    'engine-client-timeout',
    'docker-compose',
    "ERROR: for grafana  UnixHTTPConnectionPool(host='localhost', port=None): Read timed out. (read timeout=60)",
    null,
  ],
];

export const signLines = {
  other,
  dockerd,
  containerd,
  'ecs-agent': ecsAgent,
  kubelet: [...kubelet, ...pods, ...nodeLines],
  crio,
  systemd,
  kernel,
  multipathd,
  iscsid,
  dbus,
};
