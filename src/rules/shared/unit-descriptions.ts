/** As systemd names units in the messages of its jobs, and the command of each. */
export const unitsByDescription: Readonly<Record<string, string>> = {
  dockerd: 'docker.service',
  kubelet: 'kubelet.service',
  crio: 'crio.service',
  'Docker Application Container Engine': 'docker.service',
  'containerd container runtime': 'containerd.service',
  'kubelet: The Kubernetes Node Agent': 'kubelet.service',
  'Kubernetes Kubelet': 'kubelet.service',
  'Kubernetes Kubelet Server': 'kubelet.service',
  'Container Runtime Interface for OCI (CRI-O)': 'crio.service',
  'Open Container Initiative Daemon': 'crio.service',
  'CRI-O Auto Update Script': 'crio-wipe.service',
  // Of an agent, too.
  'Lightweight Kubernetes': 'k3s.service',
  'Rancher Kubernetes Engine v2 (server)': 'rke2-server.service',
  'Rancher Kubernetes Engine v2 (agent)': 'rke2-agent.service',
  'FUSE filesystem for LXC': 'lxcfs.service',
  etcd: 'etcd.service',
};
