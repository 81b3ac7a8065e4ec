import { expect, test } from 'vitest';
import { parseCrioInfo } from '../../../src/parse/cri/crio-info.ts';

test('CRI-O says where its containers are', () => {
  const text =
    '{"storage_driver":"overlay","storage_image":"","storage_root":"/data/storage/","cgroup_driver":"systemd"}';
  expect(parseCrioInfo(text)).toEqual({ root: '/data/storage', driver: 'overlay' });
});

test('the driver was a list in some releases', () => {
  expect(parseCrioInfo('{"storage_driver":["overlay"],"storage_root":"/var/lib/containers/storage"}')).toEqual({
    root: '/var/lib/containers/storage',
    driver: 'overlay',
  });
});

test('another answer says nothing', () => {
  for (const text of ['null', '[]', '{}', '{"storage_root":"x","storage_driver":"overlay"}', '{"storage_root":"/x"}'])
    expect(parseCrioInfo(text)).toBeNull();
  expect(() => parseCrioInfo('<html>')).toThrow('the answer to GET /info is not JSON');
});
