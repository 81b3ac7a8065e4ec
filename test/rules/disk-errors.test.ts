import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog, foundInLines } from '../support/kernel-log.ts';

test('a disk behind iSCSI sends nobody to a cable', () => {
  const finding = foundInKernelLog('disk-errors', [
    ' connection7:0: detected conn error (1021)',
    ' session7: session recovery timed out after 120 secs',
    'sd 2:0:0:1: rejecting I/O to offline device',
    'EXT4-fs (sdc): Remounting filesystem read-only',
  ]);
  expect(finding).toMatchObject({ severity: 'critical', title: expect.stringContaining('iSCSI session lost') });
  expect(adviceOf(finding)).toMatch(/the network to it.*e2fsck -f/);
  expect(adviceOf(finding)).not.toContain('cable');
});

test('so does a network block device, whose connection counts beside its errors only', () => {
  const error = 'I/O error, dev nbd12, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0';
  const lost = foundInKernelLog('disk-errors', ['block nbd12: Receive control failed (result -32)', error]);
  expect(lost.title).toBe('Disks fail: NBD connection lost, I/O errors on nbd12');
  expect(adviceOf(lost)).not.toContain('cable');
  const other = foundInKernelLog('disk-errors', ['block nbd3: Receive control failed (result -32)', error]);
  expect(other.title).toBe('Disks fail: I/O errors on nbd12');
});

test('a disk of the node is checked with its path', () => {
  const finding = foundInKernelLog('disk-errors', [
    'blk_update_request: I/O error, dev sdc, sector 8 op 0x1:(WRITE) flags 0x800',
  ]);
  expect(finding.severity).toBe('warning');
  expect(adviceOf(finding)).toContain('cable');
});

test('an NVMe device that was removed is lost, one with a timeout is not', () => {
  const timeout = 'nvme nvme2: I/O 0 QID 0 timeout, reset controller';
  expect(foundInKernelLog('disk-errors', [timeout]).severity).toBe('warning');
  const removed = foundInKernelLog('disk-errors', [timeout, 'nvme nvme2: Removing after probe failure status: -19']);
  expect(removed).toMatchObject({ severity: 'critical', title: expect.stringContaining('NVMe device removed') });
});

test('a full btrfs is not damaged', () => {
  const finding = foundInKernelLog('disk-errors', [
    'BTRFS: error (device sdd: state A) in __btrfs_free_extent:3116: errno=-28 No space left',
    'BTRFS info (device sdd: state EA): forced readonly',
  ]);
  expect(finding.title).toBe('Disks fail: no space for metadata of btrfs, filesystem read-only on sdd');
  expect(adviceOf(finding)).toContain('btrfs filesystem usage');
  expect(adviceOf(finding)).not.toMatch(/cable|check/);
});

test('XFS that found its memory corrupt needs xfs_repair; its disk is not accused', () => {
  const finding = foundInKernelLog('disk-errors', [
    'XFS (sda4): Corruption of in-memory data (0x8) detected at xfs_defer_finish_noroll+0x323/0x450.  Shutting down filesystem.',
  ]);
  expect(adviceOf(finding)).toContain('xfs_repair');
  expect(adviceOf(finding)).not.toContain('cable');
});

test('a connection that broke after errors of long ago does not make them new', () => {
  const finding = foundInLines('disk-errors', [
    [5 * 3600, 'kernel', 'blk_update_request: I/O error, dev sdc, sector 8 op 0x1:(WRITE) flags 0x800'],
    [300, 'kernel', ' connection7:0: detected conn error (1021)'],
  ]);
  expect(finding).toMatchObject({ severity: 'info', title: 'Disks failed: I/O errors on sdc, 5h ago' });
});

test('a disk that failed in a RAID array does not lose what is on the array, and an array that starts or is checked is well', () => {
  const finding = foundInKernelLog('disk-errors', [
    'md/raid1:md1: Disk failure on sda3, disabling device.',
    'md/raid1:md1: Operation continuing on 1 devices.',
  ]);
  expect(finding).toMatchObject({ severity: 'warning', title: 'Disks fail: disk of a RAID array failed on md1' });
  expect(finding.summary).toContain('goes on');
  expect(adviceOf(finding)).toContain('mdadm');
  const beyond = foundInKernelLog('disk-errors', [
    'md/raid1:md1: Operation continuing on 1 devices.',
    'Buffer I/O error on dev md1, logical block 0, lost sync page write',
  ]);
  expect(beyond.summary).toContain('may be lost');
  const wellLines = [
    'md/raid1:md1: active with 2 out of 2 mirrors',
    'md: data-check of RAID array md1',
    'md: md1: data-check done.',
  ];
  expect(() => foundInKernelLog('disk-errors', wellLines)).toThrow('no finding');
});

test('NVMe disks behind a network wait until a controller is reached again', () => {
  const lines = ['nvme nvme4: starting error recovery', 'block nvme2n2: no usable path - requeuing I/O'];
  expect(foundInKernelLog('disk-errors', lines).title).toBe(
    'Disks fail: NVMe target not reached, no usable path to nvme2n2 on nvme4, nvme2n2',
  );
  expect(() => foundInKernelLog('disk-errors', [...lines, 'nvme nvme4: Successfully reconnected'])).toThrow();
});

test('commands that are aborted again and again are a fault of the disk, one is a disk that had to spin up', () => {
  const abort = (tag: number) => `sd 0:0:0:0: [sda] tag#${tag} task abort on host 0, 0000000002af6841`;
  const finding = foundInKernelLog('disk-errors', [abort(99), abort(114)]);
  expect(finding).toMatchObject({ severity: 'warning', title: 'Disks fail: commands aborted on sda' });
  expect(adviceOf(finding)).toContain('hypervisor');
  expect(() => foundInKernelLog('disk-errors', [abort(99)])).toThrow();
});

test('a disk that was removed below another one is named beside its errors', () => {
  const finding = foundInKernelLog('disk-errors', [
    'sdm: rw=524288, sector=16777088, nr_sectors = 8 limit=0',
    'Buffer I/O error on dev dm-1, logical block 2093040, async page read',
  ]);
  expect(finding.title).toContain('sdm was removed');
  expect(() => foundInKernelLog('disk-errors', ['sdm: rw=0, want=8, limit=0'])).toThrow();
});

test('a read of a USB disk that was pulled is no fault, a write that is lost is one', () => {
  const pulled = 'usb 2-2: USB disconnect, device number 4';
  const read = 'Buffer I/O error on dev sdc1, logical block 8, async page read';
  expect(() => foundInKernelLog('disk-errors', [pulled, read])).toThrow();
  expect(
    foundInKernelLog('disk-errors', [pulled, read.replace('async page read', 'lost async page write')]).severity,
  ).toBe('warning');
  expect(foundInKernelLog('disk-errors', [read, pulled]).severity).toBe('warning');
});

test('an iSCSI session that iscsid has brought back is no fault', () => {
  const lost = [100, 'kernel', ' session7: session recovery timed out after 120 secs'] as const;
  const back = (session: number) =>
    [50, 'iscsid[755]', `iscsid: connection${session}:0 is operational after recovery (9 attempts)`] as const;
  expect(foundInLines('disk-errors', [lost, back(8)]).title).toBe('Disks fail: iSCSI session lost on session7');
  expect(() => foundInLines('disk-errors', [lost, back(7)])).toThrow();
});

test('a DRBD volume that another node has is said until this node has it', () => {
  const refused = [
    'drbd pvc-1: Auto-promote failed: State change was refused by peer node (-10)',
    'drbd pvc-1/0 drbd1001: Rejected WRITE request, not in Primary role. open_cnt:1 [mount:3141]',
  ];
  const finding = foundInKernelLog('disk-errors', refused);
  expect(finding).toMatchObject({ severity: 'warning', title: expect.stringContaining('DRBD') });
  expect(adviceOf(finding)).toContain('drbdsetup status');
  expect(() =>
    foundInKernelLog('disk-errors', [...refused, 'drbd pvc-1: role( Secondary -> Primary ) [auto-promote]']),
  ).toThrow('no finding');
});

test('a filesystem that XFS shut down is told by its last line, too', () => {
  for (const verb of ['unmount', 'umount']) {
    const line = `XFS (sda4): Please ${verb} the filesystem and rectify the problem(s)`;
    expect(foundInKernelLog('disk-errors', [line])).toMatchObject({
      severity: 'critical',
      subjects: { devices: ['sda4'] },
    });
  }
});

test('a card that does not answer is said, an empty slot is none', () => {
  const finding = foundInKernelLog('disk-errors', ['mmc0: timeout waiting for hardware interrupt.']);
  expect(finding).toMatchObject({ severity: 'warning', subjects: { devices: ['mmc0'] } });
  expect(adviceOf(finding)).toContain('replace it');
  const empty = ['mmc0: Timeout waiting for hardware cmd interrupt.', 'mmc0: sdhci: Argument:  0x00000000'];
  expect(() => foundInKernelLog('disk-errors', empty)).toThrow('no finding');
});

test('a SATA disk with sectors that cannot be read fails, and so does one whose commands fail again and again', () => {
  expect(foundInKernelLog('disk-errors', ['ata1.00: error: { UNC }'])).toMatchObject({
    severity: 'warning',
    title: 'Disks fail: sectors that cannot be read on ata1',
  });
  const failed = 'ata1.00: failed command: READ FPDMA QUEUED';
  expect(foundInKernelLog('disk-errors', [failed, failed], 90).title).toContain('fail again and again on ata1');
  // All commands in flight, in one reset of the link.
  expect(() => foundInKernelLog('disk-errors', [failed, failed, failed], 0)).toThrow('no finding');
});

test('an array that lost too many disks is critical, one that goes on is not', () => {
  const failed = 'md/raid:md2: Disk failure on sdb6, disabling device.';
  const gone = foundInKernelLog('disk-errors', [failed, 'md/raid:md2: Cannot continue operation (2/4 failed).'], 0);
  expect(gone.title).toContain('RAID array md2 lost too many disks');
  expect(adviceOf(gone)).toContain('mdadm --assemble --force');
  const goesOn = foundInKernelLog('disk-errors', [failed, 'md/raid:md2: Operation continuing on 3 devices.'], 0);
  expect(goesOn).toMatchObject({ severity: 'warning', title: expect.not.stringContaining('too many') });
});
