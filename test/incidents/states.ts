/** A moment of a captured incident, and what rtwatch has to say of it. */
export interface State {
  /** The archive's name without its ending; README.md tells the story. */
  readonly name: string;
  readonly what: string;
  /** Rules that must find something above `info`. */
  readonly must: readonly string[];
  /** Rules that may. Nothing else above `info` may be found. */
  readonly may: readonly string[];
  /** What a rule's findings must name: pids, paths, daemons, containers by the beginning of their ids. */
  readonly about: Readonly<Record<string, readonly (string | number)[]>>;
  readonly figures: Figures;
  readonly logs: readonly string[];
  /** The daemons were killed. */
  readonly dead?: true;
}

/** What was counted by other means when the state was captured. */
export interface Figures {
  /** Goroutines of dockerd and of containerd; null where it was not there. */
  readonly goroutines: readonly [number | null, number | null];
  /** Descriptors of dockerd. */
  readonly fds: number | null;
  /** Processes with a thread in D. */
  readonly blocked: readonly number[];
  readonly zombies: readonly number[];
  /** Share of the last ten seconds in which a task waited for I/O, percent; null without pressure stall information. */
  readonly pressure: number | null;
}

const dockerLogs = ['dockerd/dockerd.log', 'dmesg.txt'];
const containerdLogs = ['containerd/containerd.log', 'dmesg.txt'];

const leaking = {
  must: ['frozen-filesystem', 'goroutine-leak-on-stop', 'unkillable-container'],
  may: ['blocked-process', 'unreaped-zombie', 'fd-exhaustion', 'growing-heap', 'outdated-engine'],
};
const hanging = {
  must: ['metadata-lock-contention', 'stalled-task-delete', 'io-pressure'],
  // The archive has no /sys/block: which filesystem holds the file of loop1 is unknown.
  may: [
    'frozen-filesystem',
    'stalled-disk',
    'blocked-process',
    'unkillable-container',
    'silent-daemon',
    'risky-configuration',
  ],
};

export const states: readonly State[] = [
  {
    name: 'stop-leak/t0',
    what: 'six containers, one of them with three zombies',
    must: [],
    may: ['unreaped-zombie'],
    about: {},
    figures: { goroutines: [59, 72], fds: 54, blocked: [], zombies: [26_268, 26_269, 26_270], pressure: 0.05 },
    logs: ['dockerd/dockerd.log'],
  },
  {
    name: 'stop-leak/t1',
    what: '120 stops wait for two containers that cannot exit',
    ...leaking,
    about: { 'unkillable-container': [28_815, 28_816] },
    figures: {
      goroutines: [297, 72],
      fds: 170,
      blocked: [28_815, 28_816],
      zombies: [26_268, 26_269, 26_270],
      pressure: 0.12,
    },
    logs: ['dockerd/dockerd.log'],
  },
  {
    name: 'stop-leak/t2',
    what: '1,520 stops wait',
    ...leaking,
    about: { 'unkillable-container': [28_815, 28_816] },
    figures: {
      goroutines: [3097, 72],
      fds: 1570,
      blocked: [28_815, 28_816],
      zombies: [26_268, 26_269, 26_270],
      pressure: 0.52,
    },
    logs: ['dockerd/dockerd.log'],
  },
  {
    name: 'stop-leak/t3',
    what: 'the volume was thawed: all have exited',
    must: [],
    may: ['outdated-engine'],
    about: {},
    figures: { goroutines: [43, 40], fds: 30, blocked: [], zombies: [], pressure: 0 },
    logs: ['dockerd/dockerd.log', 'containerd/containerd.log'],
  },
  {
    name: 'mount-leak/t0',
    what: 'dockerd in a mount namespace of its own, beside its shims',
    must: [],
    may: ['split-mount-namespace', 'risky-configuration'],
    about: {},
    figures: { goroutines: [64, 63], fds: 56, blocked: [], zombies: [], pressure: 0.36 },
    logs: dockerLogs,
  },
  {
    name: 'mount-leak/t1',
    what: 'dockerd and containerd were killed',
    must: ['silent-daemon'],
    may: ['split-mount-namespace', 'leaked-mount', 'risky-configuration'],
    about: { 'silent-daemon': ['dockerd'] },
    figures: { goroutines: [null, null], fds: null, blocked: [], zombies: [], pressure: 0.21 },
    logs: dockerLogs,
    dead: true,
  },
  {
    name: 'mount-leak/t2',
    what: 'both run again, in another namespace',
    must: ['split-mount-namespace'],
    may: ['leaked-mount', 'risky-configuration'],
    about: { 'split-mount-namespace': ['dockerd'] },
    figures: { goroutines: [65, 51], fds: 50, blocked: [], zombies: [], pressure: 0.19 },
    logs: dockerLogs,
  },
  {
    name: 'mount-leak/t3',
    what: 'three containers have ended: the old namespace keeps their network namespaces',
    must: ['split-mount-namespace', 'leaked-mount'],
    may: ['risky-configuration'],
    about: {
      'leaked-mount': [
        '/run/docker/netns/38503be0ea12',
        '/run/docker/netns/34cca4ca1156',
        '/run/docker/netns/9281fefcf3ae',
      ],
    },
    figures: { goroutines: [52, 39], fds: 35, blocked: [], zombies: [], pressure: 0.56 },
    logs: dockerLogs,
  },
  {
    name: 'mount-leak/t4',
    what: 'all containers are gone, the old namespace with them',
    must: [],
    may: ['risky-configuration'],
    about: {},
    figures: { goroutines: [40, 27], fds: 20, blocked: [], zombies: [], pressure: 0.56 },
    logs: dockerLogs,
  },
  {
    name: 'mount-busy/t0',
    what: 'six containers; cadvisor has the others’ mounts',
    must: [],
    may: [],
    about: {},
    figures: { goroutines: [65, 63], fds: 56, blocked: [], zombies: [], pressure: 0.12 },
    logs: dockerLogs,
  },
  {
    name: 'mount-busy/t1',
    what: 'a backup job and a scanner hold mounts; two containers were stopped',
    must: [],
    may: ['leaked-mount'],
    about: {},
    figures: { goroutines: [57, 51], fds: 44, blocked: [], zombies: [9406], pressure: 0 },
    logs: dockerLogs,
  },
  {
    name: 'mount-busy/t2',
    what: 'four containers are being removed',
    must: [],
    may: ['leaked-mount', 'stuck-removal', 'unreaped-zombie'],
    about: {},
    figures: { goroutines: [54, 39], fds: 35, blocked: [], zombies: [9275, 9342], pressure: 0.01 },
    logs: dockerLogs,
  },
  {
    name: 'mount-busy/t3',
    what: 'all four removals have failed',
    must: ['leaked-mount', 'stuck-removal'],
    may: ['unreaped-zombie'],
    about: {
      'leaked-mount': [10_695],
      'stuck-removal': ['b8623033c748', '7135cf69dc4e', '109e4560f136', '826a06754ed4'],
    },
    figures: { goroutines: [48, 39], fds: 32, blocked: [], zombies: [], pressure: 0.16 },
    logs: dockerLogs,
  },
  {
    name: 'mount-busy/t4',
    what: 'the backup job is gone, the scanner is not',
    must: ['leaked-mount', 'stuck-removal'],
    may: ['unreaped-zombie'],
    about: { 'leaked-mount': [10_695], 'stuck-removal': ['826a06754ed4'] },
    figures: { goroutines: [48, 39], fds: 32, blocked: [], zombies: [], pressure: 0.17 },
    logs: dockerLogs,
  },
  {
    name: 'mount-busy/t5',
    what: 'all is cleared',
    must: [],
    may: [],
    about: {},
    figures: { goroutines: [44, 33], fds: 26, blocked: [], zombies: [], pressure: 0.17 },
    logs: dockerLogs,
  },
  {
    name: 'containerd-hang/t0',
    what: 'three pods and a container',
    must: [],
    may: ['risky-configuration'],
    about: {},
    figures: { goroutines: [null, 85], fds: null, blocked: [], zombies: [], pressure: 1.44 },
    logs: containerdLogs,
  },
  {
    name: 'containerd-hang/t1',
    what: 'the disk of containerd’s root has stood still for 16 s',
    ...hanging,
    about: { 'stalled-task-delete': [23_743, 23_908, 24_303], 'metadata-lock-contention': ['containerd'] },
    figures: {
      goroutines: [null, 119],
      fds: null,
      blocked: [3427, 9264, 15_132, 23_637, 23_642, 23_743, 23_908, 24_303, 24_852, 28_930],
      zombies: [],
      pressure: 71.73,
    },
    logs: containerdLogs,
  },
  {
    name: 'containerd-hang/t2',
    what: 'it has stood still for 140 s',
    ...hanging,
    about: { 'stalled-task-delete': [23_743, 23_908, 24_303], 'metadata-lock-contention': ['containerd'] },
    figures: {
      goroutines: [null, 116],
      fds: null,
      blocked: [3427, 9264, 15_132, 23_637, 23_642, 23_743, 23_908, 24_303, 24_852, 28_930],
      zombies: [],
      pressure: 98.34,
    },
    logs: containerdLogs,
  },
  {
    name: 'containerd-hang/t3',
    what: 'it moves again',
    must: [],
    may: ['io-pressure', 'risky-configuration'],
    about: {},
    figures: { goroutines: [null, 76], fds: null, blocked: [], zombies: [], pressure: 32.32 },
    logs: containerdLogs,
  },
  {
    name: 'io-pressure/t0',
    what: 'idle containers',
    must: [],
    may: [],
    about: {},
    figures: { goroutines: [57, 51], fds: 45, blocked: [], zombies: [], pressure: 0.74 },
    logs: dockerLogs,
  },
  {
    name: 'io-pressure/t1',
    what: 'four writers with fsync have been at work for 35 s',
    must: ['io-pressure'],
    may: [],
    about: {},
    figures: { goroutines: [57, 51], fds: 44, blocked: [28_602], zombies: [], pressure: 41.77 },
    logs: dockerLogs,
  },
  {
    name: 'io-pressure/t2',
    what: 'they ended 20 s ago',
    must: [],
    may: ['io-pressure'],
    about: {},
    figures: { goroutines: [56, 51], fds: 44, blocked: [], zombies: [], pressure: 6.73 },
    logs: dockerLogs,
  },
  {
    name: 'kmem/bad',
    what: 'a 3.10 kernel with 64,011 memory groups that cannot make another',
    must: ['kmem-accounting-leak'],
    may: ['outdated-engine', 'risky-configuration'],
    about: {},
    figures: { goroutines: [null, null], fds: null, blocked: [], zombies: [], pressure: null },
    logs: dockerLogs,
  },
  {
    name: 'kmem/nokmem',
    what: 'the same node, booted with cgroup.memory=nokmem',
    must: [],
    may: ['outdated-engine', 'risky-configuration'],
    about: {},
    figures: { goroutines: [null, null], fds: null, blocked: [], zombies: [], pressure: null },
    logs: [],
  },
];
