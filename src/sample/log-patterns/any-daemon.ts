import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const runtime: readonly LogUnit[] = ['containerd', 'dockerd'];
const daemons: readonly LogUnit[] = ['dockerd', 'containerd', 'kubelet', 'crio'];

/** What asks for a watch: the calls themselves, fsnotify, and systemd. */
const watching = '(?:inotify|fsnotify|file watcher|directory watch)[^]{0,400}?';

/** ENOSPC of things other than a filesystem: watches, control groups, namespaces, mounts (fs.mount-max), the network. */
const otherLimits =
  '^(?!.*(?:inotify|fsnotify|file watcher|directory watch|/cgroup/|user namespace|unshare|clone|netlink|fork/exec|semaphore|shmget|session key|failed to mount|error mounting|bpf))';

/** Words of runc and crun: `could not create session key`, `unable to join session keyring`. */
const keyQuota = /\b(?:session key|keyring)\b.{0,100}disk quota exceeded/i;

/** Go spells the kernel's errors in small letters, and says what failed before them; programs in C, such as dd and tar, do not. */
const ofGo = (error: string): RegExp =>
  new RegExp(`: ${error}|Error response from daemon|rpc error|OCI runtime|/var/lib/(?:docker|container|kubelet)`);

/** Not of a container: an exec of runc, or what a probe, a health check or a hook prints. */
const ofDaemon = String.raw`^(?!.*(?:OCI runtime exec failed|\bprobe|health ?check|lifecycle ?hook))`;
const forkOf = String.raw`fork/exec (?<about>(?:/[\w.+-]{1,60}){1,12})`;

const dataOfDaemon = String.raw`(?<about>/(?:var/lib|run|var/run)/(?:docker|containerd|kubelet|containers|rancher|k0s)(?!/(?:pods|volumes|plugins|overlay2?)/|\S{0,200}/(?:rootfs|merged)/)(?:/[^\s:"\\]{0,200})?)`;
const ofReadOnly = (before: string): RegExp =>
  new RegExp(
    String.raw`${before}\b(?:open|mkdir|mkdirat|write|create|rename|remove|unlinkat|chmod|chown|utimensat) ${dataOfDaemon}: read-only file system`,
    'i',
  );

/** A layer counts, too; what is mounted for a container or a pod may be of a file server. */
const ownOfDaemon = String.raw`(?<about>/(?:var/lib|run|var/run)/(?:docker|containerd|kubelet|containers|rancher|k0s)(?!/(?:pods|volumes|plugins)/|\S{0,200}/(?:rootfs|merged)/)(?:/[^\s:"\\]{0,200})?)`;

/** The kernel's answer to a call, in any daemon's log. These come last: a line's own pattern says more. */
export const anyDaemonPatterns = {
  'cgroup-no-memory': {
    units: daemons,
    group: 'memory',
    severity: 'info',
    rule: 'kmem-accounting-leak',
    meaning: 'the kernel could not create a control group: cannot allocate memory',
    hints: ['cannot allocate memory'],
    patterns: [/mkdir \S*\/cgroup\/\S*: cannot allocate memory/i],
  },
  'memcg-ids-exhausted': {
    units: daemons,
    group: 'memory',
    severity: 'info',
    rule: 'kmem-accounting-leak',
    meaning: 'no memory control group is left (limit 65,535, dead ones included)',
    hints: ['no space left on device'],
    // On cgroup v2 there is no /memory/ in the path; the other controllers of v1 have no such limit.
    patterns: [/mkdir \S*\/cgroup\/(?:memory|unified|[\w.-]+\.slice|docker|kubepods)\/\S*: no space left on device/i],
  },
  'inotify-watches': {
    units: [...daemons, 'systemd'],
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'the user has as many inotify watches as the limit allows; the disk is not full',
    hints: ['no space left on device'],
    patterns: [new RegExp(`${watching}no space left on device`, 'i')],
  },
  'inotify-instances': {
    units: [...daemons, 'systemd'],
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'the user has as many inotify instances as the limit allows, or the process as many descriptors',
    hints: ['too many open files'],
    // "In system" is another limit: that of all descriptors.
    patterns: [new RegExp(`${watching}too many open files(?! in system)`, 'i')],
  },
  // A program that runc starts in a container counts to the pids limit of the container.
  'no-process-in-container': {
    units: daemons,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'no program could be started in a container: its own limit of processes is reached, or one of the node',
    hints: ['resource temporarily unavailable'],
    patterns: [
      /OCI runtime exec failed.{0,400}(?:fork|clone|unshare|pthread_create).{0,200}resource temporarily unavailable/i,
    ],
  },
  // EAGAIN of clone(2) and fork(2): pids.max (TasksMax of a unit), RLIMIT_NPROC, threads-max, pid_max.
  'no-thread': {
    units: daemons,
    group: 'node',
    severity: 'critical',
    rule: 'kernel-limit-reached',
    meaning: 'a daemon could not create a thread, and aborted: a limit of threads or processes is reached',
    hints: ['pthread_create failed', 'failed to create new os thread'],
    // Within a message it is of a program that the daemon ran.
    patterns: [
      /^(?:runtime\/cgo: )?pthread_create failed: Resource temporarily unavailable/,
      /^(?:runtime: )?failed to create new OS thread \(have \d+ already; errno=11\)/,
    ],
  },
  'no-process': {
    units: daemons,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'a daemon could not start a program: a limit of processes or threads is reached',
    hints: ['resource temporarily unavailable', 'failed to create new os thread'],
    patterns: [
      new RegExp(
        String.raw`${ofDaemon}(?!(?:runtime/cgo: )?pthread_create|(?:runtime: )?failed to create new).*(?:pthread_create failed: Resource temporarily unavailable|failed to create new OS thread \(have \d+ already; errno=11\))`,
        'i',
      ),
      new RegExp(`${ofDaemon}.*${forkOf}: resource temporarily unavailable`, 'i'),
      new RegExp(
        `${ofDaemon}.*(?:fork|clone|vfork|setns/unshare)[^:]{0,40}: (?:retry: )?resource temporarily unavailable`,
        'i',
      ),
    ],
  },
  // ENOMEM of fork(2): no memory by the rules of vm.overcommit_memory, or a PID namespace whose init has exited.
  'no-memory-for-process': {
    units: daemons,
    group: 'memory',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'a daemon could not start a program: the kernel had no memory for it',
    hints: ['cannot allocate memory'],
    patterns: [
      new RegExp(`${ofDaemon}.*${forkOf}: cannot allocate memory`, 'i'),
      new RegExp(`${ofDaemon}(?:.*[\\s:])?(?:fork|vfork|clone): (?:retry: )?cannot allocate memory`, 'i'),
    ],
  },
  // Go's crypto/rand: getrandom(2) waits until the kernel has gathered enough after a boot.
  'no-entropy': {
    units: daemons,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'a daemon waited for random numbers for a minute: the kernel has none yet',
    hints: ['crypto/rand: blocked'],
    patterns: [/^crypto\/rand: blocked for 60 seconds/],
  },
  // kube-proxy's words (pkg/proxy/iptables/proxier.go), as a unit or as a container; of another container they would be about its own rules.
  'xtables-lock-proxy': {
    units: ['other'],
    group: 'node',
    severity: 'warning',
    rule: 'xtables-lock',
    meaning: 'kube-proxy could not take the xtables lock: another program holds it',
    hints: ['holding the xtables lock'],
    patterns: [
      /^Failed to (?:execute iptables-restore|ensure (?:that .{1,60} chain|iptables)).*Another app is currently holding the xtables lock/,
    ],
  },
  'xtables-lock': {
    units: daemons,
    group: 'node',
    severity: 'warning',
    rule: 'xtables-lock',
    meaning: 'iptables could not take the xtables lock: another program holds it',
    hints: ['holding the xtables lock'],
    patterns: [/another app is currently holding the xtables lock/i],
  },
  // EDQUOT of keyctl(2): kernel.keys.maxkeys and maxbytes of a user, root_maxkeys and root_maxbytes of root.
  'keyring-full': {
    units: daemons,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'a container could not get its session keyring: the user has as many kernel keys as the quota allows',
    hints: ['disk quota exceeded'],
    patterns: [keyQuota],
  },
  // seccomp_attach_filter() fails with ENOTSUPP where the compiler of BPF must be used and may take no more memory (net.core.bpf_jit_limit).
  'bpf-jit-full': {
    units: daemons,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'a container could not load its seccomp filter: the memory for compiled BPF programs is used up',
    hints: ['errno 524'],
    patterns: [/loading seccomp filter[\w :]{0,60}: errno 524\b/],
  },
  'no-space': {
    units: daemons,
    group: 'disk',
    severity: 'critical',
    rule: 'filesystem-full',
    meaning: 'a write of a daemon failed: no space is left on the filesystem',
    hints: ['no space left on device', 'disk quota exceeded'],
    ofUnknown: ofGo('(?:no space left on device|disk quota exceeded)'),
    patterns: [
      new RegExp(
        String.raw`${otherLimits}.*?(?:write|open|mkdir|mkdirat|create|copy|rename|sync|link|symlink|truncate|fallocate|close|chown|setxattr) (?<about>(?:/[^\s:"\\/]{1,60}){1,3})[^"]*: (?:no space left on device|disk quota exceeded)`,
        'i',
      ),
      new RegExp(`${otherLimits}.*(?:no space left on device|disk quota exceeded)`, 'i'),
    ],
  },
  // go-dockerclient puts this before what dockerd answered: Nomad and the kubelet up to 1.5.
  'engine-read-only': {
    units: ['other'],
    group: 'disk',
    severity: 'warning',
    rule: 'read-only-filesystem',
    meaning: 'dockerd answered a client that the filesystem of its data is read-only',
    hints: ['read-only file system'],
    patterns: [ofReadOnly(String.raw`API error \(500\).{0,400}?`)],
  },
  // EROFS of what daemons keep of their own; a volume of a pod and the root of a container may be read-only on purpose.
  'daemon-read-only': {
    units: daemons,
    group: 'disk',
    severity: 'warning',
    rule: 'read-only-filesystem',
    meaning: 'a write of a daemon failed: the filesystem of its data is read-only',
    hints: ['read-only file system'],
    patterns: [ofReadOnly('')],
  },
  // EIO, with the call before the path as Go's os.PathError has it, or as containerd's and dockerd's mounts do.
  'daemon-io-error': {
    units: [...daemons, 'kernel', 'other'],
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'a call of a daemon on its own data failed with an I/O error',
    hints: ['input/output error'],
    patterns: [
      new RegExp(
        String.raw`${ofDaemon}.*?\b(?:open|openat|l?stat|read|readdirent|write|f?sync|fdatasync|mkdir|create|rename|remove|unlinkat|to mount) ${ownOfDaemon}: input/output error`,
      ),
    ],
  },
  'unmount-failed': {
    units: runtime,
    group: 'removal',
    severity: 'info',
    rule: 'leaked-mount',
    meaning: 'an unmount failed: the mount is not, or no longer, in that mount namespace',
    hints: ['failed to unmount', 'failed to umount'],
    patterns: [/failed to u(?:n)?mount/i],
  },
  'device-busy': {
    units: daemons,
    group: 'removal',
    severity: 'info',
    rule: 'failed-removal',
    meaning: 'a mount or a control group is still in use (EBUSY)',
    hints: ['device or resource busy'],
    patterns: [/device or resource busy/i],
  },
  'too-many-open-files': {
    units: daemons,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'a process is out of file descriptors',
    hints: ['too many open files'],
    ofUnknown: ofGo('too many open files'),
    patterns: [
      /^(?!.*(?:inotify|fsnotify|file watcher|directory watch)).*too many open files/i,
      /too many open files in system/i,
    ],
  },
  'goroutine-dump-written': {
    units: runtime,
    group: 'node',
    severity: 'info',
    rule: 'silent-daemon',
    meaning: 'a daemon or a shim wrote its goroutines',
    hints: ['goroutine stacks written', 'begin goroutine stack dump'],
    patterns: [/goroutine stacks written to |=== BEGIN goroutine stack dump ===/],
  },
} as const satisfies LogPatterns;
