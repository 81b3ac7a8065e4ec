import type { LogUnit } from '../../sample/logs.ts';
import { isoTime, type LogClock, localTime, monthOf } from './time.ts';
import { pidOf, programs, tag, zone } from './writer.ts';

interface KernelPrefix {
  readonly length: number;
  readonly found: {
    readonly at?: number | null;
    readonly yearInferred?: boolean;
    readonly unit: LogUnit;
    readonly pid?: number | null;
  };
}

/** `dmesg -x`. */
const facility = '[a-z]{4,8} {0,6}:[a-z]{3,7} {0,4}: ';
/** CONFIG_PRINTK_CALLER: the task or the CPU that wrote the line. */
const caller = String.raw`(?: ?\[ {0,8}[TC]\d{1,8}\])?`;
export const ringBuffer = new RegExp(String.raw`^(?:<\d{1,3}>|${facility})?\[ {0,12}(\d{1,12}\.\d{1,6})\]${caller} `);
/** `dmesg -T` writes day and month in the language of the locale: `So Nov 15`, `三 3月 13`. */
const ringBufferDate = new RegExp(
  String.raw`^(?:${facility})?\[\S{1,8} {1,2}(\S{2,6}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})\]${caller} `,
);
/** `dmesg -H`: the minute of a line, without its year, then what passed since the line before, which is no time of its own. */
const ringBufferDelta = new RegExp(
  String.raw`^(?:${facility})?\[(?:([A-Z][a-z]{2}) ?(\d{1,2}) (\d\d:\d\d)| {0,10}\+\d{1,9}\.\d{1,6})\]${caller} `,
);
/** `talosctl dmesg`, with a node's name before it where several are asked. */
const talosKernel = new RegExp(
  String.raw`^(?:[\w.:-]{1,80}: )?kern: {1,8}[a-z]{3,8}: \[(\d{4}-\d\d-\d\dT[\d:.]{8,18}${zone})\]: `,
);
/** Facility and severity before the program: the syslog of LinuxKit with Go's time, and OpenWrt's `logread`, in the node's own zone. */
const goSyslog = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ([+-]\d\d)(\d\d) [A-Z]{1,5} kern\.[a-z]{3,7} kernel: /;
const logread = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) kern\.[a-z]{3,7} kernel: /;
/** `journalctl -k` with time and host cut off, what syslogd writes to terminals, `vmcore-dmesg` of kernels that have no times. */
const bareKernel = /^(?:kernel: |kernel:(?=\[ {0,12}\d)|<[0-7]>)/;

/** auditd's own file, and `ausearch --raw`. */
const auditLog = /^(?:node=\S{1,255} )?type=[A-Z_]{1,32} msg=audit\((\d{9,11}\.\d{1,6}):\d{1,12}\): /;

const afterRingBuffer = new RegExp(`^${tag}`);

/** What stands before the words of a line of the kernel's ring buffer, in whatever form it was printed. */
export function kernelPrefix(message: string, clock: LogClock): KernelPrefix | null {
  const human = ringBufferDelta.exec(message);
  const before = (human ?? bareKernel.exec(message))?.[0];
  if (before === undefined) return printkPrefix(message, clock);
  // Once: a line may be nothing but such heads.
  const inner = printkPrefix(message.slice(before.length), clock);
  return {
    length: before.length + (inner?.length ?? 0),
    found: inner?.found ?? { unit: 'kernel', ...minuteOf(human, clock) },
  };
}

function minuteOf(human: RegExpExecArray | null, clock: LogClock): { at: number | null; yearInferred: boolean } | null {
  const [, month, day = '', time = ''] = human ?? [];
  if (month === undefined || monthOf(month) === 0) return null;
  const parts = { year: null, month: monthOf(month), day: Number(day), time: `${time}:00` };
  return { at: localTime(parts, clock), yearInferred: true };
}

function printkPrefix(message: string, clock: LogClock): KernelPrefix | null {
  const date = ringBufferDate.exec(message);
  if (date !== null) {
    const [whole, month = '', day = '', time = '', year = ''] = date;
    const at = localTime({ year: Number(year), month: monthOf(month), day: Number(day), time }, clock);
    return { length: whole.length, found: { at, unit: 'kernel' } };
  }
  const talos = talosKernel.exec(message);
  if (talos !== null) return { length: talos[0].length, found: { at: isoTime(talos[1] ?? ''), unit: 'kernel' } };
  const audit = auditLog.exec(message);
  if (audit !== null)
    return { length: audit[0].length, found: { at: Math.round(Number(audit[1]) * 1000), unit: 'kernel' } };
  const written = facilityPrefix(message, clock);
  if (written !== null) return written;
  const seconds = ringBuffer.exec(message);
  if (seconds === null) return null;
  const at = clock.bootAtMs === null ? null : Math.round(clock.bootAtMs + Number(seconds[1]) * 1000);
  // `journalctl -o short-monotonic` names the unit; the kernel's own lines begin with arbitrary words.
  const writer = afterRingBuffer.exec(message.slice(seconds[0].length));
  const unit = programs.get(writer?.[1] ?? '');
  // The name of a task may stand there, too: `dockerd: page allocation failure`.
  const isProgram = writer?.[1] === 'kernel' || writer?.[2] !== undefined;
  if (writer === null || unit === undefined || !isProgram)
    return { length: seconds[0].length, found: { at, unit: 'kernel' } };
  return { length: seconds[0].length + writer[0].length, found: { at, unit, pid: pidOf(writer[2]) } };
}

function facilityPrefix(message: string, clock: LogClock): KernelPrefix | null {
  const go = goSyslog.exec(message);
  if (go !== null) {
    const [whole, time, hours, minutes] = go;
    return { length: whole.length, found: { at: isoTime(`${time}${hours}:${minutes}`), unit: 'kernel' } };
  }
  const read = logread.exec(message);
  if (read === null) return null;
  const [whole, month = '', day = '', time = '', year = ''] = read;
  const at = localTime({ year: Number(year), month: monthOf(month), day: Number(day), time }, clock);
  return { length: whole.length, found: { at, unit: 'kernel' } };
}
