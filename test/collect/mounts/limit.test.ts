import { describe, expect, test } from 'vitest';
import { capMounts } from '../../../src/collect/mounts/limit.ts';
import { mount } from '../../support/samples.ts';

const copies = (count: number, change: Parameters<typeof mount>[1] = {}) =>
  Array.from({ length: count }, (_, i) =>
    mount(`/var/lib/docker/overlay2/${i}/merged`, { device: `0:${i}`, ...change }),
  );

describe('what a Sample says of mounts', () => {
  test('is everything on a node of normal size', () => {
    const list = [
      { home: true, mounts: copies(60) },
      { home: false, mounts: copies(60, { propagation: 'master' }) },
    ];
    expect(capMounts(list)).toEqual(list.map(({ mounts }) => ({ mounts, more: 0 })));
  });

  test('is bounded on one with 300 services that hold copies of 300 mounts each, and what is skipped is counted', () => {
    const slaves = copies(300, { propagation: 'master' });
    const list = [{ home: true, mounts: copies(300) }, ...Array(300).fill({ home: false, mounts: slaves })];
    const [home, ...others] = capMounts(list);
    expect(home?.mounts).toHaveLength(300);
    expect(others.reduce((sum, { mounts }) => sum + mounts.length, 0)).toBeLessThanOrEqual(5000);
    for (const { mounts, more } of others) expect(mounts.length + more).toBe(300);
  });

  test.each([
    ['that home does not have', '/mnt/scan/a', { device: '0:999' }],
    ['that home has in another place', '/mnt/scan/a', { device: '0:7' }],
    ['whose directory is removed', '/var/lib/docker/overlay2/299/merged', { device: '0:299', deleted: true }],
  ] as const)('has every mount %s all the same, also among copies that no unmount reaches', (_, path, change) => {
    const leak = mount(path, { propagation: 'master', ...change });
    for (const propagation of ['master', 'private'] as const) {
      const list = [
        { home: true, mounts: copies(300) },
        ...Array.from({ length: 300 }, () => ({ home: false, mounts: [...copies(299, { propagation }), leak] })),
      ];
      for (const { mounts } of capMounts(list).slice(1)) expect(mounts).toContain(leak);
    }
  });

  test('has copies that no unmount reaches before those that one does', () => {
    const slaves = copies(300, { propagation: 'master' });
    const copy = mount('/var/lib/docker/overlay2/299/merged', { device: '0:299', propagation: 'private' });
    const list = [
      { home: true, mounts: copies(300) },
      ...Array.from({ length: 300 }, () => ({ home: false, mounts: [...slaves.slice(0, 299), copy] })),
    ];
    for (const { mounts } of capMounts(list).slice(1)) expect(mounts).toContain(copy);
  });
});
