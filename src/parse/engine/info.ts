import type { EngineSettings } from '../../sample/daemons.ts';
import { parseJson } from '../json.ts';

/**
 * The goroutine count in the engine's `GET /info` (NGoroutines), which every version fills in, also without debug pages.
 *
 * @throws when the text is not JSON or has no such number
 */
export function parseInfoGoroutines(json: string): number {
  const info = parseJson(json, 'the answer') as { NGoroutines?: unknown } | null;
  const count = info?.NGoroutines;
  if (typeof count !== 'number' || !Number.isFinite(count)) {
    throw new Error('no NGoroutines in the answer to GET /info');
  }
  return count;
}

/**
 * The settings in the engine's `GET /info`. `CgroupVersion` came with API 1.41 (20.10).
 *
 * @throws when the text is not JSON or names no data root
 */
export function parseEngineSettings(json: string): EngineSettings {
  const info = parseJson(json, 'the answer') as EngineInfo | null;
  if (typeof info?.DockerRootDir !== 'string') throw new Error('no DockerRootDir in the answer to GET /info');
  return {
    rootDir: info.DockerRootDir,
    liveRestore: info.LiveRestoreEnabled === true,
    storageDriver: textOr(info.Driver, ''),
    cgroupDriver: textOr(info.CgroupDriver, ''),
    cgroupVersion: textOr(info.CgroupVersion, null),
    loggingDriver: textOr(info.LoggingDriver, ''),
    debug: info.Debug === true,
  };
}

interface EngineInfo {
  readonly DockerRootDir?: unknown;
  readonly LiveRestoreEnabled?: unknown;
  readonly Driver?: unknown;
  readonly CgroupDriver?: unknown;
  readonly CgroupVersion?: unknown;
  readonly LoggingDriver?: unknown;
  readonly Debug?: unknown;
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}
