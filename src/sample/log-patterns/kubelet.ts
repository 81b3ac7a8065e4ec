import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kubelet'];

/**
 * What the kubelet's client logs if the runtime has not answered within its deadline (two minutes for most calls). Up to
 * Kubernetes 1.8 gRPC wrote codes as numbers.
 */
const overdue = '(?:DeadlineExceeded|code = 4 |context deadline exceeded|operation timeout|i/o timeout)';

/** kubernetes pkg/kubelet/{pleg,kuberuntime,cri,eviction,images} from 1.9. */
export const kubeletPatterns = {
  'kubelet-stop-failed': {
    units,
    group: 'stop',
    severity: 'warning',
    rule: 'failed-stop',
    meaning: 'the kubelet’s request to stop a container failed',
    hints: ['from runtime service failed'],
    patterns: [/StopContainer (?:"(?<container>[^"]*)" )?from runtime service failed/],
  },
  'kubelet-kill-failed': {
    units,
    group: 'stop',
    severity: 'warning',
    rule: 'failed-stop',
    meaning: 'the kubelet could not kill a container',
    hints: ['kill container failed', 'termination failed with graceperiod', 'killcontainererror'],
    patterns: [/Kill container failed|termination failed with gracePeriod|KillContainerError/],
  },
  'kubelet-sandbox-stop-failed': {
    units,
    group: 'stop',
    severity: 'warning',
    rule: 'failed-stop',
    meaning: 'the kubelet could not stop a pod’s sandbox',
    hints: ['from runtime service failed', 'failed to stop sandbox', 'killpodsandboxerror'],
    patterns: [
      /StopPodSandbox (?:"(?<container>[^"]*)" )?from runtime service failed/,
      /Failed to stop sandbox|KillPodSandboxError/,
    ],
  },
  'kubelet-remove-failed': {
    units,
    group: 'removal',
    severity: 'warning',
    rule: 'failed-removal',
    meaning: 'the kubelet could not remove a container',
    hints: ['from runtime service failed', 'failed to remove container', 'have not been cleaned up'],
    // A container that is gone is what was asked for.
    patterns: [
      /RemoveContainer (?:"(?<container>[^"]*)" )?from runtime service failed(?!.*(?:code = NotFound|no such container|already in removing state))/i,
      /Failed to remove container(?: "(?<container>[^"]*)")?(?!.*(?:code = NotFound|no such container|already in removing state))/i,
      /is terminated, but some containers have not been cleaned up/i,
    ],
  },
  'message-too-large': {
    units: ['kubelet', 'containerd', 'crio'],
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'the list of containers is larger than gRPC lets through (16 MiB): too many dead containers are kept',
    hints: ['message larger than max'],
    patterns: [/(?:send|received) message larger than max \(\d+ vs\. \d+\)/],
  },
  'pleg-unhealthy': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'runtime-not-responding',
    meaning: 'the kubelet could not list the containers in time (PLEG)',
    hints: ['pleg was last seen active', 'genericpleg'],
    // Each start of the kubelet logs "pleg has yet to be successful", each restart of the runtime "Unavailable".
    patterns: [
      /PLEG is not healthy: pleg was last seen active|GenericPLEG: Unable to retrieve pods(?!.*(?:Unavailable|connection refused))/,
    ],
  },
  'runtime-down': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'runtime-not-responding',
    meaning: 'the kubelet considers the container runtime down',
    hints: ['container runtime is down'],
    patterns: [/container runtime is down/],
  },
  // A probe's own timeout, usually one second: the command is slow, which says little about the runtime.
  'exec-sync-timeout': {
    units: ['kubelet', 'containerd', 'crio'],
    group: 'node',
    severity: 'info',
    rule: 'runtime-not-responding',
    meaning: 'a command in a container (usually a probe) did not finish in time',
    hints: ['execsync'],
    patterns: [new RegExp(`ExecSync (?:"?(?<container>[0-9a-f]{64})"?)?.*(?:failed|timeout).*${overdue}`)],
  },
  'runtime-call-timeout': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'the runtime did not answer a call of the kubelet in time',
    hints: ['from runtime service failed', 'from image service failed', 'podsandboxstatus of sandbox'],
    patterns: [
      new RegExp(`(?<about>PodSandboxStatus) of sandbox "(?<container>[0-9a-f]{12,64})".* error: .*${overdue}`),
      new RegExp(
        String.raw`(?<about>(?:List|Run|Create|Start|Container|PodSandbox|Update|Reopen|Status|Version|Image|Attach|Exec\b)\w*)(?: (?:"(?<container>[0-9a-f]{12,64})"|[^"]{0,300}?))? from (?:runtime|image) service failed.*${overdue}`,
      ),
    ],
  },
  'pod-sync-timeout': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'the kubelet could not bring a pod up to date: the runtime did not answer in time',
    hints: ['error syncing pod'],
    patterns: [
      new RegExp(String.raw`Error syncing pod (?:\S+ \("(?<about>[^"(]{1,120}))?.*${overdue}`),
      new RegExp(`Error syncing pod.*${overdue}.* pod="(?<about>[^"]{1,120})"`),
    ],
  },
  'reinspection-failed': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'the kubelet could not read the state of a pod again',
    hints: ['failed reinspection'],
    patterns: [/PLEG: pod (?<about>\S{1,120}) failed reinspection/, /failed reinspection.*pod="(?<about>[^"]{1,120})"/],
  },
  'image-disk-high': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'filesystem-full',
    meaning: 'the image filesystem is over the kubelet’s high threshold; it removes unused images',
    hints: ['over the high threshold'],
    patterns: [/(?<about>image filesystem) is over the high threshold/],
  },
  'image-gc-failed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'filesystem-full',
    meaning: 'the kubelet removed all unused images, and the image filesystem is still too full',
    hints: ['to free bytes down', 'bytes, but freed', 'bytes, but only found', 'failed to garbage collect'],
    patterns: [
      /failed to garbage collect required amount of (?<about>images)/i,
      /wanted to free \d+ bytes, but (?:freed|only found)/i,
      /attempted to free \d+ bytes, but only found/i,
    ],
  },
  'eviction-reclaim': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'filesystem-full',
    meaning: 'the node is short of disk, inodes or pids: the kubelet reclaims, and evicts pods next',
    hints: ['attempting to reclaim'],
    patterns: [
      /attempting to reclaim"? resourceName="?(?<about>ephemeral-storage|inodes|imagefs|nodefs|pids)/,
      /must evict pod\(s\) to reclaim (?<about>ephemeral-storage|inodes|imagefs|nodefs|pids)/,
      /attempting to reclaim (?<about>ephemeral-storage|inodes|imagefs|nodefs|pids)/i,
    ],
  },
  // pkg/kubelet/eviction/eviction_manager.go: unused images and containers were enough.
  'eviction-avoided': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'filesystem-full',
    meaning: 'the kubelet freed enough, and evicts no pod',
    hints: ['without evicting pods'],
    patterns: [
      /able to reduce resource pressure without evicting pods\."? resourceName="?(?<about>ephemeral-storage|inodes|imagefs|nodefs|pids|memory)/,
      /able to reduce (?<about>ephemeral-storage|inodes|imagefs|nodefs|pids|memory) pressure without evicting pods/,
    ],
  },
  // pkg/kubelet/oom/oom_watcher_linux.go, as an event.
  'system-oom-event': {
    units,
    group: 'memory',
    severity: 'warning',
    rule: 'oom-kill',
    meaning: 'the kubelet saw that the kernel killed a process, because the node ran out of memory',
    hints: ['system oom encountered'],
    patterns: [/^System OOM encountered(?:, victim process: (?<comm>.{1,64}), pid: (?<pid>\d{1,10}))?/],
  },
  'eviction-memory': {
    units,
    group: 'memory',
    severity: 'warning',
    rule: 'oom-kill',
    meaning: 'the node is short of memory: the kubelet evicts pods',
    hints: ['attempting to reclaim'],
    patterns: [/attempting to reclaim"?(?: resourceName="?)?\s?(?<about>memory)/i],
  },
} as const satisfies LogPatterns;
