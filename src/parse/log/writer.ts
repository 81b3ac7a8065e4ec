import type { LogUnit } from '../../sample/logs.ts';

/** Programs whose standard error is a unit's log, by the names that syslog and the journal call them. */
export const programs: ReadonlyMap<string, LogUnit> = new Map<string, LogUnit>([
  ...(['dockerd', 'docker', 'dockerd-current', 'docker.dockerd'] as const).map((name) => [name, 'dockerd'] as const),
  ...(['balenad', 'balena-engine-daemon', 'balena-engine'] as const).map((name) => [name, 'dockerd'] as const),
  ...(['containerd', 'docker-containerd', 'docker-containerd-current', 'balena-engine-containerd'] as const).map(
    (name) => [name, 'containerd'] as const,
  ),
  ...(['kubelet', 'kubelet-wrapper', 'hyperkube', 'kubelite', 'k3s', 'k3s-agent', 'rke2', 'cri-dockerd'] as const).map(
    (name) => [name, 'kubelet'] as const,
  ),
  ...(['microk8s.daemon-kubelite', 'microk8s.daemon-kubelet'] as const).map((name) => [name, 'kubelet'] as const),
  ['microk8s.daemon-containerd', 'containerd'],
  ...(['crio', 'cri-o'] as const).map((name) => [name, 'crio'] as const),
  ...(['systemd', 'systemd-udevd', 'udevd'] as const).map((name) => [name, 'systemd'] as const),
  // Container Linux and Flatcar start dockerd through env(1).
  ['env', 'dockerd'],
  // OpenShift 3, then 4.
  ...(['origin-node', 'atomic-openshift-node', 'kubenswrapper'] as const).map((name) => [name, 'kubelet'] as const),
  ['kernel', 'kernel'],
  // journald gives its own records of the kernel's audit this name.
  ['audit', 'kernel'],
  ...(['ecs-agent', 'amazon-ecs-agent', 'amazon-ecs-init'] as const).map((name) => [name, 'ecs-agent'] as const),
  ['multipathd', 'multipathd'],
  ['iscsid', 'iscsid'],
  ...(['dbus-daemon', 'dbus', 'dbus-broker', 'dbus-broker-launch'] as const).map((name) => [name, 'dbus'] as const),
]);

/** What starts a daemon often has its name: `start-containerd.sh`, `kubelet-containerd.sh`, `microk8s.daemon-containerd`, `kubelet.daemon`, `kubelet.service`. */
export function unitOf(name: string): LogUnit | undefined {
  const known = programs.get(name);
  if (known !== undefined) return known;
  const last =
    /^(kubelet)-\w{1,20}\.sh$|(?:^|[.-])(containerd|dockerd|kubelet|kubelite|crio)(?:\.(?:sh|service|daemon))?$/.exec(
      name,
    );
  const daemon = last?.[1] ?? last?.[2];
  return daemon === undefined ? undefined : programs.get(daemon);
}

const program = String.raw`(?!\d+:\d)([^\s:[\]"=]{1,64})(?:\[(\d{1,10})\])?: ?`;
/** `journalctl --no-hostname` leaves the host out: the first word is then the program's. SONiC writes the severity before it, a relay its sender's address. */
export const tag = String.raw`(?:\d{1,3}(?:\.\d{1,3}){3} (?=\S+ \S+: ))?(?:(?!\S*: )\S+ )?(?:(?:EMERG|ALERT|CRIT|ERR|WARNING|NOTICE|INFO|DEBUG) )?${program}`;
export const zone = String.raw`(?:Z|[+-]\d\d:?\d\d)`;

/** The unit of a program, and its pid, as a prefix names them. */
export function writerOf(name: string | undefined, pid: string | undefined): { unit: LogUnit; pid: number | null } {
  return { unit: unitOf(name ?? '') ?? 'other', pid: pidOf(pid) };
}

export function pidOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null;
}
