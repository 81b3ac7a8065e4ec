import { expect, test } from 'vitest';
import { foundInKernelLog } from '../support/kernel-log.ts';

test('a GPU that is lost without an Xid is the one of the line before', () => {
  const finding = foundInKernelLog('gpu-fault', [
    'NVRM: The NVIDIA GPU 0000:b3:00.0',
    '               NVRM: (PCI ID: 10de:26b5) installed in this system has',
    '               NVRM: fallen off the bus and is not responding to commands.',
  ]);
  expect(finding).toMatchObject({
    severity: 'critical',
    title: 'A GPU fell off the bus (0000:b3:00)',
    subjects: { devices: ['0000:b3:00'] },
  });
});

test('a contained error of its memory is a fault of the GPU, one of a program is none', () => {
  const xid = (number: number): string =>
    `NVRM: Xid (PCI:0000:00:08): ${number}, pid='<unknown>', name=<unknown>, Contained: SM (0x1). RST: No, D-RST: No`;
  expect(foundInKernelLog('gpu-fault', [xid(94)])).toMatchObject({ severity: 'warning' });
  for (const number of [13, 31, 43, 45])
    expect(() => foundInKernelLog('gpu-fault', [xid(number)])).toThrow('no finding');
});

test('a GPU that the driver does not support is not lost', () => {
  const lines = [
    'NVRM: The NVIDIA GPU 0000:b3:00.0',
    'NVRM: (PCI ID: 10de:0a65)',
    'NVRM: installed in this system is not supported',
  ];
  expect(() => foundInKernelLog('gpu-fault', lines)).toThrow('no finding');
});

test('an AMD GPU that is reset as a whole is told, one ring that recovers is not', () => {
  const lines = [
    'amdgpu 0000:0c:00.0: ring gfx_0.0.0 timeout, signaled seq=5389552, emitted seq=5389554',
    'amdgpu 0000:0c:00.0: Ring gfx_0.0.0 reset failed',
    'amdgpu 0000:0c:00.0: GPU reset begin!. Source:  1',
  ];
  expect(foundInKernelLog('gpu-fault', lines)).toMatchObject({
    severity: 'warning',
    title: 'An AMD GPU hung and is reset (0000:0c:00)',
    subjects: { devices: ['0000:0c:00'] },
  });
  const recovers = [
    'amdgpu 0000:0c:00.0: amdgpu: ring gfx_0.0.0 timeout, signaled seq=1036139, emitted seq=1036141',
    'amdgpu 0000:0c:00.0: amdgpu: Starting gfx_0.0.0 ring reset',
    'amdgpu 0000:0c:00.0: amdgpu: Ring gfx_0.0.0 reset succeeded',
  ];
  expect(() => foundInKernelLog('gpu-fault', recovers)).toThrow('no finding');
});
