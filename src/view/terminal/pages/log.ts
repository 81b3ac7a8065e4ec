import { formatBytes } from '../../../base/bytes.ts';
import { countOf, formatCount, nothing, plural } from '../../../base/counts.ts';
import { formatTime } from '../../../base/moments.ts';
import type { Zone } from '../../../base/zone.ts';
import { type LogsModel, linesAbout, type SignTally, talliesBySign, talliesOf } from '../../../model/logs/logs.ts';
import type { Model } from '../../../model/model.ts';
import type { LogLine } from '../../../sample/logs.ts';
import { clean, widthOf, wrapText } from '../../text.ts';
import { fitLine, type Line, span } from '../parts/line.ts';
import type { Glyphs } from '../theme/glyphs.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';
import { paragraph } from './fields.ts';
import { mergedInTime, type RepeatedLine } from './log-repeats.ts';
import { type OwnLog, ownLogHead, writtenUntil } from './own-log.ts';

/** The subject of a log page, and the reader's choices on it. */
export interface LogPage {
  /** The container that the lines mention; null for none. */
  readonly containerId: string | null;
  /** The daemon that wrote them, if no container is given; null for all. */
  readonly daemon: string | null;
  /** Shows all lines instead. */
  readonly all: boolean;
  /** Stays at the newest line; otherwise at the scrolled position. */
  readonly follows: boolean;
  /** What the container itself wrote; not set for a node that is not reachable. */
  readonly own?: OwnLog;
  /** The layout kept between frames; nothing is kept if not set. */
  readonly layouts?: LogLayouts;
}

/** Laid out lines, by log line: a log line never changes, and each frame draws a thousand of them. */
export type LogLayouts = WeakMap<LogLine, LaidOut>;

interface LaidOut {
  readonly width: number;
  readonly count: number;
  readonly time: string;
  readonly lines: readonly Line[];
}

interface LogView {
  readonly title: string;
  /** The counts, which stay at the top. */
  readonly head: readonly Line[];
  /** The newest last; lines that say the same are one, in the place of the newest. */
  readonly lines: readonly Line[];
}

/**
 * The log lines about a container or a daemon, newest at the bottom, with the count of each log pattern; of a container also
 * what it wrote itself.
 */
export function logView(model: Model, page: LogPage, theme: Theme, width: number): LogView {
  const { logs } = model;
  const { words, lines, tallies } = subjectOf(model, page);
  const title = `Log lines${words}`;
  const own = page.all ? null : (page.own ?? null);
  const written = own === null ? [] : writtenUntil(own, model.at + ahead);
  const isEmpty = lines.length + written.length === 0;
  const ownHead = own === null ? [] : ownLogHead(own, width);
  if (logs === null && isEmpty) return { title, head: ownHead, lines: whyNoLogs(model, width) };
  return {
    title,
    // A page without lines lists every log.
    head: [
      ...tallyLines(tallies, theme, width),
      ...(isEmpty || logs === null ? [] : [...omittedLines(logs, width), ...troubleLines(logs, width)]),
      ...ownHead,
    ],
    lines:
      isEmpty && logs !== null
        ? emptyLines(logs, page, width)
        : mergedInTime(lines, written).flatMap((repeated) =>
            logLines(repeated, { glyphs: theme.glyphs, now: model.at, zone: theme.zone, width, layouts: page.layouts }),
          ),
  };
}

/** The newest lines about it, of the last `rows` log lines; those of all where none is about it. */
export function newestLines(
  model: Model,
  about: Pick<LogPage, 'containerId' | 'daemon' | 'layouts'>,
  theme: Theme,
  size: {
    readonly width: number;
    readonly rows: number;
  },
): Pick<LogView, 'title' | 'lines'> {
  const own = subjectOf(model, { ...about, all: false, follows: true });
  const { words, lines } = own.lines.length > 0 ? own : subjectOf(model, { ...about, all: true, follows: true });
  const laidOut = mergedInTime(lines.slice(-size.rows), []).flatMap((repeated) =>
    logLines(repeated, {
      glyphs: theme.glyphs,
      now: model.at,
      zone: theme.zone,
      width: size.width,
      layouts: about.layouts,
    }),
  );
  return { title: `Log lines${words}`, lines: laidOut.slice(-size.rows) };
}

/** Own lines are read at other moments than samples are taken, and a silent sampler must not hide them at once. */
const ahead = 5000;

interface LogSubject {
  readonly words: string;
  readonly lines: readonly LogLine[];
  readonly tallies: readonly SignTally[];
}

function subjectOf({ containers, logs }: Model, { containerId, daemon, all }: LogPage): LogSubject {
  if (!all && containerId !== null) {
    const container = containers?.list.find(({ id }) => id === containerId);
    const name = container?.name ?? null;
    return {
      words: ` about ${clean(container?.label ?? containerId.slice(0, 12))}`,
      lines: linesAbout(logs, { containerId, name }),
      tallies: talliesOf(logs, containerId, name),
    };
  }
  if (!all && daemon !== null) {
    const lines = (logs?.lines ?? []).filter(({ unit }) => unit === daemon);
    // Tallies do not name the writer: the patterns in this daemon's recent lines stand for it.
    const signs = new Set(lines.flatMap(({ sign, also = [] }) => [sign, ...also]));
    return { words: ` of ${clean(daemon)}`, lines, tallies: talliesBySign(logs).filter(({ sign }) => signs.has(sign)) };
  }
  return { words: '', lines: logs?.lines ?? [], tallies: talliesBySign(logs) };
}

/** More lines of counts would leave no room for the log lines. */
const maxTallyLines = 3;

/** The count of each log pattern, most frequent first: with its meaning if there are few, otherwise side by side. */
function tallyLines(tallies: readonly SignTally[], theme: Theme, width: number): Line[] {
  const counted = tallies.map(({ sign, count, perMinute, meaning }) => ({
    text: `${clean(sign)} ${formatCount(count)}${perMinute === 0 ? '' : ` (${formatCount(perMinute)}/min)`}`,
    meaning: clean(meaning),
  }));
  if (counted.length <= maxTallyLines) {
    return counted.map(
      ({ text, meaning }): Line => fitLine([span(text, 'strong'), span(`  ${meaning}`, 'dim')], width),
    );
  }
  return packed(
    counted.map(({ text }) => text),
    theme,
    width,
  ).map((text): Line => [span(text, 'strong')]);
}

/** The texts on at most that many lines; the rest is counted. */
function packed(texts: readonly string[], theme: Theme, width: number): string[] {
  const separator = ` ${theme.glyphs.dot} `;
  const lines: string[] = [];
  let shown = 0;
  for (const text of texts) {
    const last = lines.at(-1);
    const longer = last === undefined ? null : last + separator + text;
    if (longer !== null && widthOf(longer) <= width - moreRoom) lines[lines.length - 1] = longer;
    else if (lines.length < maxTallyLines) lines.push(text);
    else break;
    shown++;
  }
  const left = texts.length - shown;
  if (left > 0) lines[lines.length - 1] += `${separator}${left} more patterns`;
  return lines;
}

/** Columns for ` · 12 more patterns`. */
const moreRoom = 19;

interface LogLineLayout {
  readonly glyphs: Glyphs;
  readonly now: number;
  readonly zone: Zone;
  readonly width: number;
  readonly layouts: LogLayouts | undefined;
}

/** `06:42:54Z dockerd stop-force ×147 since 06:12:01Z Container … failed to exit`, wrapped below the time. */
function logLines(
  { line, count, firstAt }: RepeatedLine,
  { glyphs, now, zone, width, layouts }: LogLineLayout,
): readonly Line[] {
  const time = (line.at === null ? nothing : formatTime(line.at, now, zone)).padEnd(clockWidth);
  const known = layouts?.get(line);
  if (known?.width === width && known.time === time && known.count === count) return known.lines;
  const since = firstAt === null ? '' : ` since ${formatTime(firstAt, now, zone)}`;
  const repeats = count === 1 ? '' : `${glyphs.times}${formatCount(count)}${since} `;
  // An own line has no writer but the container, and may lack the name of its stream.
  const unit = 'isOwn' in line ? '' : `${line.unit} `;
  const sign = line.sign === '' ? '' : `${clean(line.sign)} `;
  const prefix = `${unit}${sign}${repeats}`;
  const indent = clockWidth + 1;
  const room = Math.max(leastText, width - indent);
  const first = widthOf(time) + 1 + widthOf(prefix);
  const pieces = wrapAfter(shortIds(clean(line.text).trim()), Math.max(0, width - first), room);
  const lines = pieces.map(
    (piece, index): Line =>
      index === 0
        ? [
            span(`${time} `, 'dim'),
            ...(unit === '' ? [] : [span(unit, 'strong')]),
            ...(sign === '' ? [] : [span(sign, unit === '' ? 'dim' : 'key')]),
            ...(repeats === '' ? [] : [span(repeats, 'strong')]),
            span(piece, toneOf(line)),
          ]
        : [span(' '.repeat(indent)), span(piece, toneOf(line))],
  );
  layouts?.set(line, { width, count, time, lines });
  return lines;
}

/** Container ids cut to the usual twelve digits: whole ids would fill the page. */
function shortIds(text: string): string {
  return text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…');
}

const clockWidth = 9;
const leastText = 12;

/** The text with less room on its first line than on the others; an empty first piece when nothing fits there. */
function wrapAfter(text: string, firstRoom: number, room: number): string[] {
  if (widthOf(text) <= firstRoom) return [text];
  const [wrapped = ''] = firstRoom < leastText ? [] : wrapText(text, firstRoom);
  // Wrapping composes letters with combining marks, which may change the text.
  const first = text.startsWith(wrapped) ? beforeWord(text, wrapped, room) : '';
  const rest = text.slice(first.length).trimStart();
  return rest === '' ? [first] : [first, ...wrapText(rest, room)];
}

/** Without a word at the end that is cut there, and has room on a line of its own. */
function beforeWord(text: string, first: string, room: number): string {
  if (!/^\S/.test(text.slice(first.length))) return first;
  const start = first.lastIndexOf(' ') + 1;
  const [word = ''] = text.slice(start).split(' ', 1);
  return widthOf(word) <= room ? first.slice(0, start).trimEnd() : first;
}

function toneOf({ unit }: LogLine): Tone {
  return unit === 'kernel' ? 'warning' : 'plain';
}

/** The lines below are not all that matched. */
function omittedLines({ omitted }: LogsModel, width: number): Line[] {
  if (omitted === 0) return [];
  return paragraph(
    `${countOf(omitted, 'more line')} of all logs matched and ${plural(omitted, 'is', 'are')} only counted`,
    width,
    'dim',
  );
}

/** A log that cannot be read is shown even if another one can. */
function troubleLines({ origins }: LogsModel, width: number): Line[] {
  return origins.flatMap(({ name, reading }) =>
    reading.status === 'ok' || reading.status === 'absent'
      ? []
      : paragraph(`${name}: ${reading.detail}`, width, 'warning'),
  );
}

const remedy = '--log FILE or --log journal names the log of dockerd, containerd and the kubelet';
const keeps = 'Only lines that match a known log pattern are kept.';

function emptyLines({ origins, lines }: LogsModel, { all, containerId, daemon }: LogPage, width: number): Line[] {
  const isAll = all || (containerId === null && daemon === null);
  const others = !isAll && lines.length > 0 ? ` ${formatCount(lines.length)} lines are about others: l shows all.` : '';
  return [
    ...paragraph(isAll ? 'no log line matched' : `no matching log line is about it.${others}`, width),
    [],
    ...origins.flatMap(({ name, reading }) =>
      reading.status === 'ok'
        ? paragraph(
            `${name}: ${formatCount(reading.value.lines)} lines read, ${formatBytes(reading.value.bytes)}` +
              (reading.value.skippedBytes > 0 ? `, ${formatBytes(reading.value.skippedBytes)} skipped` : ''),
            width,
            'dim',
            2,
          )
        : paragraph(`${name}: ${reading.detail}`, width, reading.status === 'absent' ? 'dim' : 'warning', 2),
    ),
    ...paragraph(keeps, width, 'dim'),
    ...paragraph(remedy, width, 'dim'),
  ];
}

function whyNoLogs({ sources }: Model, width: number): Line[] {
  const source = sources.find(({ name }) => name === 'logs');
  const why =
    source === undefined || source.status === 'pending'
      ? 'logs not read yet'
      : `no logs: ${source.detail ?? source.status}`;
  return [
    ...paragraph(why, width, source?.status === 'failed' ? 'warning' : 'plain'),
    [],
    ...paragraph(remedy, width, 'dim'),
  ];
}
