import fs from 'node:fs';
import os from 'node:os';
import { kernelAtLeast } from '../../base/kernel-release.ts';
import { skippedFilesystems } from '../../collect/filesystems/filesystems.ts';
import { pidNamespaceOf } from '../../collect/host.ts';
import { liveRoots, World } from '../../collect/world.ts';
import type { FilesystemsValue } from '../../sample/filesystems.ts';
import { clean } from '../../view/text.ts';
import { engineGate } from '../daemons/engine-gate.ts';
import { exitFlushed } from '../process/exit-flushed.ts';

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
export interface Finding {
  readonly id: string;
  readonly ok: boolean;
  readonly says: string;
  /** How to get it; null if there is nothing to do. */
  readonly remedy: string | null;
}

/** Where engines and runtimes listen by default. */
const apiSockets = [
  '/run/docker.sock',
  '/var/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/crio/crio.sock',
];
const debugSockets = ['/run/containerd/debug.sock', '/run/docker/containerd/containerd-debug.sock'];

/** Reports what this node lets rtwatch see. Exits with 0: it is about rtwatch, not about the node's health. */
export async function doctor({ json }: { readonly json?: boolean }): Promise<void> {
  const findings = examine(readFacts());
  const lines = findings.map(
    ({ ok, says, remedy }) =>
      `${ok ? 'ok  ' : 'not '} ${clean(says)}${remedy === null ? '' : `\n     ${clean(remedy)}`}\n`,
  );
  process.stdout.write(json ? `${JSON.stringify(findings, null, 2)}\n` : lines.join(''));
  await exitFlushed();
}

/** What the facts mean for rtwatch. */
export function examine(facts: Facts): Finding[] {
  const { user, mayTrace, kernel, procOptions, pidNamespace, cgroups, sockets, asleep, unasked } = facts;
  const { isTerminal, term, locale } = facts;
  const hidepid = procOptions.find((option) => /^hidepid=(?!0$|off$)/.test(option));
  const isTried = kernelAtLeast(kernel, 3, 10);
  const hasPressure = kernelAtLeast(kernel, 4, 20);
  const hasApi = sockets.filter((socket) => apiSockets.includes(socket));
  const hasDebug = sockets.filter((socket) => debugSockets.includes(socket));
  return [
    finding(
      'root',
      user === 0,
      user === 0 ? 'runs as root' : `runs as user ${user}: other users’ stacks, mounts and descriptors are not visible`,
      'Run it as root: sudo rtwatch',
    ),
    finding(
      'ptrace',
      mayTrace,
      mayTrace
        ? 'the descriptors of daemons are visible'
        : `${user === 0 ? 'root' : `user ${user}`} without CAP_SYS_PTRACE: where daemons listen is not visible, so no runtime is found by its process, and no pods are listed`,
      user !== 0
        ? 'Run it as root: sudo rtwatch'
        : 'docker run --cap-add=SYS_PTRACE; in a pod, securityContext.capabilities.add: [SYS_PTRACE]; or name the socket with --cri',
    ),
    finding(
      'hidepid',
      hidepid === undefined || user === 0,
      hidepid === undefined
        ? 'all processes are visible in /proc'
        : `/proc is mounted with ${hidepid}: only root sees other users’ processes`,
      'Run it as root, or remount: mount -o remount,hidepid=0 /proc',
    ),
    finding(
      'pid-namespace',
      pidNamespace !== 'nested',
      pidNamespace === 'nested'
        ? 'this is not the host’s PID namespace: its processes are not visible, unless the node is this container'
        : 'this is the host’s PID namespace',
      'Run the container with --pid=host, the pod with hostPID: true, and rtwatch --host',
    ),
    finding(
      'runtime',
      hasApi.length > 0,
      hasApi.length > 0
        ? `sockets of engines and runtimes: ${hasApi.join(', ')}${asleep === null ? '' : `. ${asleep}; rtwatch sends nothing`}`
        : 'no engine or runtime listens on a default socket',
      'Name it with --docker-host or --cri, or mount /run from the host',
    ),
    finding(
      'debug',
      hasDebug.length > 0,
      hasDebug.length > 0
        ? `debug socket of containerd: ${hasDebug.join(', ')}`
        : 'containerd has no debug socket at a default path: its goroutines may not be countable',
      'In /etc/containerd/config.toml: [debug] address = "/run/containerd/debug.sock", then restart containerd. For dockerd: "debug": true in /etc/docker/daemon.json, then systemctl reload docker',
    ),
    finding(
      'cgroups',
      cgroups !== null,
      cgroups === null ? 'no control groups at /sys/fs/cgroup' : `control groups version ${cgroups}`,
      'Mount /sys from the host, or name it with --sysfs',
    ),
    finding(
      'filesystems',
      unasked.length === 0,
      unasked.length === 0
        ? 'the filesystems that engines write to are asked how full they are'
        : `not asked how full they are: ${unasked.map(({ path, because }) => `${path} (${because})`).join(', ')}`,
      'Ask one by hand; it can hang as well: stat -f PATH',
    ),
    finding(
      'kernel',
      isTried,
      `Linux ${kernel}${hasPressure ? '' : ': no I/O pressure, which Linux has since 4.20'}`,
      'rtwatch is tried with the system calls of Linux 3.10 and later',
    ),
    finding(
      'terminal',
      isTerminal && term !== '' && term !== 'dumb',
      isTerminal
        ? `terminal ${term === '' ? 'without TERM' : term}`
        : 'standard output is not a terminal: one report instead of the screen',
      'Use ssh -t, docker run -it or kubectl debug -it; set TERM=xterm-256color',
    ),
    finding(
      'locale',
      /utf-?8/i.test(locale),
      /utf-?8/i.test(locale)
        ? `locale ${locale}`
        : `locale ${locale === '' ? 'not set' : locale}: the screen is drawn with ASCII`,
      'LC_ALL=C.UTF-8 rtwatch',
    ),
  ];
}

function finding(id: string, ok: boolean, says: string, remedy: string): Finding {
  return { id, ok, says, remedy: ok ? null : remedy };
}

function readFacts(): Facts {
  const world = new World(liveRoots);
  const { env } = process;
  const gate = engineGate({ ...liveRoots });
  const proc = (world.tryText('/proc/self/mounts') ?? '').split('\n').find((line) => line.split(' ')[1] === '/proc');
  return {
    user: process.getuid?.() ?? 0,
    mayTrace: mayTrace(world.tryText('/proc/self/status') ?? ''),
    kernel: os.release(),
    procOptions: proc?.split(' ')[3]?.split(',') ?? [],
    pidNamespace: pidNamespaceOf(world),
    cgroups: cgroupsOf(),
    sockets: [...apiSockets, ...debugSockets].filter((socket) => fs.existsSync(socket)),
    asleep: gate('/run/docker.sock'),
    unasked: unaskedIn(world),
    isTerminal: process.stdout.isTTY ?? false,
    term: env['TERM'] ?? '',
    locale: env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '',
  };
}

function unaskedIn(world: World): FilesystemsValue['skipped'] {
  try {
    return skippedFilesystems(world, os.release());
  } catch {
    return [];
  }
}

/** CAP_SYS_PTRACE is bit 19 of the effective set (capabilities(7), proc_pid_status(5)). */
function mayTrace(status: string): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return mask === undefined || (BigInt(`0x${mask}`) & (1n << 19n)) !== 0n;
}

function cgroupsOf(): 1 | 2 | null {
  if (fs.existsSync('/sys/fs/cgroup/cgroup.controllers')) return 2;
  return fs.existsSync('/sys/fs/cgroup/memory') ? 1 : null;
}
