import type { KernelFunctions } from './kernel-functions.ts';

export const devices: readonly KernelFunctions[] = [
  // drivers/vfio/vfio_iommu_type1.c: the memory of a virtual machine was pinned for its devices, and is given back page by page.
  { kind: 'vfio', functions: /^(?:vfio_|iommufd_)/, among: 'any' },
  // nvidia.ko: os-interface.c, nvidia-uvm.
  {
    kind: 'nvidia',
    functions:
      /^(?:nvidia_|os_acquire_(?:mutex|rwlock|semaphore)|_nv\d+rm|rm_(?:ioctl|init|shutdown|disable)|uvm_|nv_open|nv_close)/,
    among: 'any',
  },
];
