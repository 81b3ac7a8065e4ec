import type { EngineSettings, PoolSpace, ThinPool } from '../../sample/daemons.ts';
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
    ...poolOf(info.DriverStatus),
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
  readonly DriverStatus?: unknown;
}

/** moby: daemon/graphdriver/devmapper/driver.go Status(), up to 24.0. */
function poolOf(status: unknown): { pool?: ThinPool } {
  if (!Array.isArray(status)) return {};
  const rows = status.filter((row): row is [string, string] => Array.isArray(row) && typeof row[1] === 'string');
  const values = new Map(rows);
  const space = (what: string): PoolSpace | null => {
    const usedBytes = sizeOf(values.get(`${what} Used`));
    const totalBytes = sizeOf(values.get(`${what} Total`));
    return usedBytes === null || totalBytes === null || totalBytes === 0 ? null : { usedBytes, totalBytes };
  };
  const [name, data] = [values.get('Pool Name'), space('Data Space')];
  return name === undefined || data === null ? {} : { pool: { name, data, metadata: space('Metadata Space') } };
}

const units = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** `107.4 GB`, as go-units writes it; null when it is not one. */
function sizeOf(text: string | undefined): number | null {
  const [, digits, unit = '', binary] = /^(\d+(?:\.\d+)?) ?([kKMGTPE]?)(i?)B$/.exec(text ?? '') ?? [];
  const power = units.indexOf(unit === 'K' ? 'k' : unit);
  return digits === undefined ? null : Number(digits) * (binary === 'i' ? 1024 : 1000) ** power;
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}
