import { formatBytes } from '../../../base/bytes.ts';
import { formatCount } from '../../../base/counts.ts';
import { formatPercent } from '../../../base/percent.ts';
import type { ContainerModel } from '../../../model/containers/container.ts';
import { clean } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';
import type { Column } from '../parts/table.ts';
import { detail } from './pane.ts';

/** Percent of a limit. Our own threshold. */
const nearLimit = 90;
/** Percent of time; as for the whole node in the disk pane. */
const ioWarning = 20;

/** A number of a container; null where the kernel does not report it. */
interface Figure {
  readonly of: (container: ContainerModel) => number | null;
  readonly format: (value: number) => string;
  readonly warns?: (container: ContainerModel) => boolean;
}

/** What containers use. */
export const figures = {
  cpu: { of: cpuOf, format: formatPercent },
  memory: { of: (container) => container.use?.memoryBytes ?? null, format: formatBytes },
  limit: { of: memoryPercent, format: formatPercent, warns: (container) => isNear(memoryPercent(container)) },
  io: {
    of: (container) => container.use?.ioStallPercent ?? null,
    format: formatPercent,
    warns: (container) => (container.use?.ioStallPercent ?? 0) >= ioWarning,
  },
  oom: { of: (container) => container.use?.oomKills || null, format: formatCount, warns: () => true },
  pids: {
    of: (container) => container.use?.pids ?? null,
    format: formatCount,
    warns: (container) => isNear(pidsPercent(container)),
  },
  restarts: { of: (container) => container.restarts || null, format: formatCount },
  log: { of: (container) => container.log?.bytes ?? null, format: formatBytes },
} satisfies Readonly<Record<string, Figure>>;

/** A column of a figure, the largest first when it is sorted by; without any it is omitted. */
export function figureColumn(
  head: Pick<Column<ContainerModel>, 'id' | 'title' | 'width' | 'spare'>,
  { of, format, warns = () => false }: Figure,
): Column<ContainerModel> {
  return {
    ...head,
    align: 'right',
    ifAny: true,
    text: (container) => {
      const value = of(container);
      return value === null ? '' : format(value);
    },
    tone: (container) => (warns(container) ? 'warning' : 'plain'),
    by: (container) => -(of(container) ?? -1),
  };
}

const isNear = (percent: number | null): boolean => (percent ?? 0) >= nearLimit;

/** Whole percents: tenths of an idle container would change with every poll. */
function cpuOf({ use }: ContainerModel): number | null {
  const percent = use?.cpuPercent ?? null;
  return percent === null ? null : Math.round(percent);
}

function memoryPercent({ use }: ContainerModel): number | null {
  return shareOf(use?.memoryBytes ?? null, use?.memoryLimitBytes ?? null);
}

function pidsPercent({ use }: ContainerModel): number | null {
  return shareOf(use?.pids ?? null, use?.pidsLimit ?? null);
}

function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : Math.round((part / whole) * 100);
}

/** How much its log takes on the disk. */
function logLines({ log }: ContainerModel): Line[] {
  if (log === null) return [];
  return [
    detail(
      'log size',
      log.unknown === null ? `${formatBytes(log.bytes)}, rotated files included` : `unknown: ${clean(log.unknown)}`,
    ),
  ];
}

/** The same as a part of the container's page, with the limits. */
export function useLines(container: ContainerModel): Line[] {
  const lines = [...groupLines(container), ...logLines(container)];
  return lines.length === 0 ? [] : [[], ...lines];
}

/** Of its control group. */
function groupLines(container: ContainerModel): Line[] {
  const { use } = container;
  if (use === null) return [];
  const { cpuPercent, memoryBytes, memoryLimitBytes, pids, pidsLimit, ioStallPercent, oomKills } = use;
  const limited = (label: string, text: string, limit: string | null, percent: number | null): Line => {
    const tone = isNear(percent) ? 'warning' : 'plain';
    return limit === null ? detail(label, text) : [...detail(label, ''), span(`${text} of ${limit}`, tone)];
  };
  const memoryLimit = memoryLimitBytes === null ? null : formatBytes(memoryLimitBytes);
  const pidsMax = pidsLimit === null ? null : formatCount(pidsLimit);
  return [
    ...(cpuPercent === null ? [] : [detail('CPU', `${formatPercent(cpuPercent)} of one core`)]),
    ...(memoryBytes === null
      ? []
      : [
          [
            ...limited('memory', `${formatBytes(memoryBytes)}`, memoryLimit, memoryPercent(container)),
            span(', page cache included', 'dim'),
          ],
        ]),
    ...(pids === null ? [] : [limited('tasks', formatCount(pids), pidsMax, pidsPercent(container))]),
    ...(ioStallPercent === null ? [] : [detail('waits for I/O', `${formatPercent(ioStallPercent)} of the time`)]),
    ...(oomKills === null || oomKills === 0
      ? []
      : [[...detail('OOM kills', ''), span(formatCount(oomKills), 'warning')]]),
  ];
}
