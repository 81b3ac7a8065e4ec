import type { LogUnit } from '../logs.ts';
import type { LogPatterns } from './pattern.ts';

const units: readonly LogUnit[] = ['kernel'];

/**
 * nvidia.ko, by the numbers of NVIDIA's list of Xid errors. Those that a program can cause itself (13, 31, 43, 45, 68, 109) are not in it:
 * NVIDIA's own device plugin for Kubernetes calls a GPU healthy after them (NVIDIA/k8s-device-plugin, internal/rm/health.go).
 */
export const kernelDevicePatterns = {
  'gpu-lost': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'gpu-fault',
    meaning: 'a GPU does not answer on its bus any more',
    hints: ['fallen off the bus'],
    patterns: [
      /NVRM: (?:Xid \(PCI:|GPU (?:at PCI:)?)(?<about>[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}).*fallen off the bus/i,
      // The last of three lines, without an Xid: the first names the GPU.
      /^\s*NVRM: fallen off the bus and is not responding/,
    ],
  },
  // NVML_ERROR_GPU_IS_LOST, which the device plugin hands on: the kernel says the same as "fallen off the bus".
  'gpu-lost-event': {
    units: ['kubelet'],
    group: 'node',
    severity: 'critical',
    rule: 'gpu-fault',
    meaning: 'the device plugin lost a GPU, and gives none of the node to a pod',
    hints: ['gpu is lost'],
    patterns: [/nvml\.Device (?<about>\d{1,3}): nvml: GPU is lost/, /GPU is lost/],
  },
  // Of a GPU that is not supported, too.
  'gpu-named': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'gpu-fault',
    meaning: 'the GPU that the next lines of the NVIDIA driver are about',
    hints: ['nvrm: the nvidia gpu'],
    patterns: [/^NVRM: The NVIDIA GPU (?<device>[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2})/i],
  },
  'gpu-fault': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'gpu-fault',
    meaning: 'a GPU reports a fault of its memory, its links or its firmware',
    hints: ['nvrm: xid'],
    patterns: [/NVRM: Xid \(PCI:(?<about>[0-9a-f:]{7,16})\): (?:46|48|61|62|64|74|92|94|95|110|119|120|140|143)\b/i],
  },
  // drivers/edac/edac_mc.c: the number of errors, CE or UE, and the label of the module.
  'memory-corrected': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'memory-fault',
    meaning: 'a memory module has errors that the hardware corrected (ECC)',
    hints: [' ce '],
    patterns: [/^EDAC MC\d+: \d+ CE (?:[^()]{1,80} )?on (?<about>[^()]{1,64}?) \(/],
  },
  // mm/memory-failure.c: the kernel gives up the page.
  'memory-uncorrected': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'memory-fault',
    meaning: 'the hardware found an error of the memory that it could not correct',
    hints: [' ue ', 'memory failure: 0x'],
    patterns: [
      /^EDAC MC\d+: \d+ UE (?:[^()]{1,80} )?on (?<about>[^()]{1,64}?) \(/,
      /^Memory failure: 0x[0-9a-f]+: (?:recovery action for|Killing|Sending SIGBUS to)/,
    ],
  },
} as const satisfies LogPatterns;
