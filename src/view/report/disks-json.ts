import type { DiskModel } from '../../model/disks/disks.ts';
import { pressurePattern } from '../../model/disks/pressure.ts';
import type { Model } from '../../model/model.ts';

/** One entry of `disks`: rates are those of the newest interval, null until there are two samples. */
export function diskJson(disk: DiskModel): object {
  const { rates } = disk;
  return {
    name: disk.name,
    utilPercent: rates?.utilPercent ?? null,
    readBytesPerSec: rates?.readBytesPerSec ?? null,
    writeBytesPerSec: rates?.writeBytesPerSec ?? null,
    awaitMs: rates?.awaitMs ?? null,
    queue: rates?.queue ?? null,
    readsPerSec: rates?.readsPerSec ?? null,
    writesPerSec: rates?.writesPerSec ?? null,
    flushesPerSec: rates?.flushesPerSec ?? null,
    rAwaitMs: rates?.readAwaitMs ?? null,
    wAwaitMs: rates?.writeAwaitMs ?? null,
    fAwaitMs: rates?.flushAwaitMs ?? null,
    inFlight: disk.inFlight,
    stillSeconds: disk.stillSeconds,
    device: disk.device,
    label: disk.label,
    mounts: disk.mounts.map(({ path, type, source }) => ({ path, type, source })),
    roots: disk.roots,
    carries: disk.carries,
    marks: disk.faults.map(({ kind, text }) => ({ kind, text })),
  };
}

/** Fields of `pressure` beyond the kernel's averages. */
export function pressureMoreJson(model: Model): object {
  const { disks, writers } = model;
  const newest = (series: readonly (number | null)[] | undefined): number | null => series?.at(-1) ?? null;
  const pattern = pressurePattern(model);
  return {
    someNow: newest(disks?.someSeries),
    fullNow: newest(disks?.fullSeries),
    substitute: disks?.substitute ?? null,
    procsBlocked: disks?.procsBlocked ?? null,
    ioWaitPercent: newest(disks?.ioWaitSeries),
    writtenBytesPerSec: disks?.dirty.writtenBytesPerSec ?? null,
    dirtiedBytesPerSec: disks?.dirty.dirtiedBytesPerSec ?? null,
    dirtyLimitBytes: disks?.dirty.limitBytes ?? null,
    flush: disks?.flush ?? null,
    pattern: { kind: pattern.kind, text: pattern.text },
    writers: (writers?.list ?? []).map(({ pid, comm, containerId, readBytesPerSec, writeBytesPerSec }) => {
      return { pid, comm, containerId, readBytesPerSec, writeBytesPerSec };
    }),
  };
}
