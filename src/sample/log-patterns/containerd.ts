import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

/** A containerd that dockerd started logs to dockerd's log. */
const units: readonly LogUnit[] = ['containerd', 'dockerd'];

/** containerd pkg/cri/server, runtime/v2 and services from 1.3 to 2.3, runc delete.go. */
export const containerdPatterns = {
  'wait-kill-timeout': {
    ...{ units: ['containerd', 'dockerd', 'kubelet'], group: 'stop', severity: 'warning', rule: 'failed-stop' },
    meaning: 'containerd killed a container, and no exit followed',
    hints: ['waiting for container'],
    patterns: [/an error occurs during waiting for container \\*"(?<container>[^"\\]+)\\*" to be killed/],
  },
  'sandbox-stop-failed': {
    ...{ units, group: 'stop', severity: 'warning', rule: 'failed-stop' },
    meaning: 'containerd could not stop a pod’s sandbox',
    hints: ['stoppodsandbox for'],
    patterns: [/StopPodSandbox for \\*"(?<container>[^"\\]+)\\*" failed/],
  },
  'stop-failed': {
    ...{ units: ['containerd'], group: 'stop', severity: 'warning', rule: 'failed-stop' },
    meaning: 'containerd could not stop a container',
    hints: ['stopcontainer for'],
    patterns: [/StopContainer for \\*"(?<container>[^"\\]+)\\*" failed/],
  },
  'container-removal-failed': {
    ...{ units: ['containerd'], group: 'removal', severity: 'warning', rule: 'failed-removal' },
    meaning: 'containerd could not remove a container',
    hints: ['removecontainer for'],
    patterns: [/RemoveContainer for \\*"(?<container>[^"\\]+)\\*" failed/],
  },
  'sandbox-removal-failed': {
    ...{ units: ['containerd'], group: 'removal', severity: 'warning', rule: 'failed-removal' },
    meaning: 'containerd could not remove a pod’s sandbox',
    hints: ['removepodsandbox for'],
    patterns: [/RemovePodSandbox for \\*"(?<container>[^"\\]+)\\*" failed/],
  },
  'task-exit-failed': {
    ...{ units, group: 'task-exit', severity: 'warning', rule: 'lost-shim' },
    meaning: 'containerd could not clean up after an exited container; it keeps retrying',
    hints: ['failed to handle'],
    patterns: [
      // &TaskExit{ContainerID:…,Pid:…} up to containerd 1.6, container_id:"…" pid:… since.
      /failed to handle (?:container |sandbox )?(?:TaskExit|backOff) event &TaskExit\{ContainerID:(?<container>[^,}]+),ID:[^,}]*,Pid:(?<pid>\d+)/i,
      /failed to handle (?:container |sandbox )?(?:TaskExit|backOff) event .*?container_id:"(?<container>[^"]+)"(?:.*?\bpid:(?<pid>\d+))?/i,
      /failed to handle (?:container |sandbox )?(?:TaskExit|backOff) event/i,
    ],
  },
  'shim-not-answering': {
    ...{ units, group: 'task-exit', severity: 'warning', rule: 'lost-shim' },
    meaning: 'a shim did not report the state of its task in time',
    hints: ['get state for', 'converting task to protobuf'],
    patterns: [
      /get state for (?<container>[\w.-]+): .*(?:deadline exceeded|ttrpc: closed)/,
      /converting task to protobuf/,
    ],
  },
  'create-timeout': {
    ...{ units: ['containerd'], group: 'node', severity: 'warning', rule: 'runtime-not-responding' },
    meaning: 'containerd could not create a container or a sandbox in time',
    hints: ['context deadline exceeded'],
    patterns: [/(?<about>CreateContainer|RunPodSandbox|StartContainer)\b.*failed.*context deadline exceeded/],
  },
  'network-teardown-failed': {
    ...{ units: ['containerd', 'crio', 'kubelet'], group: 'node', severity: 'warning', rule: 'failed-network-setup' },
    meaning: 'the network of a pod could not be taken down: the CNI plugin failed',
    hints: ['failed to destroy network for sandbox'],
    patterns: [
      /Failed to destroy network for sandbox \\*"?(?<container>[0-9a-f]{64})?.*plugin type=\\*"(?<about>[\w.-]+)/i,
      /Failed to destroy network for sandbox \\*"?(?<container>[0-9a-f]{64})?/i,
    ],
  },
  'network-setup-failed': {
    ...{ units: ['containerd', 'crio', 'kubelet'], group: 'node', severity: 'warning', rule: 'failed-network-setup' },
    meaning: 'the network of a pod could not be set up: the CNI plugin failed',
    hints: ['failed to setup network for sandbox', 'netplugin failed'],
    patterns: [
      /failed to setup network for sandbox \\*"?(?<container>[0-9a-f]{64})?.*plugin type=\\*"(?<about>[\w.-]+)/i,
      /failed to setup network for sandbox \\*"?(?<container>[0-9a-f]{64})?|netplugin failed/i,
    ],
  },
  'shim-cleanup-failed': {
    ...{ units, group: 'task-exit', severity: 'warning', rule: 'lost-shim' },
    meaning: 'containerd could not clean up after a shim that was gone',
    hints: ['failed to clean up after shim disconnected', 'failed to delete dead shim', 'failed to delete shim'],
    patterns: [/failed to clean up after shim disconnected|failed to delete (?:dead )?shim/],
  },
  'leaked-shim': {
    ...{ units, group: 'task-exit', severity: 'warning', rule: 'lost-shim' },
    meaning:
      'at its start containerd killed a shim that it considered leaked; up to 2.3.3 this can hit a running container',
    hints: ['cleaning leaked shim process'],
    patterns: [/cleaning leaked shim process/],
  },
  // Up to 1.7 both are logged at each exit of a container.
  'shim-disconnected': {
    ...{ units, group: 'task-exit', severity: 'info', rule: 'lost-shim', routine: true },
    meaning: 'a shim exited: normal with the exit of its container, a fault before it',
    hints: ['shim disconnected'],
    patterns: [/^(?:cleaning up after )?shim disconnected/],
  },
  'init-still-running': {
    ...{ units, group: 'task-exit', severity: 'info', rule: 'stalled-task-delete' },
    meaning: 'runc gave up deleting a container: its first process still runs',
    hints: ['container init still running'],
    patterns: [/container init still running/],
  },
  'cgroup-not-removed': {
    ...{
      units: ['containerd', 'dockerd', 'kubelet'],
      group: 'task-exit',
      severity: 'info',
      rule: 'stalled-task-delete',
    },
    meaning: 'a control group could not be removed: a process is still in it',
    hints: ['failed to remove paths', 'failed to remove cgroup', 'unable to remove container'],
    patterns: [/failed to remove (?:paths: map|cgroup)|unable to remove container's cgroup/i],
  },
  'rootfs-missing': {
    ...{ units, group: 'removal', severity: 'info', rule: 'split-mount-namespace' },
    meaning: 'a container’s root filesystem is not mounted',
    hints: ['invalid rootfs'],
    patterns: [/invalid rootfs: stat \S+/],
  },
} as const satisfies LogPatterns;
