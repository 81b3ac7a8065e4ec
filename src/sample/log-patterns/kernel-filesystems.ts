import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** Filesystems: fs/{ext4,jbd2,xfs,btrfs,overlayfs} from 3.10 to 6.18. */
export const kernelFilesystemPatterns = {
  'filesystem-shutdown': {
    units,
    group: 'disk',
    severity: 'critical',
    rule: 'disk-errors',
    meaning: 'a filesystem or its journal shut down',
    hints: [
      'shutting down filesystem',
      'shut down requested',
      'has been shut down',
      'rectify the problem',
      'aborting journal',
      'aborted journal',
      'journal has aborted',
    ],
    patterns: [
      /XFS \((?<device>[^)\s]+)\): .*Shutting down filesystem/i,
      /XFS \((?<device>[^)\s]+)\): Filesystem has been shut down/,
      // The last line of each shutdown: the words before it may be wrapped.
      /XFS \((?<device>[^)\s]+)\): Please u(?:n)?mount the filesystem and rectify the problem/,
      /Aborting journal on device (?<device>[\w!]+)/,
      /EXT[234]-fs.* \((?:device )?(?<device>[^)\s]+)\).*(?:aborted journal|journal has aborted|shut down requested)/i,
      /shut(?:ting)? down (?:the )?filesystem/i,
    ],
  },
  // WSL detaches the disk of a distribution that ended; what runs in its system distribution (WSLg) is the last to unmount it.
  'wsl-disk-detached': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning:
      'WSL took the disk of a distribution away before it was unmounted everywhere: normal when a distribution ends',
    hints: ['ext4_put_super'],
    patterns: [
      /^EXT4-fs error \(device (?<device>\w{1,32})\): ext4_put_super:\d{1,5}: comm (?:weston|wsl-bootstrap|Xwayland): Couldn't clean up the journal/,
    ],
  },
  // OpenZFS, module/zfs/spa_misc.c: zio_suspend(). With failmode=wait, the default, all that uses the pool waits.
  'zfs-pool-suspended': {
    units,
    group: 'disk',
    severity: 'critical',
    rule: 'disk-errors',
    meaning: 'a ZFS pool is suspended after I/O errors: all that uses it hangs',
    hints: ['and has been suspended'],
    patterns: [/Pool '(?<device>[^']{1,100})' has encountered an uncorrectable I\/O failure and has been suspended/],
  },
  // Before the line that says read-only: what made it so. Since Linux 5.19 a state stands after the device (`dm-0: state EA`).
  'btrfs-no-space': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'btrfs found no space for its metadata; df may still show free space',
    hints: ['-28 no space left', 'btrfs: transaction aborted'],
    patterns: [
      /BTRFS:? .*\(device (?<device>[^):\s]+)(?:: state \w+)?\).*errno=-28/,
      /BTRFS: Transaction aborted \(error -28\)/,
    ],
  },
  'remount-read-only': {
    units,
    group: 'disk',
    severity: 'critical',
    rule: 'disk-errors',
    meaning: 'a filesystem became read-only',
    hints: ['filesystem read-only', 'forced readonly'],
    patterns: [
      /\((?:device )?(?<device>[^):\s]+)(?:: state \w+)?\).*(?:remounting filesystem read-only|forced readonly)/i,
      /remounting filesystem read-only/i,
    ],
  },
  // btrfs also says what it refuses to do: `deleting default subvolume 259 is not allowed`, `target device x is invalid!`.
  'filesystem-error': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'a filesystem detected corruption',
    hints: [
      '-fs error',
      'btrfs error',
      'btrfs: error',
      'btrfs critical',
      'metadata corruption',
      'internal error',
      'metadata i/o error',
      'writing superblock',
      'to superblock detected',
    ],
    patterns: [
      /(?:EXT[234]-fs error|BTRFS:? (?:error|critical)) \(device (?<device>[^):\s]+)(?:: state \w+)?\)(?!: ext4_put_super:\d{1,5}: comm (?:weston|wsl-bootstrap|Xwayland)\b)(?!.*(?: is not allowed| is invalid!)$)/,
      /EXT[234]-fs \((?<device>[^):\s]+)\): (?:I\/O error while writing superblock|previous I\/O error to superblock detected)/,
      /XFS \((?<device>[^)\s]+)\): (?:Metadata corruption|Internal error|metadata I\/O error)/i,
    ],
  },
  'overlay-upperdir-in-use': {
    units,
    group: 'removal',
    severity: 'info',
    rule: 'split-mount-namespace',
    meaning: 'an overlay was mounted a second time while the first mount is still there',
    hints: ['upperdir is in-use'],
    patterns: [/overlayfs: upperdir is in-use as upperdir/],
  },
  // fs/overlayfs/super.c, ovl_lower_dir() and ovl_make_workdir(). The mount fails with EBUSY since Linux 5.2; the second one is made nevertheless.
  'overlay-lowerdir-in-use': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'overlay-layers',
    meaning: 'an overlay is not mounted: another one writes to a layer below it',
    hints: ['lowerdir is in-use'],
    patterns: [/^overlayfs: lowerdir is in-use as upperdir\/workdir(?! of another)/],
  },
  'overlay-no-dtype': {
    units,
    group: 'config',
    severity: 'warning',
    rule: 'overlay-layers',
    meaning: 'the filesystem below an overlay does not keep the types of files in its directories (d_type)',
    hints: ['needs to support d_type'],
    patterns: [/^overlayfs: upper fs needs to support d_type\./],
  },
} as const satisfies LogPatterns;
