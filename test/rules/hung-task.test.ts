import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog } from '../support/kernel-log.ts';

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
