import { countOf, formatCount, nothing, plural } from '../../base/counts.ts';
import { formatSeconds } from '../../base/durations.ts';
import { formatPercent } from '../../base/percent.ts';
import type { DumpReport, ReportedGroup, ReportedPattern } from '../../model/goroutines/analysis.ts';
import { type EventStreams, eventStreamsOf } from '../../model/goroutines/event-streams.ts';
import { kindOf, shortName, stackName } from '../../model/goroutines/frames.ts';
import type { DumpGrowth } from '../../model/goroutines/growth.ts';
import { lockSentences } from '../../model/goroutines/locks/sentences.ts';
import type { WaitMinutes } from '../../model/goroutines/waits.ts';
import { clean, fitText } from '../text.ts';

/** A parsed dump and the daemon that it is of. */
export interface GoroutinesReport {
  /** The daemon's name; null for a file. */
  readonly name: string | null;
  readonly report: DumpReport;
  /** Growth since an earlier dump. */
  readonly growth: DumpGrowth | null;
  /** How the dump was taken; null if that does not matter. */
  readonly note: string | null;
}

/** The text report: known patterns first, then the stacks. */
export function goroutinesText(given: GoroutinesReport, top: number): string {
  const { report } = given;
  const shown = report.groups.slice(0, top);
  const rest = report.groups.length - shown.length;
  const sections = [
    headLines(given),
    abortLines(report),
    ...report.locks.map((lock) => lockSentences(lock, report)),
    patternLines(given),
    calmLines(report),
    eventLines(eventStreamsOf(report)),
    ...shown.map((group) => groupLines(group, given)),
    rest > 0 ? [`${formatCount(rest)} more groups (--top ${report.groups.length} shows all)`] : [],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(clean).join('\n'))
    .join('\n\n')}\n`;
}

function headLines({ name, report, growth, note }: GoroutinesReport): string[] {
  const change =
    growth === null ? '' : `, ${signed(growth.delta)}${perMinute(growth.perMinute)} since the earlier dump`;
  const whose = name === null && report.abort === null && report.program !== null ? ` of ${report.program}` : '';
  return [
    `${name === null ? '' : `${name}: `}${countOf(report.total, 'goroutine')}${whose} in ${countOf(report.groups.length, 'group')}${change}`,
    ...troubleOf(report, growth),
    ...(note === null ? [] : [note]),
  ];
}

/** What is wrong with the dump itself, or what the reader must know about it. */
export function troubleOf({ partial, error }: DumpReport, growth: DumpGrowth | null): string[] {
  if (partial) return [`incomplete: ${error ?? 'unknown reason'}`];
  const earlier = growth?.isUncertain
    ? ['the earlier dump is not whole: what seems new may only be missing from it']
    : [];
  return error === null ? earlier : [error, ...earlier];
}

/** How a program ended that wrote the dump as its last words. */
function abortLines({ abort, program }: DumpReport): string[] {
  if (abort === null) return [];
  const { message, meaning, isRequested, isRecovered, path, goroutine } = abort;
  const where = path.length === 0 ? '' : `, in ${path.join(' < ')}`;
  const who = goroutine === null ? '' : ` (goroutine ${goroutine})`;
  const what =
    program === null
      ? 'The program'
      : program.replace(/^(?:a|the) /, (word) => word.charAt(0).toUpperCase() + word.slice(1));
  const how = isRequested ? 'was stopped' : isRecovered ? 'answered a request with a panic' : 'aborted';
  return [`${what} ${how}: ${message}${where}${who}`, `    ${meaning}`];
}

function patternLines({ report, growth }: GoroutinesReport): string[] {
  return [...report.patterns]
    .sort((a, b) => Number(a.harmless) - Number(b.harmless) || b.count - a.count)
    .flatMap((pattern) => {
      const change = growth?.patterns.find(({ id }) => id === pattern.id);
      const delta =
        change === undefined || change.delta === 0 ? '' : ` (${signed(change.delta)}${perMinute(change.perMinute)})`;
      return [`${formatCount(pattern.count)}${delta} ${patternText(pattern)}`, `    ${pattern.meaning}`];
    });
}

/** More than a healthy daemon has: then the number itself is a sign. */
const manyGoroutines = 2000;

/** Of a whole dump that shows nothing, that is worth a sentence. */
function calmLines({ partial, error, locks, patterns, total, abort }: DumpReport): string[] {
  if (abort !== null && !abort.isRequested) return [];
  const isCalm = locks.length === 0 && patterns.every(({ harmless }) => harmless);
  if (partial || error !== null || !isCalm || total === 0 || total >= manyGoroutines) return [];
  return ['No known sign of trouble: no goroutine waits for a lock.'];
}

/** `stop waits for an exit, for 2 containers`, `waits in umount(), for up to 40m` */
export function patternText({ title, subjects, noun, count, overdueMinutes }: ReportedPattern): string {
  const long = overdueMinutes === null ? '' : `, for ${count < 2 ? '' : 'up to '}${formatSeconds(overdueMinutes * 60)}`;
  if (subjects === null || count < 2) return `${title}${long}`;
  return `${title}${long}, for ${formatCount(subjects)} ${noun ?? 'receiver'}${plural(subjects, '', 's')}`;
}

function eventLines({ status, count }: EventStreams): string[] {
  if (status === 'missing') return ['dockerd does not read containerd events: container exits are lost'];
  if (status === 'incomplete') return [`dockerd reads only ${count} of 2 containerd event streams`];
  return [];
}

const maxFrames = 12;

function groupLines(group: ReportedGroup, { report }: GoroutinesReport): string[] {
  const frames = group.frames.filter(({ func }) => kindOf(func) !== 'runtime');
  const shown = (frames.length === 0 ? group.frames : frames).slice(0, maxFrames);
  const hidden = group.frames.length - shown.length;
  return [
    [
      fitText(formatCount(group.count), 7, 'right'),
      group.delta === null ? '' : fitText(signed(group.delta), 7, 'right'),
      fitText(formatPercent(report.total === 0 ? 0 : (group.count / report.total) * 100), 6, 'right'),
      groupState(group),
      group.waitMinutes === null ? '' : waitText(group.waitMinutes),
      groupName(group),
      group.pattern === null ? '' : `[${group.pattern}]`,
    ]
      .filter((part) => part !== '')
      .join('  '),
    ...shown.map(({ func, file, line }) => `          ${shortName(func)}${place(file, line)}`),
    ...(hidden > 0 ? [`          … ${hidden} more frames`] : []),
    ...(group.createdBy === null ? [] : [`          created by ${shortName(group.createdBy)}`]),
  ];
}

/** The name of a group in a list. */
export function groupName(group: ReportedGroup): string {
  if (group.isRest) return 'all other stacks';
  return stackName(group.frames) || '(no frames)';
}

/** `chan receive +2`: the most frequent state of a group, and how many others it has. */
export function groupState({ states }: ReportedGroup): string {
  const [first, ...others] = states;
  return first === undefined ? nothing : `${first.state ?? nothing}${others.length === 0 ? '' : ` +${others.length}`}`;
}

/** `3m`, `1m–26m (median 12m)` */
export function waitText({ min, median, max }: WaitMinutes): string {
  return min === max ? inMinutes(min) : `${inMinutes(min)}–${inMinutes(max)} (median ${inMinutes(median)})`;
}

/** ` kill.go:149` */
export function place(file: string | null, line: number | null): string {
  return file === null ? '' : ` ${file.slice(file.lastIndexOf('/') + 1)}${line === null ? '' : `:${line}`}`;
}

/** `+12`, `-3`, `0` */
export function signed(delta: number): string {
  return delta > 0 ? `+${formatCount(delta)}` : formatCount(delta);
}

/** `, +1.5/min`; empty where no time is known. */
export function perMinute(rate: number | null): string {
  return rate === null ? '' : `, ${rate > 0 ? '+' : ''}${formatCount(Math.round(rate * 10) / 10)}/min`;
}

/** A Go dump states wait times in whole minutes. */
function inMinutes(minutes: number): string {
  return formatSeconds(minutes * 60);
}
