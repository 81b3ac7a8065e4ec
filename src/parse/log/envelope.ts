import type { LogUnit } from '../../sample/logs.ts';
import { isoTime } from './time.ts';
import { pidOf, unitOf } from './writer.ts';

/** A line out of the JSON that a collector put around it. */
interface Envelope {
  /** The line as it was written, which may have a prefix of its own. */
  readonly message: string;
  /** Milliseconds since 1970; null when it has none. */
  readonly at: number | null;
  /** The unit of the program that is named; null when none is. */
  readonly unit: LogUnit | null;
  readonly pid: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** Cloud Logging, Elasticsearch, Datadog and exports of the journal keep the fields one level down. */
const inner = [
  'jsonPayload',
  '_source',
  'attributes',
  'content',
  'fields',
  'labels',
  'journald',
  'systemd',
  'resource',
];
const messageKeys = ['MESSAGE', 'message', 'textPayload', 'line', '_raw', 'log'];
const timeKeys = [
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  '@timestamp',
  'timestamp',
  '_time',
  'time',
  'eventTimestamp',
];
const nameKeys = [
  'SYSLOG_IDENTIFIER',
  'syslog_identifier',
  'ident',
  '_COMM',
  'appname',
  'service',
  '_SYSTEMD_UNIT',
  'unit',
];
/** What only the line of a container has. */
const containerKeys = [
  'CONTAINER_ID',
  'CONTAINER_NAME',
  'container_id',
  'container_name',
  'kubernetes',
  'pod',
  'pod_name',
];

/**
 * The line in what Cloud Logging, CloudWatch, Loki (`logcli -o jsonl`), Datadog, Elasticsearch, Vector and Fluent Bit export: an
 * object for each line. Null when the text is none of those; a daemon's own JSON has the key `msg`.
 */
export function openEnvelope(text: string): Envelope | null {
  if (!text.startsWith('{') || !text.endsWith('}')) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isFields(value)) return null;
  const levels = [value, ...inner.map((key) => value[key]).filter(isFields)];
  const message = first(levels, messageKeys, (field) => (typeof field === 'string' && field !== '' ? field : null));
  const at = first(levels, timeKeys, momentOf);
  const name = first(levels, nameKeys, (field) => (typeof field === 'string' && field !== '' ? field : null));
  // Without a time or a program it is what a program itself wrote.
  if (message === null || (at === null && name === null)) return null;
  const isOfContainer = levels.some((fields) => containerKeys.some((key) => Object.hasOwn(fields, key)));
  const pid = first(levels, ['_PID', 'SYSLOG_PID', 'pid'], (field) => pidOf(String(field)));
  const unit = name === null ? null : (unitOf(name.replace(/\.service$/, '')) ?? 'other');
  return { message: message.trimEnd(), at, unit: isOfContainer ? 'other' : unit, pid };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function first<T>(levels: readonly Fields[], keys: readonly string[], read: (field: unknown) => T | null): T | null {
  for (const key of keys) {
    for (const fields of levels) {
      const value = Object.hasOwn(fields, key) ? read(fields[key]) : null;
      if (value !== null) return value;
    }
  }
  return null;
}

/** Text of ISO 8601, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970: its size tells which. */
function momentOf(field: unknown): number | null {
  if (typeof field === 'string' && !/^\d+(?:\.\d+)?$/.test(field)) return isoTime(field);
  const value = Number(field);
  if (!Number.isFinite(value) || value < 1e8) return null;
  const unitsPerMs = [1e-3, 1, 1e3, 1e6].find((units) => value / units < 1e13);
  return unitsPerMs === undefined ? null : Math.floor(value / unitsPerMs);
}
