import type { DiskCounters } from '../../sample/disks.ts';

/**
 * Parses `/proc/diskstats` (kernel Documentation/admin-guide/iostats.rst): 14 columns, 18 since 4.18, 20 since 5.5. A
 * malformed line is skipped.
 */
export function parseDiskstats(text: string): DiskCounters[] {
  const disks: DiskCounters[] = [];
  for (const line of text.split('\n')) {
    const [major, minor, name, ...rest] = line.trim().split(/\s+/);
    const n = rest.map(Number);
    if (name === undefined || n.length < 11 || n.some((value) => !Number.isFinite(value))) continue;
    const at = (index: number): number => n[index] ?? 0;
    disks.push({
      name,
      device: `${major}:${minor}`,
      reads: at(0),
      readSectors: at(2),
      readMs: at(3),
      writes: at(4),
      writtenSectors: at(6),
      writeMs: at(7),
      discards: n[11] ?? null,
      flushes: n[15] ?? null,
      flushMs: n[16] ?? null,
      inFlight: at(8),
      busyMs: at(9),
      weightedMs: at(10),
    });
  }
  return disks;
}
