/** What a sign is about; the order is that of a sick node's story. */
export type LogGroup = 'stop' | 'removal' | 'task-exit' | 'events' | 'memory' | 'disk' | 'node' | 'config';

export interface LogPatternMeaning {
  readonly group: LogGroup;
  /** One line, for people. */
  readonly meaning: string;
}

const of = (group: LogGroup, meaning: string): LogPatternMeaning => ({ group, meaning });

/**
 * The signs that lines of the logs are known by, and what each means. How a line is recognised is in
 * `parse/log/patterns.ts`; the ids go over the wire, so one is never given another meaning.
 */
export const logPatternMeanings = {
  'stop-force': of('stop', 'a container did not exit in its grace period; SIGKILL follows'),
  'direct-sigkill': of('stop', 'a container survived SIGKILL through containerd; dockerd sends it to the pid itself'),
  'force-killing': of('stop', 'the stop signal was not answered; the container is killed'),
  'stop-signal-failed': of('stop', 'the stop signal could not be delivered'),
  'kill-failed': of('stop', 'a container could not be killed'),
  'no-exit-event': of('stop', 'the engine killed a container, and no exit event came'),
  'zombie-init': of(
    'stop',
    'the first process of a container is a zombie and cannot be killed (a thread of it may be in D)',
  ),
  'kubelet-stop-failed': of('stop', 'the kubelet’s request to stop a container failed'),
  'kubelet-kill-failed': of('stop', 'the kubelet could not end a container'),
  'kubelet-sandbox-stop-failed': of('stop', 'the kubelet could not stop a pod’s sandbox'),
  'wait-kill-timeout': of('stop', 'containerd killed a container and waited for its exit in vain'),
  'kubelet-remove-failed': of('removal', 'the kubelet could not remove a container'),
  'removal-failed': of('removal', 'a container’s root filesystem or layer could not be removed'),
  'device-busy': of('removal', 'something still holds a mount or a control group (EBUSY)'),
  'unmount-failed': of('removal', 'an unmount failed: the mount is not, or not any more, in that mount namespace'),
  'netns-lost': of(
    'removal',
    'a network namespace could not be entered: its mount is not in the daemon’s mount namespace',
  ),
  'sandbox-not-found': of('removal', 'the network sandbox of a container is not known any more'),
  'rootfs-missing': of('removal', 'a container’s root filesystem is not mounted'),
  'overlay-upperdir-in-use': of('removal', 'an overlay was mounted a second time while the first mount is still there'),
  'task-exit-failed': of(
    'task-exit',
    'containerd could not clean up after an exited container; it tries again and again',
  ),
  'shim-not-answering': of('task-exit', 'a shim did not tell the state of its task in time'),
  'init-still-running': of('task-exit', 'runc gave up deleting a container: its first process still runs'),
  'cgroup-not-removed': of('task-exit', 'a control group could not be removed: a process is still in it'),
  'event-stream-lost': of('events', 'dockerd lost containerd’s event stream: exits go unnoticed until it is back'),
  'process-event-failed': of('events', 'dockerd could not act on an event of containerd'),
  'cgroup-no-memory': of('memory', 'the kernel could not make a control group: cannot allocate memory'),
  'memcg-ids-exhausted': of('memory', 'no memory control group is left (65,535 at most, dead ones included)'),
  'kmem-cache-failed': of('memory', 'the kernel could not allocate from a slab of a control group'),
  'oom-kill': of('memory', 'the kernel killed a process, because memory or a memory limit was used up'),
  'oom-memcg': of('memory', 'the control group in which the kernel chose a process to kill'),
  'hung-task': of('disk', 'a task stayed in D longer than the kernel’s limit'),
  'io-error': of('disk', 'a block device answered with an I/O error'),
  'filesystem-error': of('disk', 'a filesystem found itself damaged'),
  'filesystem-shutdown': of('disk', 'a filesystem or its journal shut down'),
  'remount-read-only': of('disk', 'a filesystem became read-only'),
  'nfs-not-responding': of('disk', 'an NFS server does not answer; who uses it blocks'),
  'pleg-unhealthy': of('node', 'the kubelet could not list the containers in time (PLEG)'),
  'runtime-down': of('node', 'the kubelet takes the container runtime for down'),
  'netdev-refcount': of('node', 'the kernel waits for references to a network device'),
  'too-many-open-files': of('node', 'a process is out of file descriptors'),
  'goroutine-dump-written': of('node', 'a daemon or a shim wrote its goroutines'),
  'daemon-root-bound': of('config', 'a container binds a folder that holds the engine’s root'),
} as const satisfies Readonly<Record<string, LogPatternMeaning>>;

export type LogPatternId = keyof typeof logPatternMeanings;
