import { describe, expect, test } from 'vitest';
import type { FlushModel } from '../../src/model/disks/flush.ts';
import { flushText } from '../../src/view/write-back.ts';

const flush: FlushModel = {
  waiters: [{ pid: 23_743, tid: 23_751, comm: 'containerd-shim', call: 'umount', containerId: null }],
  more: 0,
  leftBytes: 1000 * 1024 ** 2,
  bytesPerSec: 80e6,
  secondsLeft: 13.1,
  state: 'draining',
  device: null,
};

describe('what waits for dirty memory is reported', () => {
  test.each<[string, Partial<FlushModel>]>([
    ['about 13s left at 76 MiB/s', {}],
    ['about 13s at 76 MiB/s, but pages are dirtied faster than they are written', { state: 'refilling' }],
    ['nothing is being written: it cannot finish', { state: 'stalled', bytesPerSec: 0, secondsLeft: null }],
    ['rate unknown yet', { state: 'measuring', bytesPerSec: null, secondsLeft: null }],
    ['it cannot finish: loop1 completes no request', { state: 'stuck', device: 'loop1' }],
  ])('%s', (end, change) => {
    expect(flushText({ ...flush, ...change })).toBe(`umount waits: ${end} (1 GiB dirty; containerd-shim 23743)`);
  });

  test('with how many others wait as well', () => {
    expect(flushText({ ...flush, more: 2 })).toContain('containerd-shim 23743 and 2 more)');
    expect(flushText({ ...flush, waiters: [] })).toBe('');
  });
});
