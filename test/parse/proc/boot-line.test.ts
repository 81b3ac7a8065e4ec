import { expect, test } from 'vitest';
import { switchesKmemOff } from '../../../src/parse/proc/boot-line.ts';
import { expectNoHang, expectToBear } from '../any-text.ts';

test.each([
  'BOOT_IMAGE=/vmlinuz root=/dev/vda ro cgroup.memory=nokmem quiet\n',
  'cgroup.memory=nosocket,nokmem',
  'cgroup.memory=nosocket cgroup.memory=nokmem',
])('%j switches kernel memory accounting off', (line) => {
  expect(switchesKmemOff(line)).toBe(true);
});

test.each(['', 'ro quiet', 'cgroup.memory=nosocket', 'cgroup.memory=nokmemory', 'xcgroup.memory=nokmem', 'nokmem'])(
  '%j does not',
  (line) => {
    expect(switchesKmemOff(line)).toBe(false);
  },
);

test('any text says yes or no', () => expectToBear(switchesKmemOff, ['ro cgroup.memory=nosocket,nokmem quiet\n']));

test('no text takes long', () => expectNoHang(switchesKmemOff, ['cgroup.memory=', ',nokmem', 'a=b ']));
