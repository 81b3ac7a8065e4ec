import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

/** The controller that attaches runs on another node; its events are pasted beside those of the kubelet. */
const units: readonly LogUnit[] = ['kubelet', 'other'];
const volume = String.raw`volume \\*"(?<about>[^"\\]{1,100})`;

/** What each node says for a moment: an object that is not in the kubelet's cache yet, a driver that has not registered yet. */
const atFirst = '(?:not registered|cache|references non-existent|not found|registered CSI drivers)';
/** Of mount(8) and its helpers (nfs-utils utils/mount, cifs-utils, ceph-common). */
const failure =
  '(?:[Cc]onnection (?:timed out|refused)|[Nn]o route to host|[Nn]etwork is unreachable|access denied|[Pp]ermission denied|[Pp]rotocol not supported|[Nn]o such file|mount system call failed|mount error)';

/** Of a filesystem, then of a block volume. */
const unmounting = '(?:Unmount(?:Volume\\.TearDown|Device)|UnmapVolume\\.UnmapBlockVolume)';
const unmountHints = [
  'unmountvolume.teardown failed',
  'unmountdevice failed',
  'unmapvolume.unmapblockvolume failed',
] as const;

/** kubernetes pkg/volume/util/operationexecutor and pkg/controller/volume/attachdetach, as lines and as events. */
export const volumePatterns = {
  'volume-attach-failed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'failed-volume',
    meaning: 'a volume could not be attached to the node',
    hints: ['attachvolume.attach failed', 'multi-attach error'],
    patterns: [
      new RegExp(`AttachVolume\\.Attach failed for ${volume}`),
      new RegExp(`Multi-Attach error for ${volume}`),
    ],
  },
  'volume-wait-timeout': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'failed-volume',
    meaning: 'a pod has waited two minutes for its volumes',
    hints: ['to attach or mount volumes', 'mount volumes for pod', 'attach or mount: '],
    patterns: [
      /Unable to (?:attach or )?mount volumes.*(?:timed out waiting for the condition|timeout expired|context deadline exceeded)/,
      /timed out waiting for the condition.*attach or mount: /,
    ],
  },
  'volume-mount-failed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'failed-volume',
    meaning: 'a volume could not be mounted',
    hints: ['mountvolume.', 'mapvolume.'],
    // A volume that is a device is mapped.
    patterns: [
      new RegExp(
        `(?:MountVolume\\.(?:MountDevice|SetUp|WaitForAttach)|MapVolume\\.(?:SetUpDevice|MapPodDevice|MapBlockVolume|WaitForAttach)) failed for ${volume}(?!.*${atFirst})`,
      ),
    ],
  },
  // pkg/volume/csi: on each node until the pod of its driver has registered.
  'csi-driver-missing': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'failed-volume',
    meaning: 'a volume waits for its CSI driver, which has not registered with the kubelet',
    hints: ['registered csi drivers'],
    patterns: [/driver name (?<about>[\w.-]{1,100}) not found in the list of registered CSI drivers/],
  },
  // pkg/util/goroutinemap/exponentialbackoff: from half a second, doubled up to two minutes. These are the eighth failure and later ones.
  'volume-unmount-stuck': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'busy-volume',
    meaning: 'a volume could not be unmounted, eight times in succession and more',
    hints: unmountHints,
    patterns: [new RegExp(`durationBeforeRetry (?:1m4s|2m0s|2m2s)\\).*${unmounting} failed for ${volume}`)],
  },
  'volume-unmount-failed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'busy-volume',
    meaning: 'a volume could not be unmounted',
    hints: [...unmountHints, 'target is busy', 'device is busy'],
    patterns: [
      new RegExp(`${unmounting} failed for ${volume}`),
      // k8s.io/mount-utils quotes umount(8) in the log of a CSI driver.
      /^(?:Output: )?umount: \/\S{1,200}?\/(?:volumes|volumeDevices)\/\S{1,100}?\/(?<about>[\w.-]{1,100})(?:\/\S{0,60})?: (?:target|device) is busy/,
    ],
  },
  'volume-unmounted': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'busy-volume',
    meaning: 'a volume was unmounted',
    hints: ['unmountvolume.teardown succeeded'],
    patterns: [/UnmountVolume\.TearDown succeeded for volume .*OuterVolumeSpecName: \\*"(?<about>[^"\\]{1,100})/],
  },
  // Its own line of an event, or of the journal: what the kubelet quotes has several.
  'mount-failed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'failed-volume',
    meaning: 'mount(8) failed',
    hints: ['mount.', 'mount error', 'bad superblock'],
    patterns: [
      new RegExp(`^(?:Output: )?(?:Running (?:scope )?as unit:? \\S{1,80} ?)?(?<about>mount\\.\\w{2,12}: ${failure})`),
      // mount.cifs and mount.ceph.
      /^(?:Output: )?(?<about>mount error(?:\(\d{1,3}\): |: | \d{1,3} = )[\w ]{1,60})/,
      /^(?:Output: )?mount: (?:\S{1,200}: )?(?<about>wrong fs type, bad option, bad superblock on \S{1,60}?),/,
    ],
  },
  'volume-ready': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'failed-volume',
    meaning: 'a volume was attached or mounted',
    hints: ['attachvolume.attach succeeded', 'mountvolume.', 'mapvolume.'],
    patterns: [
      new RegExp(
        `(?:AttachVolume\\.Attach|MountVolume\\.(?:MountDevice|SetUp)|MapVolume\\.MapPodDevice) succeeded for ${volume}`,
      ),
    ],
  },
} as const satisfies LogPatterns;
