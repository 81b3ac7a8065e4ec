import type { WriteBackCounters } from '../../sample/disks.ts';
import { type Figures, lineAfter } from './line-after.ts';

/** `/proc/vmstat` (proc_vmstat(5)): counts by name, most of them in pages. */
export const parseVmstat = (text: string): Figures => ({
  get: (name) => {
    const value = lineAfter(text, `${name} `) ?? '';
    return /^\d+$/.test(value) ? Number(value) : undefined;
  },
});

/**
 * The counters of write-back in bytes; null when the kernel does not have them (nr_dirtied and nr_written came with
 * Linux 2.6.37).
 */
export function writeBackOf(vmstat: Figures, meminfo: Figures): WriteBackCounters | null {
  const page = pageBytesOf(vmstat, meminfo);
  const bytes = (name: string): number | null => {
    const pages = vmstat.get(name);
    return pages === undefined ? null : pages * page;
  };
  const dirtiedBytes = bytes('nr_dirtied');
  const writtenBytes = bytes('nr_written');
  if (dirtiedBytes === null || writtenBytes === null) return null;
  return {
    dirtiedBytes,
    writtenBytes,
    limitBytes: bytes('nr_dirty_threshold'),
    backgroundBytes: bytes('nr_dirty_background_threshold'),
  };
}

const pageSizes = [4096, 8192, 16_384, 65_536];

/**
 * The size of a page: arm64 nodes can have 16 or 64 KiB. No file of a node says it in words, but `Mapped` of meminfo and
 * `nr_mapped` of vmstat are one figure in two units. They are read at two moments, so the nearest possible size counts.
 */
function pageBytesOf(vmstat: Figures, meminfo: Figures): number {
  const ratio = (meminfo.get('Mapped') ?? 0) / (vmstat.get('nr_mapped') ?? 0);
  if (!Number.isFinite(ratio) || ratio <= 0) return 4096;
  const distance = (size: number): number => Math.abs(Math.log(ratio / size));
  return pageSizes.reduce((best, size) => (distance(size) < distance(best) ? size : best), 4096);
}
