import fs from 'node:fs';
import { expect, test } from 'vitest';
import { collectHost, kernelRelease } from '../../src/collect/host.ts';
import { liveRoots, World } from '../../src/collect/world.ts';
import { capturedWorld, Tree } from '../support/world.ts';

test('a captured node shows what it is by its files', () => {
  expect(collectHost(capturedWorld('stop-leak'))).toEqual({
    hostname: 'node-1',
    kernel: '6.18.44',
    distribution: 'Debian GNU/Linux 12 (bookworm)',
    uptimeSeconds: 1470.88,
    cpus: 2,
    memoryBytes: 24684084 * 1024,
    memoryAvailableBytes: 24181916 * 1024,
    pidNamespace: null,
  });
});

test('a node whose files give little has calm values', () => {
  expect(collectHost(new Tree().world())).toEqual({
    hostname: 'unknown',
    kernel: '',
    distribution: null,
    uptimeSeconds: 1000,
    cpus: 0,
    memoryBytes: 0,
    memoryAvailableBytes: 0,
    pidNamespace: null,
  });
});

test('a root that was named and is not there is told, where this machine is looked at', () => {
  const { missingRoots } = collectHost(new World({ ...liveRoots, rootfs: '/nonexistent', sysfs: '/nonexistent/sys' }));
  expect(missingRoots).toEqual(['--sysfs /nonexistent/sys', '--rootfs /nonexistent']);
  expect(collectHost(new World(liveRoots))).not.toHaveProperty('missingRoots');
});

test('before Linux 3.14 the free memory stands for the available', () => {
  const tree = new Tree().write('proc/meminfo', 'MemTotal: 100 kB\nMemFree: 50 kB\n');
  expect(collectHost(tree.world())).toMatchObject({ memoryBytes: 102_400, memoryAvailableBytes: 51_200 });
});

test('a node without an uptime is unknown', () => {
  const world = new Tree().remove('proc/uptime').world();
  expect(() => collectHost(world)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});

test('of the machine it runs on it shows whose PID namespace this is', () => {
  const own = fs.readlinkSync('/proc/self/ns/pid');
  const { pidNamespace } = collectHost(new World(liveRoots));
  expect(pidNamespace).toBe(own === 'pid:[4026531836]' ? 'host' : 'nested');
});

test('the kernel’s release is reported by the kernel, or by its version', () => {
  const tree = new Tree().write('proc/version', 'Linux version 4.19.25 (build@host) #1 SMP\n');
  expect(kernelRelease(tree.world())).toBe('4.19.25');
  tree.write('proc/sys/kernel/osrelease', '6.1.0-13-amd64\n');
  expect(kernelRelease(tree.world())).toBe('6.1.0-13-amd64');
});
