import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/** include/linux/ceph/ceph_debug.h, pr_info_client(): the cluster and the client stand before it since Linux 6.7, and some older stable releases. */
const mds = String.raw`ceph: (?:\[[0-9a-f-]{36} \d{1,20}\]: )?(?<about>mds\d+)`;

/** Block devices, also those behind a network: block/, drivers/{nvme,scsi,md,block/{rbd,nbd}}, net/ceph from 3.10 to 6.18. */
export const kernelDiskPatterns = {
  'nvme-removed': {
    units,
    group: 'disk',
    severity: 'critical',
    rule: 'disk-errors',
    meaning: 'the kernel gave up an NVMe device: it does not come back by itself',
    hints: ['removing after probe failure', 'disabling device after reset failure'],
    patterns: [/nvme (?<device>nvme\d+): (?:Removing after probe failure|Disabling device after reset failure)/i],
  },
  // NVMe over TCP or RDMA: the silent part is a server, or the network to it.
  'nvme-fabric-lost': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'the connection to an NVMe target over the network is lost',
    hints: ['nvme nvme'],
    patterns: [
      /nvme (?<device>nvme\d+): (?:failed to connect socket: -\d|Failed reconnect attempt|Reconnecting in \d|starting error recovery|failed nvme_keep_alive_end_io)/i,
    ],
  },
  // drivers/nvme/host/multipath.c: requests wait for a path that comes back; without one they fail.
  'nvme-no-path': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'an NVMe disk has no usable path: its requests wait, or fail',
    hints: ['usable path', 'available path - failing'],
    patterns: [/block (?<device>nvme\d+n\d+): no (?:usable path - requeuing|available path - failing) I\/O/],
  },
  'iscsi-session-lost': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'an iSCSI session did not come back in time: its disks fail all requests now',
    hints: ['session recovery timed out'],
    patterns: [/(?<device>session\d+): session recovery timed out after (?<seconds>\d+) secs/],
  },
  // A session that recovers begins with the same line.
  'iscsi-connection-error': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'a connection to an iSCSI target broke; the kernel tries to connect again',
    hints: ['detected conn error', 'ping timeout of'],
    patterns: [/(?<about>connection\d{1,6}:\d{1,4}): (?:detected conn error|ping timeout of \d)/],
  },
  // A device that is disconnected on request says the same.
  'nbd-connection-lost': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'the connection of a network block device (NBD) is closed',
    hints: ['block nbd'],
    patterns: [
      /block (?<device>nbd\d+): (?:Receive control failed|Send (?:control|disconnect) failed|Connection timed out|Attempted send on (?:invalid|closed) socket|Dead connection)/i,
    ],
  },
  'multipath-path-failed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'a path to a disk failed; the disk is reached over the paths that are left',
    hints: ['failing path'],
    patterns: [/device-mapper: multipath: (?:\d+:\d+: )?Failing path (?<device>\d+:\d+)/i],
  },
  // drivers/nvme/host/{tcp,rdma}.c, drivers/md/dm-mpath.c
  'disk-path-back': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'a path to a disk, or the connection to an NVMe target, works again',
    hints: ['successfully reconnected', 'reinstating path'],
    patterns: [
      /nvme (?<device>nvme\d+): Successfully reconnected/,
      /device-mapper: multipath: (?:\d+:\d+: )?Reinstating path (?<device>\d+:\d+)/,
    ],
  },
  // drivers/md/raid{1,10,5}.c; the second line follows at once. mdadm --fail logs it, too.
  'raid-disk-failed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'a RAID array goes on without a disk that failed',
    hints: ['operation continuing on'],
    patterns: [/^md\/raid\d*:(?<device>md[\w-]{1,32}): Operation continuing on \d+ devices/],
  },
  // drivers/md/md.c, md_do_sync(); Debian and RHEL check all arrays once a month or a week. What waits for a disk of it may wait behind it.
  'raid-sync-started': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'hung-task',
    meaning: 'a RAID array is read through, or rebuilt: its disks are busy until that is done',
    hints: [' of raid array '],
    patterns: [/^md: (?:data-check|requested-resync|resync|recovery|reshape) of RAID array (?<device>md[\w-]{1,32})/],
  },
  'raid-sync-ended': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'hung-task',
    meaning: 'a RAID array was read through, or rebuilt',
    hints: ['md: md'],
    patterns: [
      /^md: (?<device>md[\w-]{1,32}): (?:data-check|requested-resync|resync|recovery|reshape) (?:done|interrupted)\./,
    ],
  },
  // drivers/md/raid5.c: more disks failed than the array can lose.
  'raid-failed': {
    units,
    group: 'disk',
    severity: 'critical',
    rule: 'disk-errors',
    meaning: 'a RAID array lost more disks than it can do without: reads and writes fail',
    hints: ['cannot continue operation'],
    patterns: [/^md\/raid\d*:(?<device>md[\w-]{1,32}): Cannot continue operation \(\d+\/\d+ failed\)/],
  },
  'nvme-timeout': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'an NVMe device did not complete a request in time',
    hints: ['nvme nvme'],
    patterns: [
      /nvme (?<device>nvme\d+): I\/O (?:tag )?\d+.*timeout(?!, completion polled)/i,
      /nvme (?<device>nvme\d+): (?:controller is down|Device not ready)/i,
    ],
  },
  // drivers/nvme/host/pci.c, nvme_timeout(): the request was done, and only its interrupt did not come.
  'nvme-interrupt-lost': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'an NVMe device had completed a request, and its interrupt was lost',
    hints: ['completion polled'],
    patterns: [/nvme (?<device>nvme\d+): I\/O (?:tag )?\d+.*timeout, completion polled/i],
  },
  // drivers/scsi: megasas_wait_for_outstanding(), aac_eh_abort(), controller_lockup_detected() of hpsa, pqi_take_ctrl_offline(),
  // mpt3sas_base_fault_info(). mpt3sas says "sending diag reset" at each boot, too: that is no fault.
  'controller-stalled': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'a disk controller does not complete its commands: its driver resets it, or takes it offline',
    hints: [
      ...['commands to complete', 'host adapter', 'controller lockup', 'controller offline', 'controller is offline'],
      'fault_state',
    ],
    patterns: [
      /(?:megaraid_sas [0-9a-f:.]{7,16}|megasas): \[ ?\d+\]waiting for \d+ commands to complete for (?<device>scsi\d+)/,
      /(?<device>aacraid): Host adapter (?:abort|reset) request/,
      /(?<device>hpsa \S{1,32}): Controller lockup detected/,
      /(?<device>smartpqi \S{1,32}): controller (?:is )?offline/,
      /(?<device>mpt[23]sas(?:_cm)?\d+): fault_state\(0x/,
    ],
  },
  // drivers/scsi: pvscsi_abort(), scsih_abort() of mpt3sas, mptscsih_abort(), mpi3mr: a command did not end within its timeout (30 s on most nodes).
  // What smartctl asks of a disk that sleeps (ATA pass-through) ends the same way, so one alone is none.
  'scsi-abort': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'a disk did not complete a command in time, and the driver aborts it',
    hints: ['task abort'],
    patterns: [
      /sd \d+:\d+:\d+:\d+: \[(?<device>sd[a-z]+)\] (?:tag#\d+ )?task abort on host \d/,
      /(?:sd|scsi) (?<device>\d+:\d+:\d+:\d+): attempting task abort!/i,
      /(?<device>ioc\d+): attempting task abort!/i,
    ],
  },
  // drivers/ata/libata-eh.c, ata_eh_link_report(). A sector that cannot be read is a fault at once.
  'ata-media-error': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'a SATA disk could not read a sector',
    hints: [': error: '],
    patterns: [/^(?<device>ata\d{1,3})\.\d\d: error: \{ (?:\w+ )*UNC\b/],
  },
  // The same, for commands that did not end in time. One is a cable that was touched, or a disk that had to spin up; of smartctl and of drives
  // for discs other commands fail.
  'ata-command-failed': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'a SATA disk did not complete a read or a write, and its link is reset',
    hints: ['failed command: '],
    patterns: [/^(?<device>ata\d{1,3})\.\d\d: failed command: (?:READ|WRITE|FLUSH CACHE) ?\w/],
  },
  // block/blk-core.c, bio_check_eod(): the second line of "attempt to access beyond end of device".
  'disk-without-size': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'something still uses a disk that has no size any more: it was removed',
    hints: [' nr_sectors ', ', want'],
    patterns: [
      /(?:^|\s)(?<device>(?!loop|fd|sr|ram)[a-z][\w!-]{1,31}): rw=\d+, (?:sector=\d+, nr_sectors = \d+|want=\d+,) ?limit=0(?!\d)/,
    ],
  },
  'device-offline': {
    units,
    group: 'disk',
    severity: 'critical',
    rule: 'disk-errors',
    meaning: 'a disk is offline: the kernel rejects all requests for it',
    hints: ['to offline device', 'device offlined', 'device offline error'],
    patterns: [
      // block/blk-core.c, BLK_STS_OFFLINE, from 5.18 on.
      /device offline error, dev (?<device>[\w!/-]{1,64}), sector/,
      /(?<device>\d+:\d+:\d+:\d+|\w+): (?:\[\w+\] )?rejecting I\/O to offline device/,
      /(?<device>\d+:\d+:\d+:\d+).*Device offlined/,
    ],
  },
  // drivers/mmc/host/{sdhci,bcm2835}.c, of data. That of a command (`cmd interrupt`) comes of an empty slot, too.
  'card-timeout': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'an SD card or an eMMC did not answer a transfer of data in time',
    hints: ['waiting for hardware interrupt'],
    patterns: [/^(?<device>mmc\d{1,3}): timeout waiting for hardware interrupt/i],
  },
  // rbd and ceph are network storage: the silent part is a server.
  'rbd-error': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'network-storage-silent',
    meaning: 'a request to a Ceph block device timed out',
    hints: ['rbd: rbd'],
    patterns: [/rbd: (?<about>rbd\d+): .*result -(?:110|5|108)\b/],
  },
  'ceph-hung': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'network-storage-silent',
    meaning: 'a Ceph server does not answer or was lost',
    hints: [' hung', ' caps stale', 'libceph: mon', 'libceph: osd'],
    patterns: [
      new RegExp(`${mds} (?:hung|caps stale)`),
      /libceph: (?<about>mon\d+|osd\d+) .*(?:session lost|down$|hung)/,
    ],
  },
  // fs/ceph/mds_client.c: the server had closed the session of a client that was silent for too long.
  'ceph-evicted': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'network-storage-silent',
    meaning: 'a Ceph metadata server rejects this node: what it had not written is lost',
    hints: ['reconnect denied', 'rejected session'],
    patterns: [new RegExp(`${mds} (?:reconnect denied|rejected session)`)],
  },
  // net/ceph/{mon_client,osdmap}.c, fs/ceph/mds_client.c. An OSD that is marked out is no longer waited for.
  'ceph-back': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'network-storage-silent',
    meaning: 'a Ceph server answers again, or is no longer needed',
    hints: ['libceph: mon', 'libceph: osd', ' came back', ' caps renewed', ' reconnect success', ' recovery completed'],
    patterns: [
      /libceph: (?<about>mon)\d+ .*session established/,
      /libceph: (?<about>osd\d+) (?:up\b|weight 0x0 \(out\))/,
      new RegExp(`${mds} (?:came back|caps renewed|reconnect success|recovery completed)`),
    ],
  },
  // A failure that goes on is logged again (MAX_DELAY_INTERVAL of include/linux/ceph/messenger.h); an idle connection closes in state OPEN.
  'ceph-unreachable': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'network-storage-silent',
    meaning: 'the kernel cannot connect to a Ceph server, and tries again',
    hints: ['libceph: mon', 'libceph: osd', 'libceph: mds'],
    patterns: [
      /libceph: (?<about>(?:mon|osd|mds)\d+) \S+ (?:socket closed \(con state (?!OPEN\b)\w+\)|connect(?:ion)? error|socket error on)/,
    ],
  },
  // drivers/block/nbd.c
  'nbd-disconnected': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'a network block device (NBD) was disconnected on request',
    hints: ['block nbd'],
    patterns: [/block (?<device>nbd\d+): (?:NBD_DISCONNECT|Disconnected due to user request)/],
  },
  // drivers/usb/core/hub.c, usb_disconnect(); "address" up to Linux 2.6.38.
  'usb-disconnected': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'a USB device was pulled, or reset itself',
    hints: ['usb disconnect'],
    patterns: [/^usb [\d.-]{1,32}: USB disconnect, (?:device number|address) \d+/],
  },
  // The passive path of a disk array answers like this whatever looks for partitions; what is used has errors elsewhere, too.
  'first-sector-error': {
    units,
    group: 'disk',
    severity: 'info',
    rule: 'disk-errors',
    meaning: 'the first sector of a disk could not be read: a passive path, a drive without a medium, or a fault',
    hints: ['i/o error'],
    patterns: [
      /I\/O error, dev (?<device>sd[a-z]+), sector 0(?!\d)(?! op 0x[1-9a-f])/,
      /Buffer I\/O error on dev(?:ice)? (?<device>sd[a-z]+), logical block 0(?!\d)(?!, lost)/,
    ],
  },
  'io-error': {
    units,
    group: 'disk',
    severity: 'warning',
    rule: 'disk-errors',
    meaning: 'a block device answered with an I/O error',
    hints: ['i/o error', 'medium error'],
    // An empty drive answers every probe like this, and so does a chip of the firmware that is smaller than it was described.
    patterns: [
      /I\/O error(?: on|,) (?:logical block on )?dev(?:ice)? (?!fd\d|sr\d|mtdblock\d|sd[a-z]+, (?:sector 0(?!\d)(?! op 0x[1-9a-f])|logical block 0(?!\d)(?!, lost)))(?<device>[\w!-]+(?:\/[\w-]+)?)/,
      /(?:critical )?medium error, dev (?!fd\d|sr\d)(?<device>[\w!-]+)/,
    ],
  },
} as const satisfies LogPatterns;
