import type { Remedy } from '../engine/rule.ts';

/** Why a kubelet or a runtime does not start, by its own words, and the way out. */
const known: readonly (readonly [RegExp, Remedy])[] = [
  [
    /(?:cpu|memory)[ _]manager.*(?:checkpoint|state)|(?:cpu|memory)_manager_state/i,
    {
      text: 'Drain the node, then remove the checkpoint of the policy that was set before. The kubelet writes a new one.',
      command: 'rm -f /var/lib/kubelet/cpu_manager_state /var/lib/kubelet/memory_manager_state',
      risk: 'low',
    },
  ],
  [
    /running with swap on is not supported/i,
    {
      text: 'Turn swap off, also in /etc/fstab; or set failSwapOn: false in the configuration of the kubelet.',
      command: 'swapoff -a',
      risk: 'low',
    },
  ],
  [
    /cgroup driver/i,
    {
      text: 'Set the same cgroup driver in both: cgroupDriver in the configuration of the kubelet, SystemdCgroup (containerd) or native.cgroupdriver (dockerd) in that of the runtime. On a node with systemd it is systemd.',
      command: 'grep -rn -i "cgroup" /var/lib/kubelet/config.yaml /etc/containerd/config.toml /etc/docker/daemon.json',
      risk: 'none',
    },
  ],
  [
    /unknown service runtime\.v1|Unimplemented/,
    {
      text: 'The runtime does not serve the version of the CRI that the kubelet asks for: its cri plugin is disabled, or one of the two is too old. See whether config.toml disables it.',
      command: 'grep -n "disabled_plugins" /etc/containerd/config.toml; containerd --version',
      risk: 'none',
    },
  ],
  [
    /\/dev\/kmsg: (?:no such file|operation not permitted|permission denied)/i,
    {
      text: 'The node is a container itself: give it /dev/kmsg from its host (LXC: lxc.mount.entry; Docker: --device /dev/kmsg).',
      command: null,
      risk: 'none',
    },
  ],
  [
    /raft_start\(\): io: /,
    {
      text: 'A file in the data directory is damaged, or does not follow the last snapshot: power loss or a full disk do that. Save the directory. A node of several can leave the cluster and join anew.',
      command: 'ls -l /var/snap/microk8s/current/var/kubernetes/backend /var/snap/lxd/common/lxd/database/global',
      risk: 'none',
    },
  ],
  [
    /CRI-O Auto Update Script|crio-wipe/,
    {
      text: 'crio-wipe removes the storage of CRI-O after an upgrade or an unclean shutdown; what requires it, in OpenShift the kubelet, does not start. If the storage is busy, unmount what is still mounted there.',
      command: 'grep /var/lib/containers/storage /proc/self/mounts',
      risk: 'none',
    },
  ],
  [
    /Dependency failed for|with result 'dependency'/,
    {
      text: 'A unit that it requires failed before it. See which, and start this one again afterwards: systemd does not.',
      command: 'systemctl list-units --failed',
      risk: 'none',
    },
  ],
  [
    /failed to load TOML/,
    {
      text: 'containerd cannot read its configuration: correct the key or the line that it names. The configuration of an older release needs containerd config migrate.',
      command: 'containerd config dump > /dev/null',
      risk: 'none',
    },
  ],
  [
    /failed to get metadata for stored sandbox/i,
    {
      text: 'Upgrade containerd: from 2.0.4 on it leaves out such a sandbox. Without that, only a new data directory helps: its containers and images are gone then.',
      command: null,
      risk: 'high',
    },
  ],
];

/** @param said the lines in which a daemon says why it exits */
export function startRemedies(said: readonly string[]): Remedy[] {
  return known.filter(([words]) => said.some((line) => words.test(line))).map(([, remedy]) => remedy);
}
