import { describe, expect, test } from 'vitest';
import { architectureOf, syscallName, worksOnDescriptor } from '../../../src/parse/proc/syscall-names.ts';

describe('a system call', () => {
  test.each([
    [0, 'read', 'io_setup'],
    [1, 'write', null],
    [63, null, 'read'],
    [64, null, 'write'],
    [74, 'fsync', null],
    [82, 'rename', 'fsync'],
    [166, 'umount2', null],
    [39, null, 'umount2'],
    [217, 'getdents64', null],
    [61, 'wait4', 'getdents64'],
    [257, 'openat', null],
    [56, 'clone', 'openat'],
    [231, 'exit_group', null],
    [94, null, 'exit_group'],
    [435, 'clone3', 'clone3'],
    [999, null, null],
  ])('of number %i has its name on each architecture', (number, x64, arm64) => {
    expect(syscallName(number, 'x64')).toBe(x64);
    expect(syscallName(number, 'arm64')).toBe(arm64);
  });

  test('works on a descriptor when its first argument is one', () => {
    for (const name of ['read', 'unlinkat', 'pwrite64', 'fsync', 'getdents64', 'close'])
      expect(worksOnDescriptor(name)).toBe(true);
    for (const name of ['openat', 'umount2', 'mmap', 'futex', 'exit_group'])
      expect(worksOnDescriptor(name)).toBe(false);
  });
});

describe('the architecture of a node', () => {
  test.each([
    ['[<0>] __x64_sys_fsync+0x3b/0x70\n', 'x64'],
    ['[<0>] __arm64_sys_fsync+0x24/0x40\n[<0>] el0_svc+0x38/0x130\n', 'arm64'],
    ['5.14.0-427.13.1.el9_4.aarch64', 'arm64'],
    ['3.10.0-1160.el7.x86_64', 'x64'],
    ['6.1.0-13-amd64', 'x64'],
    ['6.18.44', null],
    ['', null],
  ])('is told by %j', (text, architecture) => {
    expect(architectureOf(text)).toBe(architecture);
  });
});
