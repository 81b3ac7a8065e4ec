import { formatByteRate, formatBytes } from '../../../base/bytes.ts';
import { nothing } from '../../../base/counts.ts';
import { formatPercent } from '../../../base/percent.ts';
import type { DisksModel, PressureSubstitute } from '../../../model/disks/disks.ts';
import { type PressurePattern, pressurePattern } from '../../../model/disks/pressure.ts';
import type { Model } from '../../../model/model.ts';
import { clean, widthOf } from '../../text.ts';
import { flushText } from '../../write-back.ts';
import { paragraph } from '../pages/fields.ts';
import { type Line, lineWidth, span } from '../parts/line.ts';
import { sparkline } from '../parts/sparkline.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';

/** Percent of time lost to I/O waits. Our own thresholds: no project gives a number (docs/architecture.md). */
const pressureWarning = 20;
const pressureCritical = 60;
/** Percent of CPU time. */
const ioWaitWarning = 20;
const sparkWidth = 10;
/** Panes of this width stand on a large screen. */
const roomyWidth = 84;

/** Pressure or its substitute, the pattern that it shows, a pending flush, and dirty memory. */
export function pressureLines(model: Model, disks: DisksModel, theme: Theme, width: number): Line[] {
  const pressure = pressureLine(disks, theme);
  const dirty = dirtyLine(disks);
  const separator = span(' · ', 'dim');
  const fits = lineWidth(pressure) + lineWidth(dirty) + 3 <= width;
  const pattern = pressurePattern(model);
  const isNews = pattern.kind === 'stuck' || pattern.kind === 'slow';
  return [
    fits ? [...pressure, separator, ...dirty] : pressure,
    ...(isNews ? newsLines(pattern, width) : []),
    ...(disks.flush === null ? [] : [[span(clean(flushText(disks.flush)), flushTone(disks.flush.state))]]),
    ...(fits ? [] : [dirty]),
  ];
}

/** Whole where panes have room; on a small screen a line more would cost a row of the table. The line above has the pressure. */
function newsLines({ kind, text, short }: PressurePattern, width: number): Line[] {
  const tone = kind === 'stuck' ? 'critical' : 'warning';
  if (width >= roomyWidth) return paragraph(text, width, tone);
  return [[span(clean(widthOf(clean(text)) <= width ? text : short), tone)]];
}

/** `pressure some 41% ▂▃▅▇ full 38% · waiting 7`, or `pressure unknown, iowait 12% …` */
function pressureLine(disks: DisksModel, theme: Theme): Line {
  const spark = (series: DisksModel['someSeries']) =>
    span(` ${sparkline(series, sparkWidth, theme.glyphs.levels, { to: 100 })} `, 'key');
  const waiting: Line = [span('waiting ', 'dim'), span(String(disks.procsBlocked ?? nothing))];
  const { pressure, substitute } = disks;
  if (pressure.status !== 'ok') {
    return [
      span('pressure unknown, iowait ', 'dim'),
      span(formatPercent(substitute?.ioWaitPercent ?? null), ioWaitTone(substitute)),
      spark(disks.ioWaitSeries),
      ...waiting,
    ];
  }
  const full = pressure.value.full?.avg10 ?? null;
  return [
    span('pressure some ', 'dim'),
    span(formatPercent(pressure.value.some.avg10), pressureTone(pressure.value.some.avg10)),
    spark(disks.someSeries),
    span('full ', 'dim'),
    span(formatPercent(full), pressureTone((full ?? 0) * 1.5)),
    span(' · ', 'dim'),
    ...waiting,
  ];
}

/** `dirty 812 MiB · writeback 96 MiB · written 80 MB/s` */
function dirtyLine({ dirty }: DisksModel): Line {
  const { dirtyBytes, writebackBytes, writtenBytesPerSec, limitBytes } = dirty;
  // The kernel throttles all writers at the limit; warn at three quarters.
  const near = dirtyBytes !== null && limitBytes !== null && dirtyBytes > limitBytes * 0.75;
  return [
    span('dirty ', 'dim'),
    span(
      `${formatBytes(dirtyBytes)}${near ? ` of at most ${formatBytes(limitBytes)}` : ''}`,
      near ? 'warning' : 'plain',
    ),
    span(' · writeback ', 'dim'),
    span(formatBytes(writebackBytes)),
    ...(writtenBytesPerSec === null ? [] : [span(' · written ', 'dim'), span(formatByteRate(writtenBytesPerSec))]),
  ];
}

function pressureTone(percent: number): Tone {
  return percent >= pressureCritical ? 'critical' : percent >= pressureWarning ? 'warning' : 'plain';
}

function ioWaitTone(substitute: PressureSubstitute | null): Tone {
  return (substitute?.ioWaitPercent ?? 0) >= ioWaitWarning ? 'warning' : 'plain';
}

function flushTone(state: NonNullable<DisksModel['flush']>['state']): Tone {
  return state === 'stalled' || state === 'stuck' ? 'critical' : state === 'refilling' ? 'warning' : 'plain';
}
