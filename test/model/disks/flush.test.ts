import { describe, expect, test } from 'vitest';
import type { ProcessValue } from '../../../src/sample/processes.ts';
import { ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

const mega = 1_000_000;

/** A node over ten seconds on which so many bytes a second are written and made dirty, with 500 MB dirty. */
function node(waiting: ProcessValue[], written: number, dirtied = 0, seconds = 10, inFlight = 0) {
  return modelOf(
    Array.from({ length: seconds + 1 }, (_, second) =>
      make.sampleAt(second, {
        processes: ok(make.processes(waiting), 1),
        disks: ok(
          make.disks([make.disk('vda', { inFlight })], {
            dirtyBytes: 450 * mega,
            writebackBytes: 50 * mega,
            writeBack: {
              dirtiedBytes: 9e9 + dirtied * second,
              writtenBytes: 8e9 + written * second,
              limitBytes: null,
              backgroundBytes: null,
            },
          }),
          1,
        ),
      }),
    ),
  ).disks?.flush;
}

const unmounting = make.blocked(
  23_743,
  { comm: 'containerd-shim' },
  {
    wchan: 'wb_wait_for_completion',
    stack: ['wb_wait_for_completion', 'sync_inodes_sb', 'cleanup_mnt', '__x64_sys_umount'],
  },
);

describe('who waits for dirty memory', () => {
  test.each([
    ['umount', unmounting.blocked[0]],
    ['fsync', make.task(1, { wchan: 'folio_wait_bit', stack: ['folio_wait_bit', 'ext4_sync_file', 'do_fsync'] })],
    [
      'fsync',
      make.task(1, { wchan: null, stack: null, syscall: { number: 75, name: 'fdatasync', fd: 3, file: '/f' } }),
    ],
    ['syncfs', make.task(1, { wchan: null, stack: ['wb_wait_for_completion', '__x64_sys_syncfs'] })],
    [
      'sync',
      make.task(1, {
        wchan: 'wb_wait_for_completion',
        stack: ['wb_wait_for_completion', 'iterate_supers', 'ksys_sync'],
      }),
    ],
    ['sync', make.task(1, { wchan: 'wb_wait_for_completion', stack: null })],
  ] as const)('is known by the call it is in: %s', (call, task) => {
    expect(node([make.blocked(1, { blocked: task === undefined ? [] : [task] })], mega)?.waiters).toMatchObject([
      { call },
    ]);
  });

  test('is no process that waits for something else, and no thread of the kernel that writes itself', () => {
    expect(node([make.blocked(1)], mega)).toBeNull();
    expect(node([{ ...unmounting, kernelThread: true }], mega)).toBeNull();
  });

  test('is reported up to ten, and the others are counted', () => {
    const flush = node(
      Array.from({ length: 14 }, (_, n) => ({ ...unmounting, pid: n + 1 })),
      mega,
    );
    expect([flush?.waiters.length, flush?.more]).toEqual([10, 4]);
  });
});

describe('the end of it', () => {
  test('is what is left, at the rate of the last ten seconds', () => {
    expect(node([unmounting], 50 * mega)).toMatchObject({
      state: 'draining',
      leftBytes: 500 * mega,
      bytesPerSec: 50 * mega,
      secondsLeft: 10,
    });
  });

  test('moves away when more is made dirty than is written', () => {
    expect(node([unmounting], 50 * mega, 80 * mega)).toMatchObject({ state: 'refilling', secondsLeft: 10 });
  });

  test('does not come while nothing is written', () => {
    expect(node([unmounting], 0)).toMatchObject({ state: 'stalled', secondsLeft: null });
  });

  test('is not reported before it was observed for three seconds: write-back comes in bursts', () => {
    expect(node([unmounting], 0, 0, 2)).toMatchObject({ state: 'measuring', bytesPerSec: null, secondsLeft: null });
  });

  test('is reported by the rate of the others while a device ends none of its requests, with its name', () => {
    expect(node([unmounting], mega, 0, 10, 52)).toMatchObject({ state: 'stuck', device: 'vda', secondsLeft: 500 });
    expect(node([unmounting], 0, 0, 10, 52)).toMatchObject({ state: 'stuck', device: 'vda', secondsLeft: null });
  });
});
