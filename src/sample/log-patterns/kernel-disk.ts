import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** block/, drivers/{nvme,scsi,md,block/rbd}, fs/{ext4,jbd2,xfs,btrfs,overlayfs,nfs,smb}, net/ceph from 3.10 to 6.18. */
export const kernelDiskPatterns = {
  'nvme-timeout': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'disk-errors' },
    meaning: 'an NVMe device did not complete a request in time',
    hints: ['nvme nvme'],
    patterns: [
      /nvme (?<device>nvme\d+): I\/O (?:tag )?\d+.*timeout/i,
      /nvme (?<device>nvme\d+): (?:controller is down|Device not ready|Removing after probe failure)/i,
    ],
  },
  'device-offline': {
    ...{ units, group: 'disk', severity: 'critical', rule: 'disk-errors' },
    meaning: 'a disk is offline: the kernel rejects all requests for it',
    hints: ['to offline device', 'device offlined'],
    patterns: [
      /(?<device>\d+:\d+:\d+:\d+|\w+): (?:\[\w+\] )?rejecting I\/O to offline device/,
      /(?<device>\d+:\d+:\d+:\d+).*Device offlined/,
    ],
  },
  // rbd and ceph are network storage: the silent part is a server.
  'rbd-error': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'network-storage-silent' },
    meaning: 'a request to a Ceph block device timed out',
    hints: ['rbd: rbd'],
    patterns: [/rbd: (?<about>rbd\d+): .*result -(?:110|5|108)\b/],
  },
  'ceph-hung': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'network-storage-silent' },
    meaning: 'a Ceph server does not answer or was lost',
    hints: ['ceph: mds', 'libceph: mon', 'libceph: osd'],
    patterns: [
      /ceph: (?<about>mds\d+) (?:hung|caps stale)/,
      /libceph: (?<about>mon\d+|osd\d+) .*(?:session lost|down$|hung)/,
    ],
  },
  'io-error': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'disk-errors' },
    meaning: 'a block device answered with an I/O error',
    hints: ['i/o error', 'medium error'],
    // An empty drive answers every probe like this.
    patterns: [
      /I\/O error(?: on|,) (?:logical block on )?dev(?:ice)? (?!fd\d|sr\d)(?<device>[\w!-]+)/,
      /(?:critical )?medium error, dev (?!fd\d|sr\d)(?<device>[\w!-]+)/,
    ],
  },
  'filesystem-shutdown': {
    ...{ units, group: 'disk', severity: 'critical', rule: 'disk-errors' },
    meaning: 'a filesystem or its journal shut down',
    hints: [
      'shutting down filesystem',
      'shut down requested',
      'aborting journal',
      'aborted journal',
      'journal has aborted',
    ],
    patterns: [
      /XFS \((?<device>[^)\s]+)\): .*Shutting down filesystem/i,
      /Aborting journal on device (?<device>[\w!]+)/,
      /EXT[234]-fs.* \((?:device )?(?<device>[^)\s]+)\).*(?:aborted journal|journal has aborted|shut down requested)/i,
      /shut(?:ting)? down (?:the )?filesystem/i,
    ],
  },
  'remount-read-only': {
    ...{ units, group: 'disk', severity: 'critical', rule: 'disk-errors' },
    meaning: 'a filesystem became read-only',
    hints: ['filesystem read-only', 'forced readonly'],
    patterns: [
      /\((?:device )?(?<device>[^)\s]+)\).*(?:remounting filesystem read-only|forced readonly)/i,
      /remounting filesystem read-only/i,
    ],
  },
  'filesystem-error': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'disk-errors' },
    meaning: 'a filesystem detected corruption',
    hints: [
      '-fs error',
      'btrfs error',
      'btrfs critical',
      'metadata corruption',
      'internal error',
      'metadata i/o error',
    ],
    patterns: [
      /(?:EXT[234]-fs error|BTRFS (?:error|critical)) \(device (?<device>[^)\s]+)\)/,
      /XFS \((?<device>[^)\s]+)\): (?:Metadata corruption|Internal error|metadata I\/O error)/i,
    ],
  },
  'thin-pool-full': {
    ...{ units, group: 'disk', severity: 'critical', rule: 'filesystem-full' },
    meaning: 'a thin pool is out of data space: writes to it wait, then fail',
    hints: ['out-of-data-space', 'no free space', 'no free metadata blocks', 'no free data space'],
    patterns: [
      /device-mapper: thin: (?<device>[\d:]+\d): .*(?:out-of-data-space|no free (?:data )?space|no free metadata blocks)/,
    ],
  },
  'thin-pool-failed': {
    ...{ units, group: 'disk', severity: 'critical', rule: 'filesystem-full' },
    meaning: 'a thin pool is read-only or has failed',
    hints: ['read_only or fail mode', 'pool to read-only mode', 'pool to fail'],
    patterns: [/device-mapper: thin: (?<device>[\d:]+\d): .*(?:READ_ONLY or FAIL mode|pool to (?:read-only|fail))/i],
  },
  'thin-pool-low': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'filesystem-full' },
    meaning: 'a thin pool is nearly full',
    hints: ['low water mark'],
    patterns: [/device-mapper: thin: (?<device>[\d:]+\d): reached low water mark/],
  },
  'nfs-not-responding': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'network-storage-silent' },
    meaning: 'an NFS server does not answer; processes that use it block',
    hints: ['not responding'],
    patterns: [/nfs: server (?<about>\S+) not responding/],
  },
  'nfs-recovered': {
    ...{ units, group: 'disk', severity: 'info', rule: 'network-storage-silent' },
    meaning: 'an NFS server answers again',
    hints: ['nfs: server'],
    patterns: [/nfs: server (?<about>\S+) OK\b/],
  },
  'cifs-not-responding': {
    ...{ units, group: 'disk', severity: 'warning', rule: 'network-storage-silent' },
    meaning: 'a CIFS server does not answer; processes that use it block',
    hints: ['has not responded in'],
    patterns: [
      /CIFS: .*?(?<about>\\{1,4}[\w.:-]+)\S* has not responded in (?<seconds>\d+) seconds/,
      /server (?<about>\S+) has not responded in (?<seconds>\d+) seconds/i,
    ],
  },
  'overlay-upperdir-in-use': {
    ...{ units, group: 'removal', severity: 'info', rule: 'split-mount-namespace' },
    meaning: 'an overlay was mounted a second time while the first mount is still there',
    hints: ['upperdir is in-use'],
    patterns: [/overlayfs: upperdir is in-use as upperdir/],
  },
} as const satisfies LogPatterns;
