import { expect, test } from 'vitest';
import type { Finding } from '../../src/rules/engine/rule.ts';
import { absent, ok } from '../../src/sample/reading.ts';
import type { Line } from '../corpus/log-node.ts';
import { adviceOf, foundInKernelLog, foundInLines } from '../support/kernel-log.ts';
import * as make from '../support/samples.ts';

const hung = (task: string): string => `INFO: task ${task} blocked for more than 120 seconds.`;

test('what a task waited for is told by the stack that the kernel printed', () => {
  const finding = foundInKernelLog(
    'hung-task',
    [
      hung('sftp-server:21345'),
      '      Not tainted 4.14.336 #1',
      'sftp-server     D    0 21345  21340 0x00000084',
      'Call Trace:',
      ' __schedule+0x28e/0x890',
      ' schedule+0x28/0x80',
      ' request_wait_answer+0x125/0x1f0 [fuse]',
      ' ? finish_wait+0x80/0x80',
      ' __fuse_request_send+0x7f/0x90 [fuse]',
      ' fuse_flush+0x17a/0x1e0 [fuse]',
    ],
    0,
  );
  expect(finding.title).toBe(
    'The kernel reported hung tasks: sftp-server (pid 21345), in a call on a FUSE filesystem whose daemon does not answer',
  );
  expect(finding.summary).toContain('(sftp-server, pid 21345)');
  expect(adviceOf(finding)).toContain('/sys/fs/fuse/connections/');
});

test('the stacks of several tasks, of arm and of old kernels are told apart', () => {
  const finding = foundInKernelLog(
    'hung-task',
    [
      hung('btrfs-transacti:1357'),
      '[<8079d990>] (__schedule) from [<8079dff8>] (schedule+0x50/0xa8)',
      '[<7f4d4470>] (btrfs_start_dirty [btrfs]) from [<7f4e7f44>] (btrfs_commit_transaction+0x154/0xc2c [btrfs])',
      hung('kworker/u9:1:1191'),
      ' [<ffffffff8134e11c>] wait_for_completion+0xb0/0x120',
      ' [<ffffffffa0555f60>] crypt_convert+0xc5c/0xee0 [dm_crypt]',
    ],
    0,
  );
  expect(finding.summary).toContain('waiting for the journal of a btrfs filesystem (btrfs-transacti, pid 1357)');
  expect(finding.summary).toContain('the encryption of a disk (dm-crypt) (kworker/u9:1, pid 1191)');
});

test('a stack of another report, or a leftover in one, tells nothing of a hung task', () => {
  const finding = foundInKernelLog(
    'hung-task',
    [
      hung('java:42'),
      ' schedule+0x28/0x80',
      ' ? fuse_flush+0x17a/0x1e0 [fuse]',
      ' some_driver_call+0x1/0x2',
      'watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [cat:77]',
      ' nfs_wait_on_request+0x1/0x2 [nfs]',
    ],
    0,
  );
  expect(finding.title).toBe('The kernel reported hung tasks: java (pid 42)');
  expect(finding.summary).toContain('What they wait for is in the stack that follows each line.');
});

test('whether a task that the kernel reported once still hangs is said with the reason', () => {
  const seen = foundInKernelLog('hung-task', [hung('java:42')]);
  expect(seen).toMatchObject({ severity: 'info', summary: expect.stringContaining('None of them is in D now.') });
  const alone = foundInLines('hung-task', [[60, 'kernel', hung('java:42')]], {
    readings: { processes: absent('no /proc') },
  });
  expect(alone).toMatchObject({ severity: 'warning', summary: expect.stringContaining('a log alone does not say') });
});

const panic = 'Kernel panic - not syncing: hung_task: blocked tasks';
const shim = [
  hung('containerd-shim:931118'),
  'task:containerd-shim state:D stack:    0 pid:931118 ppid:     1 flags:0x00004002',
  ' wb_wait_for_completion+0x51/0x80',
  ' sync_filesystem+0x2d/0x90',
  ' ovl_sync_fs+0x59/0x90 [overlay]',
  ' generic_shutdown_super+0x22/0x110',
];
const at = (ago: number, messages: readonly string[]): Line[] => messages.map((text) => [ago, 'kernel', text]);

test('the tasks that made the kernel panic are told, however long before the end of the log', () => {
  const finding = foundInLines('hung-task', [
    ...at(4600, shim),
    [3200, 'kernel', panic],
    [10, 'kernel', 'eth0: link up'],
  ]);
  expect(finding).toMatchObject({
    severity: 'warning',
    title:
      'Tasks hung until the kernel panicked: containerd-shim (pid 931118), in an unmount waiting until all data of the filesystem below is written to disk',
  });
  expect(finding.summary).toContain('set to panic then, and did');
  expect(finding.summary).toContain('1 line of the logs');
  expect(adviceOf(finding)).toContain('journalctl -k -b -1');
  expect(adviceOf(finding)).not.toContain('sysrq');
});

test('a hung task has nothing to do with a panic for another reason, nor with one before it', () => {
  const other = foundInLines('hung-task', [
    ...at(4600, shim),
    [3200, 'kernel', panic.replace(/hung_task.*/, 'RCU Stall')],
  ]);
  expect(other).toMatchObject({
    severity: 'info',
    title: expect.stringMatching(/^Tasks were hung in D state: .* ago$/),
  });
  const later = foundInLines('hung-task', [
    [4600, 'kernel', panic],
    ...at(3200, shim),
    [10, 'kernel', 'eth0: link up'],
  ]);
  expect(later).toMatchObject({
    severity: 'info',
    title: expect.stringMatching(/^Tasks were hung in D state: .* ago$/),
  });
});

test('title and text agree on whether the tasks still hang', () => {
  const unknown = { readings: { processes: absent('no /proc') } };
  const once = foundInLines('hung-task', at(60, [hung('java:42')]), unknown);
  expect(once.title).toBe('The kernel reported hung tasks: java (pid 42)');
  expect(once.summary).toContain('Whether they still hang');
  const twice = foundInLines('hung-task', [...at(180, [hung('java:42')]), ...at(60, [hung('java:42')])]);
  expect(twice.title).toBe('Tasks are hung in D state: java (pid 42)');
  expect(twice.summary).toContain('It reported one of them more than once');
});

test('the device that a worker of the kernel works for is named', () => {
  const lines = [
    hung('kworker/2:1:5938'),
    'Workqueue: xfs-sync/rbd0 xfs_log_worker [xfs]',
    ' _xfs_log_force_lsn+0x20e/0x350 [xfs]',
  ];
  expect(foundInKernelLog('hung-task', lines, 0).summary).toContain('(kworker/2:1, pid 5938, rbd0)');
});

const listed = (ago: number): Line[] => [
  [ago, 'kernel', 'courier-pop3d   D    0 12149  21888 0x00004000'],
  [ago, 'kernel', ' __mutex_lock.isra.0+0x247/0x4a0'],
  [ago, 'kernel', ' fuse_lock_inode+0x23/0x30 [fuse]'],
];

test('tasks of two lists hang, and their stacks say in what; those of one list may have waited for a moment', () => {
  expect(foundInLines('hung-task', [...listed(200), ...listed(80)])).toMatchObject({
    severity: 'warning',
    summary: expect.stringContaining('FUSE filesystem whose daemon does not answer (courier-pop3d, pid 12149)'),
  });
  expect(foundInLines('hung-task', listed(80)).severity).toBe('info');
});

test('a worker of the kernel names the device that it works for', () => {
  const finding = foundInKernelLog(
    'hung-task',
    [
      hung('kworker/2:1:5938'),
      'Workqueue: xfs-sync/rbd0 xfs_log_worker [xfs]',
      ' _xfs_log_force_lsn+0x20e/0x350 [xfs]',
    ],
    0,
  );
  expect(finding.subjects.devices).toEqual(['rbd0']);
});

test('of a stack whose inner part was lost in a flood nothing is concluded', () => {
  const flood = Array.from({ length: 40 }, (_, n) => ` xfs_buf_iowait+0x${(n + 16).toString(16)}/0xc0 [xfs]`);
  const finding = foundInKernelLog('hung-task', [hung('java:42'), ' rtnl_lock+0x1/0x2', ...flood], 0);
  expect(finding.summary).toContain('What they wait for is in the stack that follows each line.');
});

test('of a worker whose stack is cut off, its work is told', () => {
  const finding = foundInKernelLog(
    'hung-task',
    [
      hung('kworker/0:0:3642'),
      'Workqueue: hv_vmbus_con vmbus_onmessage_work',
      'Call Trace:',
      ' [<ffffffff9e7f5e03>] ? __schedule+0x364/0x465',
    ],
    0,
  );
  expect(finding.title).toContain('in its work vmbus_onmessage_work (workqueue hv_vmbus_con)');
});

test('where the kernel is sure of no frame, not even of schedule(), its guesses count', () => {
  const guesses = [
    ' [<ffffffff87510023>] ? blk_mq_get_tag+0x23/0x90',
    ' [<ffffffff8750e8c8>] ? md_make_request+0x1/0x2',
  ];
  const ofAll = foundInKernelLog(
    'hung-task',
    [hung('fio:42'), ' [<ffffffff87810362>] ? schedule+0x32/0x80', ...guesses],
    0,
  );
  expect(ofAll.title).toContain('fio (pid 42), in ');
  const leftovers = foundInKernelLog('hung-task', [hung('fio:42'), ' schedule+0x32/0x80', ...guesses], 0);
  expect(leftovers.title).toBe('The kernel reported hung tasks: fio (pid 42)');
});

test('a pid that is not seen hangs or not: that is unknown where not all processes are seen', () => {
  const seen = (partial: { partial?: true }): Finding =>
    foundInLines('hung-task', [[60, 'kernel', hung('java:42')]], {
      readings: { processes: ok(make.processes([], partial), 1) },
    });
  expect(seen({ partial: true })).toMatchObject({
    severity: 'warning',
    summary: expect.stringContaining('not all processes of the node are seen'),
  });
  expect(seen({})).toMatchObject({ severity: 'info' });
  // containerd hung as well, and is seen at work.
  const works = foundInLines(
    'hung-task',
    [
      [60, 'kernel', hung('kworker/u8:3:3427')],
      [60, 'kernel', hung('containerd:23988')],
    ],
    { readings: { processes: ok(make.processes([], { partial: true }), 1) } },
  );
  expect(works).toMatchObject({ severity: 'info' });
});

test('a RAID array that is checked meanwhile is told, one whose check is done is not', () => {
  const lines = ['md: data-check of RAID array md3', hung('txg_sync:2552')];
  const finding = foundInKernelLog('hung-task', lines, 10);
  expect(finding.summary).toContain('md3 is read through or rebuilt');
  expect(finding.subjects.devices).toEqual(['md3']);
  expect(adviceOf(finding)).toContain('/proc/mdstat');
  const done = foundInKernelLog('hung-task', [lines[0] ?? '', 'md: md3: data-check done.', lines[1] ?? ''], 10);
  expect(done.summary).not.toContain('md3');
});

test('where the kernel is sure of no frame, those of a task that sleeps are believed', () => {
  const listed = (frames: readonly string[]): string =>
    foundInKernelLog(
      'hung-task',
      ['compute2-f1_3   D ffffffff819adcd0     0  3937      2 0x00000000', 'Call Trace:', ...frames],
      0,
    ).summary;
  expect(
    listed([
      ' [<ffffffff8132cb66>] ? __blk_run_queue+0x29/0x31',
      ' [<ffffffff8199b136>] ? io_schedule+0x84/0xc6',
      ' [<ffffffff81235e0d>] ? xfs_file_aio_read+0x227/0x277',
    ]),
  ).toContain('disk');
  expect(listed([' [<ffffffff8132cb66>] ? fuse_flush+0x17a/0x1e0 [fuse]'])).toContain('in the stack that follows');
});

test('a stack whose first line is cut off is told with its own task', () => {
  const finding = foundInKernelLog(
    'hung-task',
    [
      'docker          D ffff88021fc12ec0     0 10467      1 0x00000000',
      ' [<ffffffff8154a41b>] mutex_lock+0x1b/0x2a',
      ' [<ffffffff814465ba>] copy_net_ns+0x9a/0x160',
      hung('kworker/u4:0:24523'),
    ],
    0,
  );
  expect(finding.title).toBe('The kernel reported hung tasks: kworker/u4:0 (pid 24523)');
  expect(finding.summary).toContain('(docker, pid 10467)');
});

test('without a stack the name of a thread of the kernel says what it belongs to', () => {
  const found = foundInKernelLog('hung-task', [hung('txg_sync:1370302'), hung('txg_quiesce:1370301'), hung('java:42')]);
  expect(found.summary).toContain('txg_sync, txg_quiesce are threads of ZFS.');
  expect(foundInKernelLog('hung-task', [hung('java:42')]).summary).not.toContain('thread of');
  const told = foundInKernelLog('hung-task', [hung('txg_sync:7'), ' cv_wait_common+0x125/0x150 [spl]'], 0);
  expect(told.summary).not.toContain('is a thread of');
});
