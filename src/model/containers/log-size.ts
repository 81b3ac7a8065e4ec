import type { ContainerValue } from '../../sample/containers.ts';
import type { ContainerLog, FilesystemsValue } from '../../sample/filesystems.ts';
import { okValue } from '../../sample/reading.ts';
import type { Tracked } from '../tracked.ts';

/** The size of a container's log files, rotated ones included; or why it is unknown. */
export type LogSize =
  | { readonly bytes: number; readonly unknown: null }
  | { readonly bytes: null; readonly unknown: string };

/** What the source says of all logs. */
export interface LogSizes {
  readonly byId: ReadonlyMap<string, ContainerLog>;
  /** Why there are none. */
  readonly because: string;
}

/** The log sizes of the newest poll of filesystems, and why there are none. */
export function logSizesOf({ reading, value }: Tracked<FilesystemsValue>): LogSizes {
  const logs = value?.containerLogs ?? [];
  return { byId: new Map(logs.map((log) => [log.id, log])), because: reasonOf(reading, value) };
}

/** Null for a container that no list has. */
export function logSizeOf(listed: ContainerValue | null, { byId, because }: LogSizes): LogSize | null {
  if (listed === null) return null;
  const log = byId.get(listed.id);
  if (log !== undefined && log.bytes !== null) return { bytes: log.bytes, unknown: null };
  const driver = (listed.settings ?? okValue(listed.inspect ?? undefined))?.logDriver ?? null;
  if (driver !== null && driver !== 'json-file')
    return { bytes: null, unknown: `the log driver is ${driver}, not json-file` };
  return { bytes: null, unknown: log?.because ?? because };
}

function reasonOf(reading: Tracked<FilesystemsValue>['reading'], value: FilesystemsValue | null): string {
  if (reading.status === 'absent' || reading.status === 'failed') return reading.detail;
  return value !== null && value.containerLogs === undefined ? 'not in this recording' : 'not read yet';
}
