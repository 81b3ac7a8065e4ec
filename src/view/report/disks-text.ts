import { formatByteRate, formatBytes } from '../../base/bytes.ts';
import { formatMs } from '../../base/durations.ts';
import { formatPercent } from '../../base/percent.ts';
import type { DiskModel } from '../../model/disks/disks.ts';
import { pressurePattern } from '../../model/disks/pressure.ts';
import type { Model } from '../../model/model.ts';
import { okValue } from '../../sample/reading.ts';
import { flushText } from '../write-back.ts';

const maxWriters = 5;
/** Bytes per second; any node writes less than this. */
const leastShown = 100_000;

/** The disks in a few lines: pressure and its meaning, devices that are busy or in trouble, top writers. */
export function diskLines(model: Model): string[] {
  const { disks } = model;
  if (disks === null) return [];
  const { kind, text } = pressurePattern(model);
  return [
    `disk I/O     ${pressureText(model)}, dirty ${formatBytes(disks.dirtyBytes)}, writeback ${formatBytes(disks.writebackBytes)}`,
    ...(kind === 'calm' ? [] : [`  ${text}`]),
    ...(disks.flush === null ? [] : [`  ${flushText(disks.flush)}`]),
    ...disks.list.filter(isShown).flatMap(deviceLines),
    ...writerLines(model),
  ];
}

function pressureText({ disks }: Model): string {
  const io = okValue(disks?.pressure);
  if (io !== null)
    return `pressure some ${formatPercent(io.some.avg10)}, full ${formatPercent(io.full?.avg10 ?? null)}`;
  const ioWait = disks?.substitute?.ioWaitPercent ?? null;
  const waiting = disks?.procsBlocked ?? null;
  return [
    'pressure unknown',
    ...(ioWait === null ? [] : [`iowait ${formatPercent(ioWait)} instead`]),
    ...(waiting === null ? [] : [`${waiting} waiting for I/O`]),
  ].join(', ');
}

function isShown({ rates, faults }: DiskModel): boolean {
  return faults.length > 0 || (rates !== null && rates.utilPercent >= 1);
}

function deviceLines({ name, rates, faults, roots, mounts }: DiskModel): string[] {
  const holds = [...roots.map(({ of }) => `${of} root`), ...mounts.map(({ path }) => path)].slice(0, 3).join(' ');
  const figures =
    rates === null
      ? ''
      : ` busy ${formatPercent(rates.utilPercent)}, read ${formatByteRate(rates.readBytesPerSec)}, write ${formatByteRate(rates.writeBytesPerSec)}, ` +
        `r_await ${formatMs(rates.readAwaitMs)}, w_await ${formatMs(rates.writeAwaitMs)}`;
  return [`  ${name}${figures}${holds === '' ? '' : `  (${holds})`}`, ...faults.map(({ text }) => `    ${text}`)];
}

function writerLines({ writers }: Model): string[] {
  const shown = (writers?.list ?? []).filter(
    (writer) => writer.writeBytesPerSec + writer.readBytesPerSec >= leastShown,
  );
  return shown.slice(0, maxWriters).map((writer) => {
    const where = writer.containerName ?? writer.containerId?.slice(0, 12);
    return `  ${writer.comm} (${writer.pid}) writes ${formatByteRate(writer.writeBytesPerSec)}, reads ${formatByteRate(writer.readBytesPerSec)}${where === undefined ? '' : `, ${where}`}`;
  });
}
