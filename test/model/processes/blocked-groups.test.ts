import { describe, expect, test } from 'vitest';
import { blockedPlace } from '../../../src/model/processes/blocked-places.ts';
import { ok } from '../../../src/sample/reading.ts';
import * as make from '../../support/samples.ts';
import { modelOf } from '../../support/scenes.ts';

const model = modelOf([
  make.sampleAt(0, {
    processes: ok(make.processes([make.blocked(7)]), 1),
    disks: ok(
      make.disks([make.disk('vda'), make.disk('dm-3', { device: '253:3' }), make.disk('md0', { device: '9:0' })], {
        topology: make.topology(
          [
            make.blockDevice('vda'),
            make.blockDevice('vda1', { device: '254:1', kind: 'partition', disk: 'vda' }),
            make.blockDevice('dm-3', { device: '253:3', kind: 'dm', label: 'vg0-data' }),
          ],
          [make.diskMount('/', { device: '254:1', source: '/dev/vda1' })],
        ),
      }),
      1,
    ),
  }),
]);
const [process] = model.processes?.list ?? [];
if (process === undefined) throw new Error('no process');
const thread = (comm: string) => blockedPlace({ ...process, comm, kernelThread: true }, model.disks);

describe('a thread of the kernel', () => {
  test.each([
    ['jbd2/vda1-8', '254:0'],
    ['jbd2/dm-3-8', '253:3'],
    ['xfsaild/dm-3', '253:3'],
    ['kworker/u8:2+xfs-sync/dm-3', '253:3'],
    ['kworker/u8:0+flush-254:0', '254:0'],
    ['kworker/u16:1-flush-253:3', '253:3'],
    ['kworker/u8:9+loop12', '7:12'],
    ['loop1', '7:1'],
    ['md0_raid1', '9:0'],
    ['kdmflush/253:3', '253:3'],
    ['jbd2/cciss!c0d0p1-8', 'cciss/c0d0p1'],
  ])('%s works for %s', (comm, key) => {
    expect(thread(comm)?.key).toBe(key);
  });

  test.each(['kswapd0', 'kworker/0:1-events', 'kworker/u8:3+writeback', 'khugepaged', 'loopback', 'mdadm', ''])(
    '%s works for no device that its name tells',
    (comm) => {
      expect(thread(comm)).toBeNull();
    },
  );

  test('is named by what is mounted from its device', () => {
    expect(thread('jbd2/vda1-8')).toMatchObject({
      label: '/ (/dev/vda1)',
      mountPoint: '/',
      devices: ['/dev/vda', '/dev/vda1'],
    });
  });

  test('is not looked for in the name of a program', () => {
    expect(blockedPlace({ ...process, comm: 'jbd2/vda1-8', kernelThread: false, waits: null }, model.disks)).toBeNull();
  });
});
