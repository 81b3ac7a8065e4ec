import type { DiskModel, DisksModel } from '../../../model/disks.ts';
import { formatBytes, formatMs, formatPercent, formatRate, nothing } from '../../format.ts';
import { clean } from '../../text.ts';
import type { Look } from '../look.ts';
import { type Line, span } from '../parts/line.tsx';
import { sparkline } from '../parts/sparkline.ts';
import type { Tone } from '../tones.ts';
import { detail, pane } from './pane.ts';

/** Shares of time lost to waiting for I/O, percent: our own judgement, no project gives a number (docs/architecture.md). */
const pressureWarning = 20;
const pressureCritical = 60;
const busyWarning = 90;
const sparkWidth = 10;

const number = (value: number | null | undefined): string =>
  value == null ? nothing : value < 10 ? value.toFixed(1) : String(Math.round(value));

export const disksPane = pane<DiskModel>({
  id: 'disks',
  title: 'Disk I/O',
  source: 'disks',
  rows: (model) => model.disks?.list ?? null,
  key: (disk) => disk.name,
  columns: [
    { id: 'name', title: 'device', width: 14, text: (disk) => clean(disk.name), by: (disk) => disk.name },
    {
      id: 'util',
      title: 'busy',
      width: 5,
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
      drop: 1,
      text: (disk) => number(disk.rates?.readsPerSec),
      by: (disk) => -(disk.rates?.readsPerSec ?? -1),
    },
    {
      id: 'writes',
      title: 'w/s',
      width: 6,
      align: 'right',
      drop: 1,
      text: (disk) => number(disk.rates?.writesPerSec),
      by: (disk) => -(disk.rates?.writesPerSec ?? -1),
    },
    {
      id: 'read',
      title: 'read',
      width: 10,
      align: 'right',
      text: (disk) => formatRate(disk.rates?.readBytesPerSec ?? null),
      by: (disk) => -(disk.rates?.readBytesPerSec ?? -1),
    },
    {
      id: 'write',
      title: 'write',
      width: 10,
      align: 'right',
      text: (disk) => formatRate(disk.rates?.writeBytesPerSec ?? null),
      by: (disk) => -(disk.rates?.writeBytesPerSec ?? -1),
    },
    {
      id: 'await',
      title: 'await',
      width: 8,
      align: 'right',
      text: (disk) => formatMs(disk.rates?.awaitMs ?? null),
      by: (disk) => -(disk.rates?.awaitMs ?? -1),
    },
    {
      id: 'queue',
      title: 'queue',
      width: 6,
      align: 'right',
      drop: 2,
      text: (disk) => number(disk.rates?.queue),
      by: (disk) => -(disk.rates?.queue ?? -1),
    },
  ],
  notes: (model, look) => (model.disks === null ? [] : [pressureLine(model.disks, look)]),
  summary: () => [],
  empty: () => 'no disk',
  details: (disk) => [
    detail('device', clean(disk.name)),
    detail('busy', formatPercent(disk.rates?.utilPercent ?? null)),
    detail('read', `${number(disk.rates?.readsPerSec)}/s, ${formatRate(disk.rates?.readBytesPerSec ?? null)}`),
    detail('written', `${number(disk.rates?.writesPerSec)}/s, ${formatRate(disk.rates?.writeBytesPerSec ?? null)}`),
    detail('await', formatMs(disk.rates?.awaitMs ?? null)),
    detail('queue', `${number(disk.rates?.queue)} on average, ${disk.inFlight} now`),
  ],
});

/** `pressure some 41% ▂▃▅▇ full 38% · dirty 812 MiB · writeback 96 MiB` */
function pressureLine(disks: DisksModel, look: Look): Line {
  const dirty: Line = [
    span(' · dirty ', 'dim'),
    span(formatBytes(disks.dirtyBytes)),
    span(' · writeback ', 'dim'),
    span(formatBytes(disks.writebackBytes)),
    span(' · waiting for I/O ', 'dim'),
    span(String(disks.procsBlocked ?? nothing)),
  ];
  const { pressure } = disks;
  if (pressure.status !== 'ok') {
    return [
      span('pressure ', 'dim'),
      span(pressure.status === 'absent' ? 'not on this kernel' : clean(pressure.detail), 'dim'),
      ...dirty,
    ];
  }
  const full = pressure.value.full?.avg10 ?? null;
  return [
    span('pressure some ', 'dim'),
    span(formatPercent(pressure.value.some.avg10), pressureTone(pressure.value.some.avg10)),
    span(` ${sparkline(disks.someSeries, sparkWidth, look.glyphs.levels, 100)} `, 'key'),
    span('full ', 'dim'),
    span(formatPercent(full), pressureTone((full ?? 0) * 1.5)),
    ...dirty,
  ];
}

function pressureTone(percent: number): Tone {
  return percent >= pressureCritical ? 'critical' : percent >= pressureWarning ? 'warning' : 'plain';
}
