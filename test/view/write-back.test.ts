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

describe('what waits for dirty memory is told', () => {
  test.each<[string, Partial<FlushModel>]>([
    ['about 13s left at 76 MiB/s', {}],
    ['about 13s at 76 MiB/s, but more is made dirty than is written', { state: 'refilling' }],
    ['nothing is being written: it will not end', { state: 'stalled', bytesPerSec: 0, secondsLeft: null }],
    ['its rate is not known yet', { state: 'measuring', bytesPerSec: null, secondsLeft: null }],
    ['it will not end, for loop1 ends no request', { state: 'stuck', device: 'loop1', secondsLeft: 1800 }],
    ['about 13s left at 76 MiB/s, if not for loop1, which ends no request', { state: 'stuck', device: 'loop1' }],
  ])('%s', (end, change) => {
    expect(flushText({ ...flush, ...change })).toBe(`umount waits: ${end} (1 GiB dirty; containerd-shim 23743)`);
  });

  test('with how many others wait as well', () => {
    expect(flushText({ ...flush, more: 2 })).toContain('containerd-shim 23743 and 2 more)');
    expect(flushText({ ...flush, waiters: [] })).toBe('');
  });
});
