import { ShimsCollector } from '../../src/collect/containers/shims.ts';
import { kernelRelease } from '../../src/collect/host.ts';
import { ProcessesCollector } from '../../src/collect/processes/processes.ts';
import { ProcessTable } from '../../src/collect/processes/table.ts';
import { ok } from '../../src/sample/reading.ts';
import type { Readings } from '../../src/sample/sample.ts';
import { capturedWorld } from './world.ts';

/** What the kernel of a captured node of `test/worlds` tells of processes and shims. */
export function kernelReadings(name: string): Readings {
  const world = capturedWorld(name);
  const table = new ProcessTable(world);
  const processes = new ProcessesCollector(world, table, kernelRelease(world)).collect();
  return { processes: ok(processes, 1), shims: ok(new ShimsCollector(world, table).collect(), 1) };
}
