import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

/** A containerd that dockerd started logs to dockerd's log. */
const units: readonly LogUnit[] = ['containerd', 'dockerd'];

/** containerd pkg/cri/server, runtime/v2 and services from 1.3 to 2.3, runc delete.go. */
export const containerdPatterns = {
  'signal-not-permitted': {
    units: ['containerd', 'dockerd', 'kubelet'],
    group: 'stop',
    severity: 'warning',
    rule: 'denied-signal',
    meaning: 'the runtime may not signal the first process of a container: AppArmor denies it',
    hints: ['unable to signal init'],
    patterns: [
      /(?:for|container) \\*"?(?<container>[0-9a-f]{64})\\*"?.*unable to signal init: permission denied/,
      /unable to signal init: permission denied/,
    ],
  },
  'wait-kill-timeout': {
    units: ['containerd', 'dockerd', 'kubelet'],
    group: 'stop',
    severity: 'warning',
    rule: 'failed-stop',
    meaning: 'containerd killed a container, and no exit followed',
    hints: ['waiting for container'],
    // To 1.2 "init process"; a call that was cancelled says nothing.
    patterns: [
      /an error occurs during waiting for container \\*"(?<container>[^"\\]+)\\*"(?: init process)? to be killed(?!.*context canceled)/,
    ],
  },
  'sandbox-stop-failed': {
    units,
    group: 'stop',
    severity: 'warning',
    rule: 'failed-stop',
    meaning: 'containerd could not stop a pod’s sandbox',
    hints: ['stoppodsandbox for'],
    patterns: [/StopPodSandbox for \\*"(?<container>[^"\\]+)\\*" failed/],
  },
  'stop-failed': {
    units: ['containerd'],
    group: 'stop',
    severity: 'warning',
    rule: 'failed-stop',
    meaning: 'containerd could not stop a container',
    hints: ['stopcontainer for'],
    patterns: [/StopContainer for \\*"(?<container>[^"\\]+)\\*" failed/],
  },
  'container-removal-failed': {
    units: ['containerd'],
    group: 'removal',
    severity: 'warning',
    rule: 'failed-removal',
    meaning: 'containerd could not remove a container',
    hints: ['removecontainer for'],
    patterns: [/RemoveContainer for \\*"(?<container>[^"\\]+)\\*" failed(?!.*already in removing state)/],
  },
  // containerd's internal/cri/store/container. A second request at the same time is refused; a first that hangs refuses all later ones.
  'removal-in-progress': {
    units: ['containerd', 'kubelet'],
    group: 'removal',
    severity: 'info',
    rule: 'failed-removal',
    meaning: 'another request already removes the container',
    hints: ['already in removing state'],
    patterns: [
      /container \\*"(?<container>[0-9a-f]{64})\\*": container is already in removing state/,
      /is already in removing state/,
    ],
  },
  'sandbox-removal-failed': {
    units: ['containerd'],
    group: 'removal',
    severity: 'warning',
    rule: 'failed-removal',
    meaning: 'containerd could not remove a pod’s sandbox',
    hints: ['removepodsandbox for'],
    patterns: [/RemovePodSandbox for \\*"(?<container>[^"\\]+)\\*" failed/],
  },
  'task-exit-failed': {
    units,
    group: 'task-exit',
    severity: 'warning',
    rule: 'lost-shim',
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
    units,
    group: 'task-exit',
    severity: 'warning',
    rule: 'lost-shim',
    meaning: 'a shim did not report the state of its task in time',
    hints: ['get state for', 'converting task to protobuf'],
    patterns: [
      /get state for (?<container>[\w.-]+): .*(?:deadline exceeded|ttrpc: closed)/,
      /converting task to protobuf/,
    ],
  },
  'sandbox-task-missing': {
    units: ['containerd', 'kubelet'],
    group: 'node',
    severity: 'warning',
    rule: 'dead-sandbox',
    meaning: 'the pause process of a pod is gone: nothing can be created in the pod, and the kubelet makes it anew',
    hints: ['failed to get sandbox container task'],
    patterns: [
      /failed to get sandbox container task: no running task found: task (?<container>[0-9a-f]{64}) not found/,
    ],
  },
  // Unpacking, creating, and listing read it; a pull that failed says it of what it could not fetch, too.
  'content-missing': {
    units: ['containerd', 'dockerd', 'kubelet'],
    group: 'disk',
    severity: 'warning',
    rule: 'missing-content',
    meaning: 'a layer or the configuration of an image is not in containerd’s content store',
    hints: ['content digest sha256'],
    patterns: [
      /(?:failed to get reader from content store|failed to extract layer|failed to (?:load|get) image(?:'s)? (?:config|spec)|error unpacking image).*content digest (?<about>sha256:[0-9a-f]{64}): not found/i,
    ],
  },
  // snapshots/overlay and core/snapshots: the metadata knows it.
  'snapshot-missing': {
    units: ['containerd', 'dockerd', 'kubelet'],
    group: 'disk',
    severity: 'warning',
    rule: 'missing-content',
    meaning:
      'the files of a snapshot are gone below containerd: something removed them, or its filesystem is not mounted',
    hints: ['failed to create temp dir: stat', 'failed to stat parent: stat'],
    patterns: [
      /failed to (?:create temp dir|stat parent): stat (?<about>\/\S{1,200}\/snapshots(?:\/\d{1,9}\/fs)?): no such file or directory/,
    ],
  },
  'pull-no-progress': {
    units: ['containerd'],
    group: 'node',
    severity: 'warning',
    rule: 'stalled-pull',
    meaning: 'an image pull got no byte for its time limit, and was cancelled',
    hints: ['because of no progress'],
    patterns: [/cancel pulling image \\*"?(?<about>[^\s"\\]{1,200})\\*"? because of no progress/],
  },
  'late-shim-answer': {
    units,
    group: 'task-exit',
    severity: 'info',
    rule: 'lost-shim',
    meaning: 'a shim answered after its caller had given up',
    hints: ['received message on inactive stream'],
    patterns: [/ttrpc: received message on inactive stream/],
  },
  'shim-event-dropped': {
    units,
    group: 'task-exit',
    severity: 'warning',
    rule: 'lost-shim',
    meaning:
      'a shim dropped an event after five attempts: if it was an exit, the container is listed as running for ever',
    hints: ['from queue because of retry count'],
    patterns: [/evicting (?<about>\/tasks\/\w+) from queue because of retry count/],
  },
  'create-timeout': {
    units: ['containerd'],
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'containerd could not create a container or a sandbox in time',
    hints: ['context deadline exceeded'],
    patterns: [/(?<about>CreateContainer|RunPodSandbox|StartContainer)\b.*failed.*context deadline exceeded/],
  },
  // containerd 0.2 of dockerd 1.11 to 17.10: supervisor/worker.go, --start-timeout 2m.
  'start-timeout': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'runtime-not-responding',
    meaning: 'containerd gave up on the start of a container after two minutes',
    hints: ['did not start before'],
    patterns: [/container did not start before the specified timeout/],
  },
  'network-teardown-failed': {
    units: ['containerd', 'crio', 'kubelet'],
    group: 'node',
    severity: 'warning',
    rule: 'failed-network-setup',
    meaning: 'the network of a pod could not be taken down: the CNI plugin failed',
    hints: ['failed to destroy network for sandbox'],
    patterns: [
      /Failed to destroy network for sandbox \\*"?(?<container>[0-9a-f]{64})?.*plugin type=\\*"(?<about>[\w.-]+)/i,
      /Failed to destroy network for sandbox \\*"?(?<container>[0-9a-f]{64})?/i,
    ],
  },
  // containernetworking/plugins ipam/host-local/backend/allocator; amazon-vpc-cni-k8s; others. Before the pattern of any failed setup.
  'no-pod-address': {
    units: ['containerd', 'crio', 'kubelet', 'dockerd'],
    group: 'node',
    severity: 'warning',
    rule: 'failed-network-setup',
    meaning: 'the network plugin has no IP address left for a pod',
    hints: [
      ...(['no ip addresses available in range', 'failed to assign an ip address to container'] as const),
      ...(['could not allocate ip in range', 'requested ipv4 addresses', 'no more ips available'] as const),
      ...(['no available addresses', 'postipamfailure', 'not enough ips available'] as const),
    ],
    patterns: [
      // whereabouts pkg/allocate; libcalico-go/lib/ipam; cilium pkg/ipam; azure-container-networking ipam and cns.
      /Could not allocate IP in range: ip: (?<about>[0-9a-f.:]{3,45} \/ - [0-9a-f.:]{3,45})/,
      /Assigned 0 out of 1 requested IPv4 addresses|Failed to allocate address: No available addresses/,
      /postIpamFailure +(?:range is full|No more IPs available|"?all (?:pod )?CIDR ranges are exhausted)/,
      /not enough IPs available (?:of type \S{1,20} )?(?:for \S{1,60})?, waiting on Azure CNS/,
      /no IP addresses available in range set: (?<about>[0-9a-f.:]{3,45}-[0-9a-f.:]{3,45}\b)/,
      /failed to assign an IP address to container/,
    ],
    nameless: true,
  },
  // containernetworking/plugins bridge: an earlier configuration left the address, and nothing takes it away.
  'bridge-address': {
    units: ['containerd', 'crio', 'kubelet'],
    group: 'node',
    severity: 'warning',
    rule: 'failed-network-setup',
    meaning: 'the bridge of the pod network has an address of another range',
    hints: ['already has an ip address different from'],
    patterns: [/failed to set bridge addr: \\*"?(?<about>[\w.-]{1,15})\\*"? already has an IP address different from/],
    nameless: true,
  },
  'network-setup-failed': {
    units: ['containerd', 'crio', 'kubelet'],
    group: 'node',
    severity: 'warning',
    rule: 'failed-network-setup',
    meaning: 'the network of a pod or container could not be set up: the CNI plugin failed',
    hints: [
      ...(['failed to setup network for sandbox', 'netplugin failed', 'cni failed to set up pod'] as const),
      ...(['failed to create pod network sandbox', 'failed to call cni.setup'] as const),
      ...(['error adding network: ', 'while adding to cni network'] as const),
    ],
    patterns: [
      // CRI-O.
      /failed to create pod network sandbox \S{1,300}\((?<container>[0-9a-f]{64})\).*plugin type=\\*"(?<about>[\w.-]+)/,
      /failed to create pod network sandbox \S{1,300}\((?<container>[0-9a-f]{64})\)(?!.*deadline exceeded)/,
      // nerdctl pkg/ocihook: its hook of runc fails, and with it the container.
      /failed to call cni\.Setup: plugin type=\\*"(?<about>[\w.-]+)/,
      // dockershim: the kubelet itself calls the plugin (dockershim/network/cni), and says so up to three times.
      /cni failed to set up pod .*unable to connect to (?<about>[A-Z]\w{1,20}) (?:daemon|agent)/,
      /cni failed to set up pod .*\/var\/run\/(?<about>cilium)\/cilium\.sock/,
      /cni failed to set up pod|^Error (?:adding network|while adding to cni network): /,
      /failed to setup network for sandbox \\*"?(?<container>[0-9a-f]{64})?.*plugin type=\\*"(?<about>[\w.-]+)/i,
      /failed to setup network for sandbox \\*"?(?<container>[0-9a-f]{64})?|netplugin failed/i,
    ],
  },
  // net(3), os(3) and client-go in what plugins quote: their agent does not run yet, or the API server is not reached.
  'network-plugin-waits': {
    units: ['containerd', 'crio', 'kubelet'],
    group: 'node',
    severity: 'info',
    rule: 'failed-network-setup',
    meaning: 'the CNI plugin cannot work yet: what it asks does not answer',
    hints: [
      ...(['network for sandbox', 'cni failed to set up pod', 'cni failed to teardown pod'] as const),
      ...(['failed to create pod network sandbox', 'netplugin failed'] as const),
    ],
    patterns: [
      /(?:network for sandbox|cni failed to|create pod network sandbox|netplugin failed).*(?:refused|no such file|unauthorized|time(?:d |-)?out|deadline exceeded|unable to connect|not (?:ready|initialized)|unreachable|no route|\bEOF\b|reset by peer|not found)/i,
    ],
    nameless: true,
  },
  // cmd/containerd/main.go: it exits after these words.
  'containerd-start-failed': {
    units: ['containerd'],
    group: 'node',
    severity: 'critical',
    rule: 'crash-loop',
    meaning: 'containerd exited in its start, because it cannot read its configuration',
    hints: ['failed to load toml'],
    patterns: [/^(?:containerd: )?(?<about>failed to load TOML[^\n]{1,160})/],
  },
  // cmd/containerd/command/main.go.
  'containerd-booted': {
    units: ['containerd'],
    group: 'node',
    severity: 'info',
    rule: 'crash-loop',
    meaning: 'containerd finished its start',
    hints: ['containerd successfully booted'],
    patterns: [/^containerd successfully booted/],
  },
  // pkg/kubelet/kuberuntime, a normal event: once for each pod after a boot, and for each try where a sandbox does not come up.
  'sandbox-changed': {
    units: ['kubelet', 'other'],
    group: 'node',
    severity: 'info',
    rule: 'failed-network-setup',
    meaning: 'the kubelet makes the sandbox of a pod anew',
    hints: ['pod sandbox changed'],
    patterns: [/^Pod sandbox changed, it will be killed and re-created/],
  },
  // runc libcontainer/specconv and cgroups/systemd, CRI-O internal/config/cgmgr, moby daemon: the kubelet names a path, they want a slice.
  'cgroup-driver-mismatch': {
    units: ['kubelet', 'containerd', 'crio', 'dockerd'],
    group: 'config',
    severity: 'warning',
    rule: 'failed-sandbox',
    meaning:
      'the runtime puts containers into slices of systemd (systemd), and the kubelet names another path (cgroupfs)',
    hints: [
      'expected cgroupspath to be of format',
      'did not receive slice as parent',
      'systemd cgroup should be a valid slice',
    ],
    patterns: [
      /expected cgroupsPath to be of format .{1,40} for systemd cgroups, got \\*"\/kubepods/,
      /configured with systemd cgroup manager, but did not receive slice as parent/,
      /cgroup-parent for systemd cgroup should be a valid slice/,
    ],
    nameless: true,
  },
  // pkg/kubelet/kuberuntime, as a line and as an event. After the patterns of networks, names and deadlines: what is left.
  'sandbox-create-failed': {
    units: ['kubelet', 'containerd'],
    group: 'node',
    severity: 'warning',
    rule: 'failed-sandbox',
    meaning: 'the runtime could not create the sandbox of a pod',
    hints: [
      ...(['pod sandbox: ', 'from runtime service failed', 'createpodsandbox for pod', 'runpodsandbox for'] as const),
      'podsandboxconfig for pod',
    ],
    patterns: [
      // runc libcontainer/process_linux.go.
      /(?:create pod sandbox: |RunPodSandbox from runtime service failed).{0,600}(?<about>container init was OOM-killed)/,
      // dockershim words it so; the kubelet repeats it for each runtime.
      /createPodSandbox for pod .* failed: .*desc = (?<about>failed (?:pulling|to get sandbox) image "[^"]{1,80}")/i,
      /RunPodSandbox for .* failed, error:? .*?(?<about>failed to get sandbox image "[^"]{1,80}")/,
      /(?:create pod sandbox: |RunPodSandbox from runtime service failed).*desc = (?<about>failed to get sandbox image) /,
      /(?:create pod sandbox: |RunPodSandbox from runtime service failed).*desc = (?!failed to set ?up|failed to reserve|.*(?:DeadlineExceeded|deadline exceeded|network for (?:pod|sandbox)))(?<about>failed to (?:get|pull|create|start|launch|generate|reserve)[\w\s-]{1,40}(?:: failed to [\w\s-]{1,40}|"[^"]{1,60}")?|no runtime for \S{1,40}|RuntimeHandler \S{1,40}[\w\s]{0,20})/,
      /(?:create pod sandbox: |RunPodSandbox from runtime service failed).*desc = (?!failed to set ?up|failed to reserve|.*(?:DeadlineExceeded|deadline exceeded|network for (?:pod|sandbox)|is reserved))/,
      // The kubelet itself, before it asks the runtime: the file that resolvConf names.
      /(?:create pod sandbox|PodSandboxConfig for pod "?[^\s:]{1,200} failed): (?<about>open \/[^\s:]{1,160}: no such file or directory)/,
      // What containerd says itself; a kubelet may not be there to repeat it.
      /RunPodSandbox for .* failed, error:? (?!.*(?:network for (?:pod|sandbox)|is reserved|deadline exceeded|context canceled))(?:.*(?<about>unable to start container process: (?:error during container init: )?[^":]{1,80}))?/,
    ],
    nameless: true,
  },
  'shim-cleanup-failed': {
    units,
    group: 'task-exit',
    severity: 'warning',
    rule: 'lost-shim',
    meaning: 'containerd could not clean up after a shim that was gone',
    hints: ['failed to clean up after shim disconnected', 'failed to delete dead shim', 'failed to delete shim'],
    patterns: [/failed to clean up after shim disconnected|failed to delete (?:dead )?shim/],
  },
  'leaked-shim': {
    units,
    group: 'task-exit',
    severity: 'warning',
    rule: 'lost-shim',
    meaning:
      'at its start containerd killed a shim that it considered leaked; up to 2.3.3 this can hit a running container',
    hints: ['cleaning leaked shim process'],
    patterns: [/cleaning leaked shim process/],
  },
  // Up to 1.7 both are logged at each exit of a container.
  'shim-disconnected': {
    units,
    group: 'task-exit',
    severity: 'info',
    rule: 'lost-shim',
    routine: true,
    meaning: 'a shim exited: normal with the exit of its container, a fault before it',
    hints: ['shim disconnected'],
    patterns: [/^(?:cleaning up after )?shim disconnected/],
  },
  'init-still-running': {
    units,
    group: 'task-exit',
    severity: 'info',
    rule: 'stalled-task-delete',
    meaning: 'runc gave up deleting a container: its first process still runs',
    hints: ['container init still running'],
    patterns: [/container init still running/],
  },
  'cgroup-not-removed': {
    units: ['containerd', 'dockerd', 'kubelet'],
    group: 'task-exit',
    severity: 'info',
    rule: 'stalled-task-delete',
    meaning: 'a control group could not be removed: a process is still in it',
    hints: ['failed to remove paths', 'failed to remove cgroup', 'unable to remove container'],
    patterns: [/failed to remove (?:paths: map|cgroup)|unable to remove container's cgroup/i],
  },
  'rootfs-missing': {
    units,
    group: 'removal',
    severity: 'info',
    rule: 'split-mount-namespace',
    meaning: 'a container’s root filesystem is not mounted',
    hints: ['invalid rootfs'],
    patterns: [/invalid rootfs: stat \S+/],
  },
} as const satisfies LogPatterns;
