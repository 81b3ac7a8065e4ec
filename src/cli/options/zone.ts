import fs from 'node:fs';
import { utc, type Zone, zoneOf } from '../../base/zone.ts';
import { parseZoneNames } from '../../parse/tzif.ts';

export interface ZoneOptions {
  /** Times in UTC. */
  readonly utc?: boolean;
}

/** The zone in which times are shown and read: the reader's (`TZ`, otherwise `/etc/localtime`), or UTC if requested. */
export function chooseZone(options: ZoneOptions, env: NodeJS.ProcessEnv): Zone {
  if (options.utc) return utc;
  const offsetAt = (at: number): number => 0 - new Date(at).getTimezoneOffset();
  const names = zoneNames(env['TZ']);
  return zoneOf(offsetAt, (at) => names.get(offsetAt(at)) ?? null);
}

/** What `date` shows; without the files of zones (a small container) the offset has to do. */
function zoneNames(tz: string | undefined): ReadonlyMap<number, string> {
  const name = tz?.replace(/^:/, '') ?? '';
  if (name.includes('..')) return new Map();
  const file = name === '' ? '/etc/localtime' : name.startsWith('/') ? name : `/usr/share/zoneinfo/${name}`;
  try {
    const { size } = fs.statSync(file);
    return size > maxBytes ? new Map() : parseZoneNames(fs.readFileSync(file));
  } catch {
    return new Map();
  }
}

const maxBytes = 64 * 1024;
