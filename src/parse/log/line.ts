import type { LogUnit } from '../../sample/logs.ts';
import { openEnvelope } from './envelope.ts';
import { eventPrefix } from './events.ts';
import { type LogFields, noLogFields, parseJsonFields, parseLogfmt } from './fields.ts';
import { kernelPrefix, ringBuffer } from './kernel-prefix.ts';
import { withoutPasteMarks } from './pasted.ts';
import { quotedPrefix, rowPrefix } from './quoted-prefix.ts';
import { type Prefix, syslogPrefix } from './syslog-prefix.ts';
import { isoTime, type LogClock, localTime } from './time.ts';
import { pidOf, unitOf, writerOf, zone } from './writer.ts';

/** One line of a log, of whatever form, taken apart. */
export interface ParsedLogLine {
  /** Milliseconds since 1970; null when the line carries no time. */
  readonly at: number | null;
  /** The line has no year (RFC 3164, klog): the year of `at` follows from when the log was written. */
  readonly yearInferred: boolean;
  /** The unit that wrote it; `other` is none of ours (a container, cron), null is unknown. */
  readonly unit: LogUnit | null;
  /** It is from the output of a container: what runs there may be a daemon, most often it is not. */
  readonly inContainer: boolean;
  /** The process that wrote it. */
  readonly pid: number | null;
  /** The message, and its error if that is a separate field. Never longer than the line. */
  readonly message: string;
  readonly fields: LogFields;
  /** How often it was said: a row of a table of events stands for all that are alike. */
  readonly times: number;
  /** Milliseconds from the first of those to `at`. */
  readonly overMs: number;
}

type Draft = { -readonly [K in keyof ParsedLogLine]: ParsedLogLine[K] };

/**
 * Takes a line apart: the journal's JSON (`journalctl -o json`, systemd.journal-fields(7)) and its short forms, syslog with
 * the time of RFC 3164 or of RFC 3339, with a host's name or without, the kernel's ring buffer (`dmesg`, `dmesg -T`, `dmesg
 * -x`), what dockerd's json-file driver and the CRI write for a container, klog (kubelet), logrus' logfmt, JSON and terminal
 * forms (dockerd, containerd), and the latter ones inside the former. Any other text is its own message. Never throws.
 */
export function parseLogLine(line: string, clock: LogClock): ParsedLogLine {
  const draft: Draft = {
    at: null,
    yearInferred: false,
    unit: null,
    inContainer: false,
    pid: null,
    message: line.replace(beforeObject, '').trimEnd(),
    fields: noLogFields,
    times: 1,
    overMs: 0,
  };
  if (!takeJournal(draft)) {
    draft.inContainer = takeContainerLog(draft);
    if (!draft.inContainer) takeEnvelope(draft);
    takePrefix(draft, clock);
  }
  takeBody(draft, clock);
  return draft;
}

function takeJournal(draft: Draft): boolean {
  if (!draft.message.startsWith('{') || !draft.message.includes('"__REALTIME_TIMESTAMP"')) return false;
  const fields = parseJsonFields(draft.message);
  if (fields === null) return false;
  const micros = Number(fields.get('__REALTIME_TIMESTAMP'));
  draft.at = Number.isFinite(micros) && micros > 0 ? Math.floor(micros / 1000) : null;
  draft.unit = journalUnit(fields);
  draft.pid = pidOf(fields.get('_PID') ?? fields.get('SYSLOG_PID'));
  draft.message = fields.get('MESSAGE') ?? '';
  return true;
}

/** dockerd's journald log driver writes what containers say under its own unit, with the container's id beside it. */
function journalUnit(fields: LogFields): LogUnit {
  if (fields.get('_TRANSPORT') === 'kernel') return 'kernel';
  if (fields.has('CONTAINER_ID')) return 'other';
  const unit = (fields.get('_SYSTEMD_UNIT') ?? '').replace(/\.service$/, '');
  return unitOf(fields.get('SYSLOG_IDENTIFIER') ?? '') ?? unitOf(unit) ?? 'other';
}

const containerLog = /^(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) (?:stdout|stderr) [FP] /;
/** `docker compose up` names the container, `docker build` the step. */
const shownOutput = /^(?:[\w.-]{1,64}[-_]\d{1,3} {1,40}\| |#\d{1,5} \d{1,6}\.\d{1,3} )/;
const terminalLogrus =
  /^(?:\p{Cc}\[[\d;]{1,8}m)?(TRAC|DEBU|INFO|WARN|ERRO|FATA|PANI)(?:\p{Cc}\[0m)?\[([^\]\s]{1,40})\] {0,2}/u;
const fatal: LogFields = new Map([['level', 'fatal']]);
/** Python’s logging, as of supervisord, and etcd to 3.3: in a zone that is not said. */
const zoneless = /^(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d)[.,](\d{3,6}) /;
const isoOnly = new RegExp(String.raw`^(\d{4}-\d\d-\d\d[T ][\d:.,]{8,18}${zone}) `);
const klog = /^[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{6}) +(\d{1,10}) [^\s\]]{1,80}\] /;

/** Zones differ by half an hour at least. */
const longestWaitMs = 29 * 60_000;
/** `journalctl -o json-seq` and `-o json-sse`. */
const beforeObject = /^(?:\x1e|data: )(?=\{")/;
/** `talosctl logs` and the like put a node's name before a line of JSON. */
const beforeJson = /^[\w.:-]{1,80}: (?=\{")/;

const beforeLogfmt = /^[^"={}]{1,200}?[\t |](?=time="\d{4}-\d\d-\d\dT)/;
const programOnly = /^([\w.-]{1,64})\[(\d{1,10})\]: /;
const programInside = /(?:^|[\t |])([\w.-]{1,64})\[(\d{1,10})\]/;

function takePrefix(draft: Draft, clock: LogClock): void {
  const { message } = draft;
  const prefix =
    linePrefix(message, clock) ??
    timedPrefix(message, clock) ??
    eventPrefix(message, clock.nowMs) ??
    pastedPrefix(message, clock) ??
    (draft.at === null ? zonelessPrefix(message, clock) : null) ??
    // What a container prints is not the node's own log.
    (draft.inContainer || draft.unit !== null ? null : quotedPrefix(message, (line) => linePrefix(line, clock)));
  if (prefix !== null) take(draft, prefix);
}

/** Time and host were taken out; what is left must be a name that is known. */
function programPrefix(line: string): Prefix | null {
  const [whole, name = '', pid] = programOnly.exec(line) ?? [];
  if (whole === undefined || unitOf(name) === undefined) return null;
  return { length: whole.length, found: writerOf(name, pid) };
}

function linePrefix(message: string, clock: LogClock): Prefix | null {
  return syslogPrefix(message, clock) ?? kernelPrefix(message, clock);
}

/** `kubectl logs --timestamps`, a CI job, a console's export: the time when it arrived, then the line as it was written. */
function timedPrefix(message: string, clock: LogClock): Prefix | null {
  const time = rowPrefix(message) ?? timePrefix(message);
  if (time === null || time.found.unit != null) return time;
  const inner = linePrefix(message.slice(time.length), clock);
  if (inner === null) return time;
  return {
    length: time.length + inner.length,
    found: { ...inner.found, at: time.found.at ?? null, yearInferred: false },
  };
}

function zonelessPrefix(message: string, clock: LogClock): Prefix | null {
  const [whole, year, month, day, time = '', fraction = ''] = zoneless.exec(message) ?? [];
  if (whole === undefined) return null;
  const parts = { year: Number(year), month: Number(month), day: Number(day), time: `${time}.${fraction}` };
  return { length: whole.length, found: { at: localTime(parts, clock) } };
}

/** Behind what a paste put there; only where a line of a log follows, for indentation and numbers may be of the message itself. */
function pastedPrefix(message: string, clock: LogClock): Prefix | null {
  const unmarked = withoutPasteMarks(message);
  const line = unmarked ?? message;
  const known = unmarked === null ? null : linePrefix(line, clock);
  const prefix = known ?? programPrefix(line);
  return prefix === null ? null : { ...prefix, length: message.length - line.length + prefix.length };
}

/** What a collector of logs exported. */
function takeEnvelope(draft: Draft): void {
  const envelope = openEnvelope(draft.message);
  if (envelope !== null) Object.assign(draft, envelope);
}

/** What a container wrote; a daemon may run in one. */
function takeContainerLog(draft: Draft): boolean {
  const { message } = draft;
  const cri = containerLog.exec(message);
  if (cri !== null) {
    take(draft, { length: cri[0].length, found: { at: isoTime(cri[1] ?? '') } });
    return true;
  }
  const shown = shownOutput.exec(message);
  if (shown !== null) {
    take(draft, { length: shown[0].length, found: {} });
    return true;
  }
  if (!message.startsWith('{"log":"')) return false;
  const fields = parseJsonFields(message);
  const said = fields?.get('log');
  if (fields === null || said === undefined) return true;
  draft.at = isoTime(fields.get('time') ?? '');
  draft.message = said.trimEnd();
  return true;
}

function timePrefix(message: string): Prefix | null {
  const bare = isoOnly.exec(message);
  return bare === null ? null : { length: bare[0].length, found: { at: isoTime(bare[1] ?? '') } };
}

/** What is inside a prefix, or stands alone. */
function takeBody(draft: Draft, clock: LogClock): void {
  if (draft.unit === 'kernel') {
    // syslog repeats the ring buffer's own time.
    draft.message = draft.message.replace(ringBuffer, '');
    return;
  }
  const header = klog.exec(draft.message);
  if (header !== null) {
    const [whole, month, day, time = '', pid] = header;
    // A prefix that tells the year tells the zone too, if not when the line was written: lines wait for minutes in a pipe.
    const isDated = draft.at !== null && !draft.yearInferred;
    const near = isDated && draft.at !== null ? { ...clock, nearMs: draft.at } : clock;
    const at = localTime({ year: null, month: Number(month), day: Number(day), time }, near);
    const waitedMs = at === null || draft.at === null ? 0 : draft.at - at;
    const isWritten = !isDated || (waitedMs > -1000 && waitedMs < longestWaitMs);
    const found = {
      at: isWritten ? (at ?? draft.at) : draft.at,
      yearInferred: !isDated,
      pid: draft.pid ?? pidOf(pid),
      // Only the kubelet writes klog to its own file; in syslog and the journal its name is there too.
      unit: draft.unit ?? 'kubelet',
    };
    take(draft, { length: whole.length, found });
    return;
  }
  const shown = terminalLogrus.exec(draft.message);
  if (shown !== null) {
    // By default it counts the seconds since the program was started.
    take(draft, { length: shown[0].length, found: {} });
    dated(draft, isoTime(shown[2] ?? ''));
    if (shown[1] === 'FATA') draft.fields = fatal;
    return;
  }
  takeUnknownPrefix(draft);
  const fields = parseLogfmt(draft.message) ?? parseJsonFields(draft.message.replace(beforeJson, ''));
  if (fields === null) return;
  draft.fields = fields;
  dated(draft, isoTime(fields.get('time') ?? fields.get('ts') ?? ''));
  takeKubeletJson(draft, fields);
  const said = fields.get('msg');
  if (said === undefined) return;
  const isOfChild = fields.has('stream') || klog.test(said);
  const component = isOfChild ? unitOf(fields.get('component') ?? '') : undefined;
  if (component !== undefined && component !== draft.unit) {
    // k0s writes what its kubelet and its containerd say into lines of its own.
    Object.assign(draft, { unit: component, message: said, fields: noLogFields });
    takeBody(draft, clock);
    return;
  }
  // etcd's zap: how long is a field of its own.
  const took = fields.has('expected-duration') ? ` (took ${fields.get('took') ?? 'unknown'})` : '';
  const error = fields.get('error') ?? fields.get('err') ?? '';
  draft.message = `${said}${took}${error === '' ? '' : `: ${error}`}`;
}

/** What journal viewers and spreadsheets put before logrus' line, in an order of their own; a program may be named in it. */
function takeUnknownPrefix(draft: Draft): void {
  if (draft.at !== null) return;
  const before = beforeLogfmt.exec(draft.message)?.[0];
  if (before === undefined) return;
  const [, name, pid] = programInside.exec(before) ?? [];
  take(draft, { length: before.length, found: name === undefined ? {} : writerOf(name, pid) });
}

/** Kubernetes' own JSON format (k8s.io/component-base/logs/json): `ts` in milliseconds, with a fraction, and a `caller`. */
function takeKubeletJson(draft: Draft, fields: LogFields): void {
  const millis = Number(fields.get('ts'));
  if (!fields.has('caller') || !(millis > 1e12 && millis < 1e14)) return;
  dated(draft, Math.floor(millis));
  draft.unit ??= 'kubelet';
}

/** A time with its year, where there is one. */
function dated(draft: Draft, at: number | null): void {
  if (at === null) return;
  draft.at = at;
  draft.yearInferred = false;
}

function take(draft: Draft, { length, found }: Prefix): void {
  Object.assign(draft, found);
  draft.message = draft.message.slice(length);
}
