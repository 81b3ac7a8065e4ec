import { quote } from '../../base/shell-word.ts';
import type { LogPatternId } from '../../sample/log-patterns/patterns.ts';
import type { Remedy } from '../engine/rule.ts';
import { has, type LogTrouble } from './log-trouble.ts';

interface DeviceRemedy {
  /** Of the log: one of them calls for it. */
  readonly patterns: readonly LogPatternId[];
  readonly remedy: Remedy;
}

/** The first whose patterns are in the log. What names the layer that failed comes before what each layer below it says. */
const byPattern: readonly DeviceRemedy[] = [
  {
    patterns: ['raid-failed'],
    remedy: {
      text: 'Drain the node. See which disks failed: if they only lost their connection, the array may be assembled again with mdadm --assemble --force; otherwise restore its data.',
      command: 'cat /proc/mdstat',
      risk: 'high',
    },
  },
  {
    patterns: ['raid-disk-failed'],
    remedy: {
      text: 'See which disk of which array failed. Replace it, and add the new one to the array with mdadm --add.',
      command: 'cat /proc/mdstat',
      risk: 'none',
    },
  },
  {
    patterns: ['drbd-suspended', 'drbd-no-data', 'drbd-peer-lost'],
    remedy: {
      text: 'See which peer is away, and why I/O is suspended or fails. Bring the peer back, or the network to it: I/O then goes on by itself. A filesystem that became read-only stays so until it is mounted again.',
      command: 'timeout 10 drbdsetup status --verbose',
      risk: 'none',
    },
  },
  {
    patterns: ['drbd-not-primary'],
    remedy: {
      text: 'See which node is Primary, and whether there is a quorum. Stop what uses the volume there; a pod that moved has its volume detached from its old node first.',
      command: 'timeout 10 drbdsetup status --verbose',
      risk: 'none',
    },
  },
  {
    patterns: ['zfs-pool-suspended'],
    remedy: {
      text: 'See which disk failed, and bring it back. Then zpool clear POOL lets the pool go on; if it does not, drain the node and reboot it.',
      command: 'timeout 10 zpool status -x',
      risk: 'none',
    },
  },
  {
    patterns: ['thin-metadata-damaged'],
    remedy: {
      text: 'Drain the node. The pool needs thin_check and, if that fails, thin_repair, while nothing uses it; what is in it may be lost.',
      command: null,
      risk: 'high',
    },
  },
  {
    patterns: ['multipath-no-path'],
    remedy: {
      text: 'See the paths of the disk, then check the storage server, the SAN or network to it and the adapter. With queue_if_no_path what uses the disk waits for ever.',
      command: 'timeout 10 multipath -ll',
      risk: 'none',
    },
  },
  {
    patterns: ['iscsi-session-lost', 'nvme-fabric-lost', 'nbd-connection-lost'],
    remedy: {
      text: 'Check the storage server (target) and the network to it: the disk is reached over the network. When the server answers again, attach and mount its volumes anew: a filesystem that became read-only stays so.',
      command: null,
      risk: 'high',
    },
  },
  {
    patterns: ['nvme-removed'],
    remedy: {
      text: 'Drain the node. Then reset the slot, or reboot: the kernel tries this device no more. If it fails again, replace it.',
      command: null,
      risk: 'high',
    },
  },
  {
    patterns: ['card-timeout'],
    remedy: {
      text: 'Save what is on the card, then replace it: a worn one fails like this. If a new one does the same, check the power supply.',
      command: null,
      risk: 'high',
    },
  },
];

const loopRemedy: Remedy = {
  text: 'A loop device is a file. See which file it is, then check the filesystem and the disk that the file is on.',
  command: 'losetup --list',
  risk: 'none',
};

/** What is said of a disk itself, or of a path to it. */
const ofAnyDisk: DeviceRemedy = {
  patterns: [
    ...(['multipath-path-failed', 'multipath-checker-down', 'nvme-no-path'] as const),
    ...(['nvme-timeout', 'scsi-abort', 'controller-stalled', 'ata-media-error', 'ata-command-failed'] as const),
    ...(['device-offline', 'io-error'] as const),
  ],
  remedy: {
    text: 'Check the disk or its path (cable, controller, SAN, hypervisor), then drain the node.',
    command: null,
    risk: 'high',
  },
};

export const isLoop = (name: string | undefined): boolean => /^loop\d+$/.test(name ?? '');

/** What helps the device that the log names. */
export function deviceRemedies(trouble: LogTrouble): Remedy[] {
  const isSaid = ({ patterns }: DeviceRemedy): boolean => has(trouble, ...patterns);
  const named = byPattern.find(isSaid);
  if (named !== undefined) return [named.remedy];
  if (trouble.about.length > 0 && trouble.about.every(isLoop)) return [loopRemedy];
  return isSaid(ofAnyDisk) ? [ofAnyDisk.remedy] : [];
}

/**
 * What helps the filesystem on it, beside that.
 *
 * @param path where it is mounted
 */
export function filesystemRemedies(trouble: LogTrouble, path: string | null): Remedy[] {
  if (has(trouble, 'btrfs-no-space')) {
    return [
      {
        text: 'See how much space btrfs has not allocated. Mount the filesystem anew, free space or add a device, then balance it.',
        command: `btrfs filesystem usage ${path === null ? 'MOUNTPOINT' : quote(path)}`,
        risk: 'high',
      },
    ];
  }
  if (!has(trouble, 'filesystem-shutdown', 'remount-read-only', 'filesystem-error')) return [];
  const repair = [...new Set(trouble.tallies.flatMap(({ example }) => repairOf(example ?? '')))];
  const by = repair.length === 0 ? '' : ` with ${repair.join(' or ')}`;
  return [
    {
      text: `A filesystem that shut down or became read-only needs an unmount (a reboot where processes hold it) and a check${by}, once its disk is well.`,
      command: null,
      risk: 'high',
    },
  ];
}

/** By the beginning of the kernel's line. */
function repairOf(line: string): string[] {
  if (/\bXFS \(/.test(line)) return ['xfs_repair'];
  if (/\bBTRFS/.test(line)) return ['btrfs check --readonly'];
  return /\bEXT[234]-fs|Aborting journal on device/.test(line) ? ['e2fsck -f'] : [];
}
