import type { DiskCounters } from '../../sample/disks.ts';

/** What `iostat -x` shows of a device (sysstat rd_stats.c, iostat.c). */
export interface DiskRates {
  /** Share of time with a request in flight. An SSD can do more at 100 %. */
  readonly utilPercent: number;
  readonly readsPerSec: number;
  readonly writesPerSec: number;
  readonly readBytesPerSec: number;
  readonly writeBytesPerSec: number;
  /** Mean time of a request from queue to completion, milliseconds; null if none completed. */
  readonly awaitMs: number | null;
  /** The same of reads alone (r_await) and of writes alone (w_await). */
  readonly readAwaitMs: number | null;
  readonly writeAwaitMs: number | null;
  /** Flushes of the device's cache (f/s, f_await); null where the kernel does not count them (before Linux 5.5). */
  readonly flushesPerSec: number | null;
  readonly flushAwaitMs: number | null;
  /** Mean number of requests in flight (aqu-sz). */
  readonly queue: number;
}

/** Sectors of /proc/diskstats have 512 bytes, whatever the device's own are. */
const sectorBytes = 512;

/** Null when a counter went backwards: the device was replaced, or the kernel's counters reset. */
export function ratesOf(old: DiskCounters, now: DiskCounters, elapsedMs: number): DiskRates | null {
  const reads = now.reads - old.reads;
  const writes = now.writes - old.writes;
  const readSectors = now.readSectors - old.readSectors;
  const writtenSectors = now.writtenSectors - old.writtenSectors;
  const flushes = now.flushes === null || old.flushes === null ? null : now.flushes - old.flushes;
  if (Math.min(reads, writes, readSectors, writtenSectors, flushes ?? 0) < 0) return null;
  const perSec = (count: number): number => (count / elapsedMs) * 1000;
  const readMs = grownMs(now.readMs, old.readMs);
  const writeMs = grownMs(now.writeMs, old.writeMs);
  return {
    utilPercent: Math.min(100, (grownMs(now.busyMs, old.busyMs) / elapsedMs) * 100),
    readsPerSec: perSec(reads),
    writesPerSec: perSec(writes),
    readBytesPerSec: perSec(readSectors * sectorBytes),
    writeBytesPerSec: perSec(writtenSectors * sectorBytes),
    awaitMs: mean(readMs + writeMs, reads + writes),
    readAwaitMs: mean(readMs, reads),
    writeAwaitMs: mean(writeMs, writes),
    flushesPerSec: flushes === null ? null : perSec(flushes),
    flushAwaitMs: flushes === null ? null : mean(grownMs(now.flushMs ?? 0, old.flushMs ?? 0), flushes),
    queue: grownMs(now.weightedMs, old.weightedMs) / elapsedMs,
  };
}

/** Whether no request completed between two polls although some were in flight at both. */
export function isStill(old: DiskCounters, now: DiskCounters): boolean {
  return (
    old.inFlight > 0 &&
    now.inFlight > 0 &&
    now.reads === old.reads &&
    now.writes === old.writes &&
    now.discards === old.discards &&
    now.flushes === old.flushes
  );
}

function mean(sum: number, count: number): number | null {
  return count === 0 ? null : sum / count;
}

/**
 * The kernel prints times as 32-bit milliseconds: a busy disk wraps them in weeks. They are sums over processors that
 * are read one after the other, so a step back of a little is none.
 */
function grownMs(now: number, old: number): number {
  const grown = now >= old ? now - old : now + 2 ** 32 - old;
  return grown >= 2 ** 31 ? 0 : grown;
}
