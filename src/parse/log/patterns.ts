import type { LogPatternId } from '../../sample/log-patterns.ts';
import type { LogUnit } from '../../sample/logs.ts';

/** How a line is known to be a sign. */
export interface LogPattern {
  readonly id: LogPatternId;
  /** Whose lines it may be in; anybody else's (a container that writes the same words) are not believed. */
  readonly units: readonly LogUnit[];
  /**
   * Words of which a line holds at least one, in small letters: looked for before anything else is done with a line. No
   * quotation mark, bracket or ampersand in them: those are escaped where the line is inside JSON.
   */
  readonly hints: readonly string[];
  /** Any of these. Groups: `container`, `pid`, `comm`, `seconds`, `device`. */
  readonly patterns: readonly RegExp[];
}

/** The ids in their lines are those of network sandboxes, which are not the containers'. */
export const namelessPatterns: ReadonlySet<LogPatternId> = new Set<LogPatternId>(['netns-lost', 'sandbox-not-found']);

const docker: readonly LogUnit[] = ['dockerd'];
/** A containerd that dockerd started writes into dockerd's log. */
const runtime: readonly LogUnit[] = ['containerd', 'dockerd'];
const kubelet: readonly LogUnit[] = ['kubelet'];
const daemons: readonly LogUnit[] = ['dockerd', 'containerd', 'kubelet'];
const kernel: readonly LogUnit[] = ['kernel'];

const sign = (
  id: LogPatternId,
  units: readonly LogUnit[],
  hints: readonly string[],
  ...patterns: readonly RegExp[]
): LogPattern => ({ id, units, hints, patterns });

/**
 * Every known sign, the most telling first: a line that matches several is told as the first of them. The words are those
 * of the sources: moby daemon/{stop,kill,delete,monitor}.go and libcontainerd from 17.06 to 29, containerd
 * pkg/cri/server from 1.3 to 2.3, runc delete.go, kubelet pkg/kubelet/kuberuntime from 1.9, the kernel from 3.10 to 6.18.
 */
export const logPatterns: readonly LogPattern[] = [
  // dockerd up to 20.10.9 names the container in the message (the second line by 12 digits only), later in a field.
  sign(
    'stop-force',
    docker,
    ['using the force'],
    /^(?:Container (?<container>[0-9a-f]{12,64}) )?.*failed to exit within \S+(?: seconds?)? of (?:signal \d+|kill) - using the force/i,
  ),
  sign(
    'direct-sigkill',
    docker,
    ['trying direct sigkill'],
    /^(?:Container (?<container>[0-9a-f]{12,64}) )?.*failed to exit within \S+(?: seconds?)? of (?:signal \d+|kill) - trying direct SIGKILL/i,
  ),
  sign(
    'force-killing',
    docker,
    ['force killing'],
    /failed to stop after sending signal \d+ to the process, force killing/,
  ),
  sign('stop-signal-failed', docker, ['error sending stop'], /Error sending stop \(signal \d+\) to container/i),
  sign(
    'no-exit-event',
    docker,
    ['did not receive an exit event'],
    /cannot (?:stop|kill) container: (?<container>[\w.-]+): .*did not receive an exit event/i,
    /did not receive an exit event/,
  ),
  sign(
    'zombie-init',
    docker,
    ['is zombie and can not be killed'],
    /container (?<container>\S+) PID (?<pid>\d+) is zombie and can not be killed/i,
  ),
  sign(
    'kill-failed',
    docker,
    ['killing the container', 'killing container', 'cannot kill container', 'could not kill'],
    /error killing (?:the )?container/i,
    /cannot kill container: (?<container>[\w.-]+)/i,
    /could not kill running container (?<container>[0-9a-f]{12,64})/i,
    /cannot remove container "?\/?(?<container>[\w.-]+)"?: could not kill/i,
    /could not kill(?: container)?:/i,
  ),
  sign(
    'kubelet-stop-failed',
    kubelet,
    ['stopcontainer'],
    /StopContainer (?:"(?<container>[^"]*)" )?from runtime service failed/,
  ),
  sign(
    'kubelet-kill-failed',
    kubelet,
    ['kill container failed', 'termination failed with graceperiod', 'killcontainererror'],
    /Kill container failed|termination failed with gracePeriod|KillContainerError/,
  ),
  sign(
    'kubelet-sandbox-stop-failed',
    kubelet,
    ['stoppodsandbox', 'failed to stop sandbox', 'killpodsandboxerror'],
    /StopPodSandbox (?:"(?<container>[^"]*)" )?from runtime service failed/,
    /Failed to stop sandbox|KillPodSandboxError/,
  ),
  sign(
    'wait-kill-timeout',
    ['containerd', 'dockerd', 'kubelet'],
    ['waiting for container'],
    /an error occurs during waiting for container "(?<container>[^"]+)" to be killed/,
  ),
  sign(
    'kubelet-remove-failed',
    kubelet,
    ['removecontainer', 'failed to remove container', 'have not been cleaned up'],
    /RemoveContainer (?:"(?<container>[^"]*)" )?from runtime service failed/,
    /Failed to remove container(?: "(?<container>[^"]*)")?|is terminated, but some containers have not been cleaned up/i,
  ),
  sign(
    'removal-failed',
    [...docker, 'kubelet'],
    ['failed to remove root filesystem', 'error removing mounted layer', 'unable to remove filesystem'],
    /failed to remove root filesystem(?: for (?<container>[0-9a-f]{12,64}))?/i,
    /error removing mounted layer (?<container>[0-9a-f]{12,64})?/i,
    /unable to remove filesystem(?: for (?<container>[0-9a-f]{12,64}))?/i,
  ),
  sign(
    'task-exit-failed',
    runtime,
    ['failed to handle'],
    // &TaskExit{ContainerID:…,Pid:…} up to containerd 1.6, container_id:"…" pid:… since.
    /failed to handle (?:container |sandbox )?(?:TaskExit|backOff) event &TaskExit\{ContainerID:(?<container>[^,}]+),ID:[^,}]*,Pid:(?<pid>\d+)/i,
    /failed to handle (?:container |sandbox )?(?:TaskExit|backOff) event .*?container_id:"(?<container>[^"]+)"(?:.*?\bpid:(?<pid>\d+))?/i,
    /failed to handle (?:container |sandbox )?(?:TaskExit|backOff) event/i,
  ),
  sign(
    'shim-not-answering',
    runtime,
    ['get state for'],
    /get state for (?<container>[\w.-]+): .*(?:deadline exceeded|ttrpc: closed)/,
  ),
  sign('init-still-running', runtime, ['container init still running'], /container init still running/),
  sign(
    'cgroup-not-removed',
    [...runtime, 'kubelet'],
    ['failed to remove paths', 'failed to remove cgroup', 'unable to remove container'],
    /failed to remove (?:paths: map|cgroup)|unable to remove container's cgroup/i,
  ),
  sign('netns-lost', docker, ['failed to create osl sandbox'], /failed to create osl sandbox.*invalid argument/),
  sign(
    'sandbox-not-found',
    docker,
    ['error locating sandbox id'],
    /error locating sandbox id \S+: sandbox \S+ not found/,
  ),
  sign('rootfs-missing', runtime, ['invalid rootfs'], /invalid rootfs: stat \S+/),
  sign(
    'event-stream-lost',
    docker,
    ['failed to get event', 'waiting for containerd to be ready'],
    /failed to get event|waiting for containerd to be ready to restart event processing/i,
  ),
  sign(
    'process-event-failed',
    docker,
    ['failed to process event', 'failed to delete container'],
    // A container that containerd does not know is gone: what was wanted.
    /failed to process event|failed to delete container (?:\S+ )?from containerd(?!.*no such container)/i,
  ),
  sign('cgroup-no-memory', daemons, ['cannot allocate memory'], /mkdir \S*\/cgroup\/\S*: cannot allocate memory/i),
  sign(
    'memcg-ids-exhausted',
    daemons,
    ['no space left on device'],
    // On cgroup v2 there is no /memory/ in the path; the other controllers of v1 have no such limit.
    /mkdir \S*\/cgroup\/(?:memory|unified|[\w.-]+\.slice|docker|kubepods)\/\S*: no space left on device/i,
  ),
  sign('unmount-failed', runtime, ['failed to unmount', 'failed to umount'], /failed to u(?:n)?mount/i),
  sign('device-busy', daemons, ['device or resource busy'], /device or resource busy/i),
  sign(
    'pleg-unhealthy',
    kubelet,
    ['pleg is not healthy', 'genericpleg'],
    /PLEG is not healthy|GenericPLEG: Unable to retrieve pods/,
  ),
  sign('runtime-down', kubelet, ['container runtime is down'], /container runtime is down/),
  sign('too-many-open-files', daemons, ['too many open files'], /too many open files/i),
  sign(
    'goroutine-dump-written',
    runtime,
    ['goroutine stacks written', 'begin goroutine stack dump'],
    /goroutine stacks written to |=== BEGIN goroutine stack dump ===/,
  ),
  sign(
    'daemon-root-bound',
    docker,
    ['bind source in daemon root'],
    /Falling back to default propagation for bind source in daemon root/,
  ),
  sign(
    'hung-task',
    kernel,
    ['blocked for more than'],
    /task (?<comm>.{1,64}):(?<pid>\d+) blocked for more than (?<seconds>\d+) seconds/,
  ),
  sign(
    'kmem-cache-failed',
    kernel,
    ['unable to allocate memory on node', 'kmem_cache_create'],
    /SLUB: Unable to allocate memory on node/,
    /kmem_cache_create\(.*failed with error/,
  ),
  sign(
    'oom-kill',
    kernel,
    // Kernels before 5.0 write "Kill process … or sacrifice child" first; "Killed process" alone would count twice there.
    ['out of memory: kill'],
    /out of memory: Kill(?:ed)? process (?<pid>\d+) \((?<comm>[^)]*)\)/i,
  ),
  sign('oom-memcg', kernel, ['oom-kill:constraint'], /oom-kill:constraint=.*,task=(?<comm>.*),pid=(?<pid>\d+)/),
  sign('io-error', kernel, ['i/o error'], /I\/O error(?: on|,) (?:logical block on )?dev(?:ice)? (?<device>[\w!-]+)/),
  sign(
    'filesystem-shutdown',
    kernel,
    ['shutting down filesystem', 'shut down requested', 'aborting journal', 'aborted journal', 'journal has aborted'],
    /XFS \((?<device>[^)\s]+)\): .*Shutting down filesystem/i,
    /Aborting journal on device (?<device>[\w!]+)/,
    /EXT[234]-fs.* \((?:device )?(?<device>[^)\s]+)\).*(?:aborted journal|journal has aborted|shut down requested)/i,
    /shut(?:ting)? down (?:the )?filesystem/i,
  ),
  sign(
    'remount-read-only',
    kernel,
    ['filesystem read-only', 'forced readonly'],
    /\((?:device )?(?<device>[^)\s]+)\).*(?:remounting filesystem read-only|forced readonly)/i,
    /remounting filesystem read-only/i,
  ),
  sign(
    'filesystem-error',
    kernel,
    ['-fs error', 'btrfs error', 'btrfs critical', 'metadata corruption', 'internal error', 'metadata i/o error'],
    /(?:EXT[234]-fs error|BTRFS (?:error|critical)) \(device (?<device>[^)\s]+)\)/,
    /XFS \((?<device>[^)\s]+)\): (?:Metadata corruption|Internal error|metadata I\/O error)/i,
  ),
  sign('nfs-not-responding', kernel, ['not responding'], /nfs: server \S+ not responding/),
  sign('netdev-refcount', kernel, ['unregister_netdevice'], /unregister_netdevice: waiting for \S+ to become free/),
  sign('overlay-upperdir-in-use', kernel, ['upperdir is in-use'], /overlayfs: upperdir is in-use as upperdir/),
];
