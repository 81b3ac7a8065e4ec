import type { LogsValue } from '../sample/logs.ts';
import { absent, type Reading } from '../sample/reading.ts';
import type { World } from './world.ts';

export interface LogsOptions {
  /** `--log`: paths, or `journal`; empty for what the node has. */
  readonly logs: readonly string[];
}

/** The lines of the node's logs that match a known sign. */
export class LogsCollector {
  constructor(_world: World, _options: LogsOptions) {}

  start(): void {}

  close(): void {}

  collect(): Reading<LogsValue> {
    return absent('no log was found');
  }
}
