import { kernelAtLeast } from '../../base/kernel-release.ts';
import type { FilesystemsValue } from '../../sample/filesystems.ts';

/** What the doctor asks of the node. Each is a name, a link or a small file that no hung disk or daemon can block. */
export interface Facts {
  readonly user: number;
  /** Of CAP_SYS_PTRACE, without which the kernel hides what the descriptors of others lead to. Root in a container may lack it. */
  readonly mayTrace: boolean;
  /** From `uname -r`. */
  readonly kernel: string;
  /** Options of the mount at /proc. */
  readonly procOptions: readonly string[];
  readonly pidNamespace: 'host' | 'nested' | null;
  readonly cgroups: 1 | 2 | null;
  /** Sockets that exist, of those in `sockets`. */
  readonly sockets: readonly string[];
  /** Why an engine does not run, and is not asked. */
  readonly asleep: string | null;
  /** Filesystems that engines write to, and that are not asked how full they are. */
  readonly unasked: FilesystemsValue['skipped'];
  readonly isTerminal: boolean;
  readonly term: string;
  readonly locale: string;
}

/** One thing that rtwatch needs, and whether this node gives it. */
interface Finding {
  readonly id: string;
  readonly ok: boolean;
  readonly says: string;
  /** How to get it; null if there is nothing to do. */
  readonly remedy: string | null;
}

/** Where engines and runtimes listen by default. */
export const apiSockets = [
  '/run/docker.sock',
  '/var/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
];
export const debugSockets = ['/run/containerd/debug.sock', '/run/docker/containerd/containerd-debug.sock'];

type Check = (facts: Facts) => Finding;

/** What the facts mean for rtwatch. */
export function examine(facts: Facts): Finding[] {
  return checks.map((check) => check(facts));
}

const root: Check = ({ user }) =>
  finding(
    'root',
    user === 0,
    user === 0 ? 'runs as root' : `runs as user ${user}: other users’ stacks, mounts and descriptors are not visible`,
    'Run it as root: sudo rtwatch',
  );

const ptrace: Check = ({ user, mayTrace }) =>
  finding(
    'ptrace',
    mayTrace,
    mayTrace
      ? 'the descriptors of daemons are visible'
      : `${user === 0 ? 'root' : `user ${user}`} without CAP_SYS_PTRACE: where daemons listen is not visible, so no runtime is found by its process, and no pods are listed`,
    user !== 0
      ? 'Run it as root: sudo rtwatch'
      : 'docker run --cap-add=SYS_PTRACE; in a pod, securityContext.capabilities.add: [SYS_PTRACE]; or name the socket with --cri',
  );

const hidepid: Check = ({ user, procOptions }) => {
  const option = procOptions.find((one) => /^hidepid=(?!0$|off$)/.test(one));
  return finding(
    'hidepid',
    option === undefined || user === 0,
    option === undefined
      ? 'all processes are visible in /proc'
      : `/proc is mounted with ${option}: only root sees other users’ processes`,
    'Run it as root, or remount: mount -o remount,hidepid=0 /proc',
  );
};

const namespace: Check = ({ pidNamespace }) =>
  finding(
    'pid-namespace',
    pidNamespace !== 'nested',
    pidNamespace === 'nested'
      ? 'this is not the host’s PID namespace: its processes are not visible, unless the node is this container'
      : 'this is the host’s PID namespace',
    'Run the container with --pid=host, the pod with hostPID: true, and rtwatch --host',
  );

const runtime: Check = ({ sockets, asleep }) => {
  const listening = sockets.filter((socket) => apiSockets.includes(socket));
  return finding(
    'runtime',
    listening.length > 0,
    listening.length > 0
      ? `sockets of engines and runtimes: ${listening.join(', ')}${asleep === null ? '' : `. ${asleep}; rtwatch sends nothing`}`
      : 'no engine or runtime listens on a default socket',
    'Name it with --docker-host or --cri, or mount /run from the host',
  );
};

const debug: Check = ({ sockets }) => {
  const listening = sockets.filter((socket) => debugSockets.includes(socket));
  return finding(
    'debug',
    listening.length > 0,
    listening.length > 0
      ? `debug socket of containerd: ${listening.join(', ')}`
      : 'containerd has no debug socket at a default path: its goroutines may not be countable',
    'In /etc/containerd/config.toml: [debug] address = "/run/containerd/debug.sock", then restart containerd. For dockerd: "debug": true in /etc/docker/daemon.json, then systemctl reload docker',
  );
};

const controlGroups: Check = ({ cgroups }) =>
  finding(
    'cgroups',
    cgroups !== null,
    cgroups === null ? 'no control groups at /sys/fs/cgroup' : `control groups version ${cgroups}`,
    'Mount /sys from the host, or name it with --sysfs',
  );

const filesystems: Check = ({ unasked }) =>
  finding(
    'filesystems',
    unasked.length === 0,
    unasked.length === 0
      ? 'the filesystems that engines write to are asked how full they are'
      : `not asked how full they are: ${unasked.map(({ path, because }) => `${path} (${because})`).join(', ')}`,
    'Ask one by hand; it can hang as well: stat -f PATH',
  );

const linux: Check = ({ kernel }) =>
  finding(
    'kernel',
    kernelAtLeast(kernel, 3, 10),
    `Linux ${kernel}${kernelAtLeast(kernel, 4, 20) ? '' : ': no I/O pressure, which Linux has since 4.20'}`,
    'rtwatch is tried with the system calls of Linux 3.10 and later',
  );

const terminal: Check = ({ isTerminal, term }) =>
  finding(
    'terminal',
    isTerminal && term !== '' && term !== 'dumb',
    isTerminal
      ? `terminal ${term === '' ? 'without TERM' : term}`
      : 'standard output is not a terminal: one report instead of the screen',
    'Use ssh -t, docker run -it or kubectl debug -it; set TERM=xterm-256color',
  );

const characters: Check = ({ locale }) => {
  const isUtf8 = /utf-?8/i.test(locale);
  return finding(
    'locale',
    isUtf8,
    isUtf8 ? `locale ${locale}` : `locale ${locale === '' ? 'not set' : locale}: the screen is drawn with ASCII`,
    'LC_ALL=C.UTF-8 rtwatch',
  );
};

/** In the order of the report. */
const checks: readonly Check[] = [
  ...[root, ptrace, hidepid, namespace],
  ...[runtime, debug],
  ...[controlGroups, filesystems, linux],
  ...[terminal, characters],
];

function finding(id: string, ok: boolean, says: string, remedy: string): Finding {
  return { id, ok, says, remedy: ok ? null : remedy };
}
