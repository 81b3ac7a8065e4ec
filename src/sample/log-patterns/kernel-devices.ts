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
  // libnvidia-container, as a hook of runc: the driver was upgraded while its old module is loaded.
  'gpu-driver-mismatch': {
    units: ['kubelet', 'containerd', 'crio', 'dockerd', 'other'],
    group: 'node',
    severity: 'warning',
    rule: 'gpu-fault',
    meaning: 'the NVIDIA module that is loaded and the library on the disk are of different versions',
    hints: ['driver/library version mismatch'],
    patterns: [/nvml error: driver\/library version mismatch/i],
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
    patterns: [
      /NVRM: Xid \(PCI:(?<about>[0-9a-f:]{7,16})\): (?:46|48|61|62|64|74|92|94|95|110|119|120|140|143)\b/i,
      // The parts of an NVLink, since Blackwell; each says whether it goes on.
      /NVRM: Xid \(PCI:(?<about>[0-9a-f:]{7,16})\): 1(?:4[4-9]|50), \w{1,40} Fatal /,
    ],
  },
  // drivers/gpu/drm/amd/amdgpu: amdgpu_device_gpu_recover(), and amdgpu_job_timedout() of Linux 6.16 on. A ring alone that is reset, or recovers by
  // itself ("but soft recovered"), is mostly the fault of a program.
  'amdgpu-reset': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'gpu-fault',
    meaning: 'an AMD GPU hung, and its driver resets it: programs that use it lose their work',
    hints: ['gpu reset begin', 'reset failed', 'mes failed to respond'],
    patterns: [
      /^amdgpu (?<about>[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2})\.\d: (?:amdgpu: )?(?:GPU reset begin|Ring \S{1,32} reset failed|MES failed to respond to msg=)/,
    ],
  },
  // drivers/pci/pcie/aer.c, aer_print_error(). What is not fatal comes of quirks of docks and bridges, too, and corrected ones are noise.
  'pcie-fatal': {
    units,
    group: 'node',
    severity: 'warning',
    rule: 'pcie-fault',
    meaning: 'the PCI Express bus lost data to or from a device (fatal error)',
    hints: ['pcie bus error: severity'],
    patterns: [
      /^\S+ (?<about>[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d): (?:AER: )?PCIe Bus Error: severity=Uncorrect(?:ed|able) \(Fatal\), type=/,
    ],
  },
  // drivers/net/ethernet/intel/{igb,igc}: a read of a register gave nothing but ones.
  'pcie-link-lost': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'pcie-fault',
    meaning: 'a network device is not reached over the PCI Express bus any more',
    hints: ['pcie link lost'],
    patterns: [/^ig[bc] (?<about>[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d \S{1,40}): PCIe link lost/],
  },
  // arch/x86/kernel/cpu/mce/core.c, print_mce(). Bit 61 of the status (UC): the hardware could not correct it.
  'machine-check-uncorrected': {
    units,
    group: 'node',
    severity: 'critical',
    rule: 'machine-check',
    meaning: 'a processor reports an error of the hardware that was not corrected',
    hints: [': machine check'],
    patterns: [
      /^(?:mce: )?\[Hardware Error\]: (?<about>CPU \d{1,5}): Machine Check(?: Exception)?: [0-9a-f]{1,4} Bank \d{1,3}: [abef][0-9a-f]{15}\b/,
    ],
  },
  'machine-check-corrected': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'machine-check',
    meaning: 'a processor reports an error of the hardware that was corrected',
    hints: [': machine check'],
    patterns: [
      /^(?:mce: )?\[Hardware Error\]: (?<about>CPU \d{1,5}): Machine Check(?: Exception)?: [0-9a-f]{1,4} Bank \d{1,3}: [89cd][0-9a-f]{15}\b/,
    ],
  },
  // drivers/thermal/intel/therm_throt.c; "is" from 5.5 on, `mce: ` before the line to 5.2.
  'cpu-throttled': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'hot-cpu',
    meaning: 'a processor is too hot: its clock is lowered',
    hints: ['cpu clock throttled', 'cpu clock is throttled'],
    patterns: [
      /^(?:mce: )?(?<about>CPU\d{1,5}): (?:Core|Package) temperature (?:is )?above threshold, cpu clock (?:is )?throttled/,
    ],
  },
  'cpu-cooled': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'hot-cpu',
    meaning: 'a processor has cooled down: its clock is normal',
    hints: ['temperature/speed normal'],
    patterns: [/^(?:mce: )?(?<about>CPU\d{1,5}): (?:Core|Package) temperature\/speed normal/],
  },
  // kernel/time/clocksource.c, arch/x86/kernel/tsc.c. Where kvm-clock or the clock of Hyper-V is in use, TSC is marked and nothing changes.
  'tsc-unstable': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'slow-clock',
    meaning: 'the kernel does not trust the time stamp counter of the processors any more',
    hints: ['marking tsc unstable', 'marking clocksource'],
    patterns: [
      /^tsc: Marking TSC unstable due to clocksource watchdog/,
      /Marking clocksource 'tsc' as unstable because/,
    ],
  },
  'clock-switched': {
    units,
    group: 'node',
    severity: 'info',
    rule: 'slow-clock',
    meaning: 'the kernel reads the time from another clock now',
    hints: ['switched to clocksource'],
    patterns: [/^(?:clocksource: )?Switched to clocksource (?<about>[\w-]{1,40})/],
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
