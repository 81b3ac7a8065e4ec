import { expect, test } from 'vitest';
import { adviceOf, foundInKernelLog } from '../support/kernel-log.ts';

test('a mount that the kernel refuses, and a filesystem without d_type, are told with what to do', () => {
  const refused = foundInKernelLog('overlay-layers', ['overlayfs: lowerdir is in-use as upperdir/workdir']);
  expect(refused).toMatchObject({ severity: 'warning', title: expect.stringContaining('refused') });
  expect(adviceOf(refused)).toContain('Update the engine');
  const noTypes = 'overlayfs: upper fs needs to support d_type. This is an invalid configuration.';
  expect(adviceOf(foundInKernelLog('overlay-layers', [noTypes]))).toContain('ftype=1');
});

test('an upper layer that is mounted twice, as a diff of containerd does, is not refused', () => {
  const line =
    'overlayfs: upperdir is in-use as upperdir/workdir of another mount, accessing files from both mounts will result in undefined behavior.';
  expect(() => foundInKernelLog('overlay-layers', [line])).toThrow('no finding');
});
