import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['systemd'];

/** Units that a container node depends on; a crash of another service is irrelevant here, `backup-docker.service` too. */
const unit = String.raw`(?<![\w.@-])(?<about>snap\.(?:microk8s\.daemon-(?:containerd|kubelite|kubelet)|k8s\.(?:containerd|kubelet))\.service|(?:snap\.)?(?:docker|balena(?:-engine)?|containerd|kubelet|cri-?o|crio-wipe|cri-docker|k3s|k3s-agent|rke2-server|rke2-agent|k0scontroller|k0sworker|podman|nomad|lxd|incus|(?:resin|balena)-supervisor)(?:\.dockerd)?\.service|(?:docker|podman|cri-docker)\.socket)`;
/** By the descriptions in the unit files of Docker, containerd, Kubernetes, CRI-O, k3s, RKE2 and LXC; since systemd 249 the name stands before them. */
const described = String.raw`(?:[\w.@-]{1,80}\.service - )?(?<about>Docker Application Container Engine|containerd container runtime|kubelet: The Kubernetes Node Agent|Kubernetes Kubelet(?: Server)?|Container Runtime Interface for OCI \(CRI-O\)|Open Container Initiative Daemon|CRI-O Auto Update Script|Lightweight Kubernetes|Rancher Kubernetes Engine v2 \((?:server|agent)\)|FUSE filesystem for LXC)`;
/** Distributions describe it each in words of their own. */
const etcd = String.raw`(?:etcd\.service - )?(?<about>etcd)(?: [\w -]{1,60})?\.`;
const descriptions = [
  ...(['docker application container engine', 'containerd container runtime', 'the kubernetes node agent'] as const),
  ...(['kubernetes kubelet', 'container runtime interface for oci', 'open container initiative daemon'] as const),
  ...([
    'auto update script',
    'lightweight kubernetes',
    'rancher kubernetes engine',
    'fuse filesystem for lxc',
  ] as const),
];
const of = (words: string): RegExp => new RegExp(`${unit}:? ${words}`);

const failed = String.raw`code=(?:exited, status=(?!0[/)]|130|143)\d|(?:killed|dumped), signal=(?!TERM|INT|HUP))`;

const callers: readonly LogUnit[] = ['dbus', 'dockerd', 'containerd', 'crio', 'kubelet', 'systemd'];

/** systemd src/core/service.c, from 219. */
export const systemdPatterns = {
  // A clean stop is status 0, or SIGTERM.
  'unit-exited': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'crash-loop',
    meaning: 'the main process of a daemon’s unit exited with an error, or by a signal',
    hints: ['main process exited'],
    patterns: [of(String.raw`[Mm]ain process exited, code=(?:exited|killed|dumped), status=(?!0/|15/TERM)\d`)],
  },
  // udevd from 204 to 219, from 220 to 246, then from 247 on (on_event_timeout(), on_worker_timeout_kill()). Workers that only take long are not it.
  'udev-killed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'udev-timeout',
    meaning: 'udev gave up on a device: its worker did not finish in time (three minutes) and was killed',
    hints: ['kill it', 'processing seqnum', 'seq '],
    patterns: [
      /worker \[\d+\] (?<about>\/devices\/\S{1,200}) timeout; kill it/,
      /(?<![\w-])seq \d+ '(?<about>\/devices\/\S{1,200})' killed/,
      /(?<about>[\w!.-]{1,64}): Worker \[\d+\] processing SEQNUM=\d+ killed/,
    ],
  },
  'unit-restart': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'systemd restarts a daemon that exited by itself',
    hints: ['restart counter is at', 'scheduling restart'],
    patterns: [
      of(String.raw`Scheduled restart job, restart counter is at \d+`),
      of('(?:holdoff time over|Service hold-off time over|Service RestartSec=.* expired), scheduling restart'),
    ],
  },
  'unit-gave-up': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'a daemon exited so often that systemd no longer starts it',
    hints: ['request repeated too quickly', 'active: failed'],
    patterns: [
      of('[Ss]tart request repeated too quickly'),
      of(String.raw`Active: failed \(Result: start-limit(?:-hit)?\)`),
    ],
  },
  'unit-watchdog': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'a daemon did not report to systemd’s watchdog in time, and systemd kills it',
    hints: ['watchdog'],
    patterns: [of(String.raw`[Ww]atchdog timeout(?: \(limit [^)]{1,40}\))?!`), of("Failed with result 'watchdog'")],
  },
  'unit-oom': {
    units,
    group: 'memory',
    severity: 'critical',
    rule: 'oom-kill',
    meaning: 'the kernel killed a process of a daemon’s unit: out of memory',
    hints: ['oom-kill', 'killed by the oom killer'],
    patterns: [
      of("Failed with result 'oom-kill'"),
      of(String.raw`Active: (?:failed|activating \(auto-restart\)) \(Result: oom-kill\)`),
      of('A process of this unit has been killed by the OOM killer'),
    ],
  },
  // src/core/job.c: job_done_message_format(), job_finish_and_invalidate(). A unit of type simple has started by then.
  'unit-start-failed': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'crash-loop',
    meaning: 'a daemon, or what must run before it, failed in its start',
    hints: [...descriptions, '/start failed with result', 'to start etcd', 'failed for etcd'],
    patterns: [
      new RegExp(`(?<!\\S)(?:Failed to start|Dependency failed for) ${etcd}`),
      new RegExp(`(?<!\\S)(?:Failed to start|Dependency failed for) ${described}\\.`),
      new RegExp(`Job ${unit}/start failed with result '(?:dependency|timeout)'`),
    ],
  },
  'unit-started': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'crash-loop',
    meaning: 'systemd started a daemon',
    hints: [...descriptions, 'started etcd'],
    patterns: [new RegExp(`(?<!\\S)(?:Started|Finished) ${described}\\.`), new RegExp(`(?<!\\S)Started ${etcd}`)],
  },
  'unit-start-timeout': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'a daemon did not finish its start in time, and systemd stopped it',
    hints: ['start operation timed out'],
    patterns: [of('[Ss]tart operation timed out')],
  },
  // Supervisor supervisor/{process,options}.py: GCE up to Kubernetes 1.4, and images with a daemon inside.
  'supervisor-exited': {
    units: ['other'],
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'supervisord saw a daemon exit with an error, and starts it again',
    hints: ['exited: ', 'gave up: '],
    patterns: [
      /(?<!\S)(?:INFO|WARN) exited: (?<about>docker|dockerd|containerd|kubelet|cri-?o) \((?:exit status [1-9]\d{0,2}|terminated by SIG(?!TERM)\w{2,6}); (?:not )?expected\)/,
      /(?<!\S)(?:INFO|WARN) gave up: (?<about>docker|dockerd|containerd|kubelet|cri-?o) entered FATAL state/,
    ],
  },
  // Talos internal/app/machined/pkg/system/restart: it waits five seconds, and starts the service again.
  'talos-service-exited': {
    units: ['kernel', 'other'],
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'Talos saw a service exit with an error, and starts it again',
    hints: ['going to restart'],
    patterns: [
      /\[talos\] service\[(?<about>kubelet|containerd|cri|etcd)\]\(\w{1,20}\): Error running .{1,60}, going to restart (?:forever|until)/,
      // `talosctl service NAME` lists the last events, those of other weeks too.
      /\[Waiting\]: Error running Containerd\((?<about>kubelet|etcd)\), going to restart (?:forever|until).{0,1000} \(\d{1,2}s ago\)/,
    ],
  },
  // `systemctl status`, pasted: the state of the unit, and how its main process exited. A clean stop is status 0, or SIGTERM.
  'unit-status-failed': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'crash-loop',
    meaning: '`systemctl status` says that a daemon failed, or exited with an error',
    hints: ['execstart', 'active: failed', 'active: activating', 'main pid: '],
    patterns: [
      of(String.raw`Active: (?:failed \(|activating \(auto-restart\) \((?!Result: success))`),
      of(String.raw`(?:Main PID: \d+|Process: \d+ ExecStart=/.{1,2000}) \(${failed}`),
      new RegExp(
        String.raw`Process: \d+ ExecStart=/(?:[\w.-]+/){1,8}(?<about>dockerd|containerd|crio|kubelet)(?: .{0,2000})? \(${failed}`,
      ),
    ],
  },
  'unit-stop-timeout': {
    units,
    group: 'stop',
    severity: 'warning',
    rule: 'crash-loop',
    meaning: 'a daemon, or a process of its unit, did not exit when systemd stopped it',
    hints: ['timed out. killing', 'timed out. terminating', 'timed out. skipping', 'still around after'],
    patterns: [
      of(String.raw`(?:State '(?:stop|final)-\S+' timed out|stop-\S+ timed out|Processes still around after)`),
    ],
  },
  // godbus, ErrClosed: pkg/kubelet/cm/cgroup_manager_linux.go. dockerd says the same of its connection to firewalld.
  'systemd-connection-closed': {
    units: ['kubelet'],
    group: 'node',
    severity: 'critical',
    rule: 'silent-systemd',
    meaning: 'the kubelet lost its connection to systemd over D-Bus, and makes no control group',
    hints: ['dbus: connection closed by user'],
    patterns: [/(?:container for \[kubepods|\bcgroups? ).{0,400}\bdbus: connection closed by user/i],
  },
  // systemd src/core/manager.h, MANAGER_MAX_NAMES: 131,072. Before 247 it keeps the units of mounts that are gone (kubernetes#57345).
  'systemd-units-full': {
    units: callers,
    group: 'node',
    severity: 'warning',
    rule: 'kernel-limit-reached',
    meaning: 'systemd has as many units as it can have, and starts no other: mounts of the kubelet fail',
    hints: ['argument list too long'],
    patterns: [/Failed to start transient (?:scope|service) unit: Argument list too long/],
  },
  // dbus bus/activation.c; systemd src/run/run.c; libcontainer/cgroups/systemd (runc), which crun words alike.
  'systemd-no-answer': {
    units: callers,
    group: 'node',
    severity: 'critical',
    rule: 'silent-systemd',
    meaning: 'systemd did not answer a call over D-Bus in time',
    hints: ['org.freedesktop.systemd1', 'transient', 'waiting for systemd', 'maximum number of active connections'],
    patterns: [
      /Failed to activate service \\?'?org\.freedesktop\.systemd1\\?'?: timed out/,
      /Failed to start transient (?:scope|service) unit: (?:Connection timed out|Message recipient disconnected)/,
      /[Tt]im(?:ed out|eout) (?:while )?waiting for (?:systemd to |StartTransientUnit|StopUnit)/,
      /The maximum number of active connections for UID \d+ has been reached/,
    ],
  },
} as const satisfies LogPatterns;
