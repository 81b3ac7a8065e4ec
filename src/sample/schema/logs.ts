import type { LogLine, LogOrigin, LogProgress, LogsValue, LogTally } from '../logs.ts';
import { added, bool, choice, list, moment, nullable, number, object, optional, reading, text } from './shape.ts';

const origin = object<LogOrigin>({
  name: text,
  reading: reading(
    object<LogProgress>({ lines: number, bytes: number, newestAt: optional(moment), skippedBytes: number }),
  ),
  named: added(bool, false),
});

const unit = choice(
  'dockerd',
  'containerd',
  'crio',
  'kubelet',
  'systemd',
  'kernel',
  'ecs-agent',
  'multipathd',
  'iscsid',
  'dbus',
  'other',
);

const tally = object<LogTally>({
  sign: text,
  container: nullable(text),
  count: number,
  firstAt: nullable(moment),
  lastAt: nullable(moment),
  lastMinute: number,
  lastHour: optional(number),
  origin: optional(text),
  about: optional(text),
  example: optional(text),
  unit: optional(unit),
});

const line = object<LogLine>({
  n: number,
  at: nullable(moment),
  origin: text,
  unit,
  sign: text,
  container: nullable(text),
  pid: nullable(number),
  also: optional(list(text)),
  comm: optional(text),
  seconds: optional(number),
  device: optional(text),
  text,
});

export const logsValue = object<LogsValue>({
  origins: list(origin),
  tallies: list(tally),
  lines: list(line),
  untold: number,
});
