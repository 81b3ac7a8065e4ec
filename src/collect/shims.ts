import type { ShimsValue } from '../sample/shims.ts';
import type { ProcessTable } from './process-table.ts';
import type { World } from './world.ts';

/** The shims of the node and what runs below each. */
export class ShimsCollector {
  constructor(_world: World, _table: ProcessTable) {}

  collect(): ShimsValue {
    return { shims: [], orphans: [] };
  }
}
