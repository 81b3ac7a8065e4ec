import { formatByteRate } from '../../../base/bytes.ts';
import { formatDecimal } from '../../../base/counts.ts';
import { formatMs, formatSeconds } from '../../../base/durations.ts';
import { formatPercent } from '../../../base/percent.ts';
import type { DiskModel, DisksModel } from '../../../model/disks/disks.ts';
import type { Model } from '../../../model/model.ts';
import { clean } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';
import type { Tone } from '../theme/tones.ts';
import { diskDetails } from './disks-details.ts';
import { pressureLines } from './disks-pressure.ts';
import { containerPressureLines, noPressureLines, writerLines } from './disks-writers.ts';
import { pane } from './guarded.ts';

const busyWarning = 90;
/** Mean time of a request, milliseconds: a spinning disk needs ten, an SSD less than one. Our own threshold. */
const awaitWarningMs = 100;

export const disksPane = pane<DiskModel>({
  title: 'Disk I/O',
  source: 'disks',
  beside: 'right',
  rows: (model) => model.disks?.list ?? null,
  key: (disk) => disk.name,
  // Findings name it either way.
  subjects: (disk) => ({ devices: [disk.name, `/dev/${disk.name}`] }),
  label: (disk) => disk.name,
  columns: [
    { id: 'name', title: 'device', width: 10, text: (disk) => clean(disk.name), by: (disk) => disk.name },
    {
      id: 'util',
      title: 'busy',
      width: 4,
      align: 'right',
      text: (disk) => formatPercent(disk.rates?.utilPercent ?? null),
      tone: (disk) => ((disk.rates?.utilPercent ?? 0) > busyWarning ? 'warning' : 'plain'),
      by: (disk) => -(disk.rates?.utilPercent ?? -1),
    },
    {
      id: 'reads',
      title: 'r/s',
      width: 6,
      align: 'right',
      drop: 4,
      spare: 2,
      text: (disk) => formatDecimal(disk.rates?.readsPerSec),
      by: (disk) => -(disk.rates?.readsPerSec ?? -1),
    },
    {
      id: 'writes',
      title: 'w/s',
      width: 6,
      align: 'right',
      drop: 3,
      spare: 1,
      text: (disk) => formatDecimal(disk.rates?.writesPerSec),
      by: (disk) => -(disk.rates?.writesPerSec ?? -1),
    },
    {
      id: 'read',
      title: 'read',
      width: 9,
      align: 'right',
      text: (disk) => formatByteRate(disk.rates?.readBytesPerSec ?? null),
      by: (disk) => -(disk.rates?.readBytesPerSec ?? -1),
    },
    {
      id: 'write',
      title: 'write',
      width: 9,
      align: 'right',
      text: (disk) => formatByteRate(disk.rates?.writeBytesPerSec ?? null),
      by: (disk) => -(disk.rates?.writeBytesPerSec ?? -1),
    },
    {
      id: 'r_await',
      title: 'r_await',
      width: 7,
      align: 'right',
      drop: 1,
      text: (disk) => formatMs(disk.rates?.readAwaitMs ?? null),
      tone: (disk) => awaitTone(disk.rates?.readAwaitMs),
      by: (disk) => -(disk.rates?.readAwaitMs ?? -1),
    },
    {
      id: 'w_await',
      title: 'w_await',
      width: 7,
      align: 'right',
      text: (disk) => formatMs(disk.rates?.writeAwaitMs ?? null),
      tone: (disk) => awaitTone(disk.rates?.writeAwaitMs),
      by: (disk) => -(disk.rates?.writeAwaitMs ?? -1),
    },
    {
      id: 'queue',
      title: 'queue',
      width: 5,
      align: 'right',
      drop: 2,
      text: (disk) => formatDecimal(disk.rates?.queue),
      by: (disk) => -(disk.rates?.queue ?? -1),
    },
    {
      id: 'use',
      title: 'holds',
      width: 'flex',
      enough: 24,
      text: (disk) => clean(useText(disk)),
      tone: (disk) => (disk.faults.length === 0 ? 'plain' : disk.faults[0]?.severe ? 'critical' : 'warning'),
      by: useText,
    },
  ],
  notes: (model, theme, width) => (model.disks === null ? [] : pressureLines(model, model.disks, theme, width)),
  below: (model) => [...noPressureLines(model), ...writerLines(model), ...containerPressureLines(model)],
  summary: ({ disks }) => {
    const marked = disks?.list.flatMap(({ faults }) => faults.filter(({ severe }) => severe)) ?? [];
    return marked.length === 0 ? [] : [span([...new Set(marked.map(({ kind }) => kind))].join(' · '), 'critical')];
  },
  folded: ({ disks }) => (disks === null ? [] : foldedLine(disks)),
  empty: ({ disks }: Model) => ((disks?.more ?? 0) > 0 ? 'no disk in use' : 'no disk'),
  details: (disk) => diskDetails(disk),
});

/** `frozen · some 0.5% · vda 3% busy`: faults, pressure, the busiest device. */
function foldedLine({ list, pressure }: DisksModel): Line {
  const faults = list.flatMap(({ name, faults }) => faults.map((mark) => ({ ...mark, name })));
  const busiest = list.toSorted((a, b) => (b.rates?.utilPercent ?? -1) - (a.rates?.utilPercent ?? -1))[0];
  const parts: Line[] = [
    ...faults.map(({ kind, severe, name }): Line => [span(clean(`${name} ${kind}`), severe ? 'critical' : 'warning')]),
    ...(pressure.status === 'ok' ? [[span(`some ${formatPercent(pressure.value.some.avg10)}`, 'dim')]] : []),
    ...(busiest === undefined
      ? []
      : [[span(clean(`${busiest.name} ${formatPercent(busiest.rates?.utilPercent ?? null)} busy`), 'dim')]]),
  ] as Line[];
  return parts.flatMap((part, index) => (index === 0 ? part : [span(' · ', 'dim'), ...part]));
}

/** Faults first, then data roots, mounts, the device's name, and what is stacked on it. */
function useText(disk: DiskModel): string {
  const faults = disk.faults.map(({ kind }) =>
    kind === 'stuck' ? `stuck ${formatSeconds(disk.stillSeconds)}` : kind === 'stopped' ? 'stopped by an error' : kind,
  );
  const roots = disk.roots.map(({ of }) => `${of} root`);
  const paths = disk.mounts
    .filter(({ path }) => !disk.roots.some((root) => root.path === path))
    .map(({ path }) => path);
  const shown = paths.slice(0, 3).join(' ');
  const more = paths.length > 3 ? ` +${paths.length - 3}` : '';
  const under = disk.carries.length === 0 ? [] : [`under ${disk.carries.slice(0, 3).join(' ')}`];
  const parts = [
    ...faults,
    ...roots,
    ...(shown === '' ? [] : [shown + more]),
    ...(disk.label === null ? [] : [disk.label]),
  ];
  return [...parts, ...under].join(' · ');
}

function awaitTone(ms: number | null | undefined): Tone {
  return (ms ?? 0) >= awaitWarningMs ? 'warning' : 'plain';
}
