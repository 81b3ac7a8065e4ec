import { describe, expect, test } from 'vitest';
import { parsePidSyscall } from '../../../../src/parse/proc/pid/syscall.ts';
import { expectNoHang, expectToBear } from '../../any-text.ts';

const fsync = '74 0x1 0x0 0x3c54f97b 0x1b6 0x0 0x558b93 0x7ffefc43aa88 0x47e060\n';
const openat = '257 0xffffff9c 0x7ffc3a1f 0x241 0x1b6 0x0 0x0 0x7ffc3a1e 0x7f12\n';
const samples = [fsync, openat, '-1 0x7ffd0 0x55aa\n', 'running\n'];

describe('the system call of a task', () => {
  test('is a number and six arguments', () => {
    expect(parsePidSyscall(fsync)).toEqual({ number: 74, args: [1, 0, 0x3c54f97b, 0x1b6, 0, 0x558b93] });
    expect(parsePidSyscall(openat)?.args[0]).toBe(0xffff_ff9c);
  });

  test.each([
    ['a task that runs', 'running\n'],
    ['a task that is blocked in a fault', '-1 0x7ffd0 0x55aa\n'],
    ['a file that is empty', ''],
    ['a file that is cut', '74 0x1 0x0 0x3c54'],
    ['an argument that is no number', '74 0x1 0x0 zero 0x0 0x0 0x0 0x0 0x0\n'],
  ])('is none in %s', (_, text) => {
    expect(parsePidSyscall(text)).toBeNull();
  });
});

test('any text gives a call or null', () => {
  expectToBear((text) => {
    const call = parsePidSyscall(text);
    if (call !== null) for (const value of [call.number, ...call.args]) expect(Number.isFinite(value)).toBe(true);
  }, samples);
});

test('no text takes long', () => expectNoHang(parsePidSyscall, [...samples, '0x', '7']));
