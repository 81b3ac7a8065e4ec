import { formatByteRate } from '../../../base/bytes.ts';
import { formatPercent } from '../../../base/percent.ts';
import type { Model } from '../../../model/model.ts';
import { okValue } from '../../../sample/reading.ts';
import { fewUnreadable } from '../../few-unreadable.ts';
import { clean, fitText } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';

const maxWriters = 20;
const maxContainers = 8;

/** Why pressure is unknown; empty if it is known. */
export function noPressureLines({ disks }: Model): Line[] {
  const pressure = disks?.pressure;
  return pressure === undefined || pressure.status === 'ok' ? [] : [[span(clean(pressure.detail), 'dim')]];
}

/** The top writers and readers; empty if there are none. */
export function writerLines({ writers }: Model): Line[] {
  if (writers === null) return [];
  const { list, unreadable } = writers;
  if (list.length === 0 && unreadable <= fewUnreadable) return [];
  const hidden = unreadable <= fewUnreadable ? '' : `; ${unreadable} unreadable: run as root`;
  return [
    [],
    [span(`   write     read     pid comm            container${hidden}`, 'dim')],
    ...list.slice(0, maxWriters).map((writer): Line => {
      const where = writer.containerName ?? writer.containerId?.slice(0, 12) ?? '';
      return [
        span(fitText(formatByteRate(writer.writeBytesPerSec), 9, 'right')),
        span(` ${fitText(formatByteRate(writer.readBytesPerSec), 9, 'right')}`),
        span(` ${fitText(String(writer.pid), 7, 'right')} `),
        span(fitText(clean(writer.comm), 15), 'strong'),
        span(` ${clean(where)}`),
      ];
    }),
  ];
}

/** Containers that wait for I/O; empty if cgroups do not report it. */
export function containerPressureLines({ cgroups }: Model): Line[] {
  const waiting = (cgroups?.containers ?? []).flatMap((group) => {
    const io = okValue(group.ioPressure);
    return io === null ? [] : [{ group, io }];
  });
  const shown = waiting.filter(({ io, group }) => io.some.avg10 > 0 || (group.writeBytesPerSec ?? 0) > 0);
  if (shown.length === 0) return [];
  return [
    [],
    [span('    some     full    write     read container', 'dim')],
    ...shown.slice(0, maxContainers).map(({ group, io }): Line => {
      const where = group.name ?? group.containerId?.slice(0, 12) ?? '';
      return [
        span(fitText(formatPercent(io.some.avg10), 9, 'right'), io.some.avg10 >= 20 ? 'warning' : 'plain'),
        span(` ${fitText(formatPercent(io.full?.avg10 ?? null), 9, 'right')}`),
        span(` ${fitText(formatByteRate(group.writeBytesPerSec), 9, 'right')}`),
        span(` ${fitText(formatByteRate(group.readBytesPerSec), 9, 'right')}`),
        span(` ${clean(where)}`, 'strong'),
      ];
    }),
  ];
}
