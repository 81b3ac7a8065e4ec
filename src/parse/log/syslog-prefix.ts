import type { LogUnit } from '../../sample/logs.ts';
import { isoTime, type LogClock, localTime, monthOf } from './time.ts';
import { tag, unitOf, writerOf, zone } from './writer.ts';

/** What stands before the words of a line, and how long that is. */
export interface Prefix {
  readonly length: number;
  readonly found: {
    readonly at?: number | null;
    readonly yearInferred?: boolean;
    readonly unit?: LogUnit | null;
    readonly pid?: number | null;
  };
}

const isoSyslog = new RegExp(String.raw`^(?:<\d{1,3}>)?(\d{4}-\d\d-\d\d[T ][\d:.,]{8,18}${zone}) ${tag}`);
/** syslog-ng and rsyslog, in the node's own zone. Any program may begin its lines so: what follows must be a name that is known. */
const localIsoSyslog = new RegExp(
  String.raw`^(?:<\d{1,3}>)?(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ${tag}`,
);
/** RFC 5424, with its priority and version or, as rsyslog may write it to a file, without: HOST APP PROCID MSGID SD. */
const structuredSyslog = new RegExp(
  String.raw`^(?:<\d{1,3}>1 )?(\d{4}-\d\d-\d\d[T ][\d:.,]{8,18}${zone}) \S{1,255} ([^\s:[\]"=]{1,64}) (\d{1,10}|-) [^\s"=]{1,32} (?:-|\[[^\]]{0,1000}\]) *(?:\ufeff)?`,
);
/**
 * SONiC has the year before the month, or behind the time with a zone. A host's name that was taken out leaves two spaces. The journal
 * writes the month in the language of its reader (`12月 11`, `Okt 03`, `janv. 09`), padded where that is a number.
 */
const plainSyslog = new RegExp(
  String.raw`^(?:<\d{1,3}>)?(?:(\d{4}) )?( ?\d{1,2}[\u6708\uc6d4]|\p{L}{3,5}\.?) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?:[+-]\d\d:\d\d (\d{4}))? {1,2}${tag}`,
  'u',
);
/** `journalctl -o short-full`; its zone is a name, and is taken for the node's own unless it is UTC. */
const fullSyslog = new RegExp(
  String.raw`^[A-Z][a-z]{2} (\d{4})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) ([A-Z]\w{0,5}|[+-]\d\d) ${tag}`,
);
/** `journalctl -o short-unix`. */
const unixSyslog = new RegExp(String.raw`^(\d{9,11}\.\d{1,6}) ${tag}`);

/** With what lines of the kernel begin: no programs, where a collector of logs put a time before them (`2025-01-16T17:24:58.365Z INFO: task …`). */
const kernelWords = /^(?:INFO|BUG|task|watchdog|rcu|Workqueue|nfs|NFS|CIFS|ceph|libceph|unregister_netdevice)$/;

/** What syslog and the journal put before a line: time, host and program. */
export function syslogPrefix(message: string, clock: LogClock): Prefix | null {
  const iso = isoSyslog.exec(message);
  if (iso !== null && !kernelWords.test(iso[2] ?? '')) {
    const [whole, time = '', name, pid] = iso;
    return { length: whole.length, found: { at: isoTime(time), ...writerOf(name, pid) } };
  }
  const local = localIsoSyslog.exec(message);
  if (local !== null && unitOf(local[5] ?? '') !== undefined) {
    const [whole, year, month, day, time = '', name, pid] = local;
    const parts = { year: Number(year), month: Number(month), day: Number(day), time };
    return { length: whole.length, found: { at: localTime(parts, clock), ...writerOf(name, pid) } };
  }
  const structured = structuredSyslog.exec(message);
  if (structured !== null) {
    const [whole, time = '', name, pid] = structured;
    return { length: whole.length, found: { at: isoTime(time), ...writerOf(name, pid) } };
  }
  const plain = plainSyslog.exec(message);
  if (plain !== null && monthOf(plain[2] ?? '') > 0) {
    const [whole, first, month = '', day = '', second, time = '', third, name, pid] = plain;
    const year = first ?? second ?? third;
    const parts = { year: year === undefined ? null : Number(year), month: monthOf(month), day: Number(day), time };
    const yearInferred = year === undefined;
    return { length: whole.length, found: { at: localTime(parts, clock), yearInferred, ...writerOf(name, pid) } };
  }
  return journalPrefix(message, clock);
}

function journalPrefix(message: string, clock: LogClock): Prefix | null {
  const full = fullSyslog.exec(message);
  if (full !== null) {
    const [whole, year, month, day, time = '', zoneName = '', name, pid] = full;
    const utc = zoneName === 'UTC' || zoneName === 'GMT';
    const parts = { year: Number(year), month: Number(month), day: Number(day), time };
    const at = localTime(parts, utc ? { ...clock, utcOffsetMinutes: 0 } : clock);
    return { length: whole.length, found: { at, ...writerOf(name, pid) } };
  }
  const unix = unixSyslog.exec(message);
  if (unix === null) return null;
  const [whole, seconds, name, pid] = unix;
  return { length: whole.length, found: { at: Math.round(Number(seconds) * 1000), ...writerOf(name, pid) } };
}
