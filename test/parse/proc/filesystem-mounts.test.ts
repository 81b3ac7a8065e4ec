import { expect, test } from 'vitest';
import { parseHoldingMounts } from '../../../src/parse/proc/filesystem-mounts.ts';

const line = (path: string, type = 'ext4', device = '8:1', source = '/dev/sda1'): string =>
  `36 25 ${device} / ${path} rw,relatime shared:1 - ${type} ${source} rw`;

test('each directory is on the longest mount above it', () => {
  const text = [line('/'), line('/var', 'xfs', '8:2'), line('/var/lib/docker', 'ext4', '8:3'), line('/srv')].join('\n');
  const found = parseHoldingMounts(text, ['/', '/var/log', '/var/lib/docker', '/var/lib/kubelet']);
  expect(found.map(({ path, holds }) => [path, holds])).toEqual([
    ['/', ['/']],
    ['/var', ['/var/log', '/var/lib/kubelet']],
    ['/var/lib/docker', ['/var/lib/docker']],
  ]);
});

test('a name that only begins the same is another directory', () => {
  const found = parseHoldingMounts([line('/'), line('/var/lib/docker', 'xfs')].join('\n'), ['/var/lib/docker-data']);
  expect(found.map(({ path }) => path)).toEqual(['/']);
});

test('of mounts over each other the last one is seen', () => {
  const found = parseHoldingMounts([line('/'), line('/run'), line('/run', 'tmpfs', '0:22', 'tmpfs')].join('\n'), [
    '/run',
  ]);
  expect(found).toMatchObject([{ path: '/run', type: 'tmpfs', device: '0:22' }]);
});

test('lines that are none, and a file without mounts, hold nothing', () => {
  expect(parseHoldingMounts('half a li', ['/'])).toEqual([]);
});
