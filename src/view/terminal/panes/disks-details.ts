import { formatByteRate } from '../../../base/bytes.ts';
import { formatDecimal, nothing } from '../../../base/counts.ts';
import { formatMs, formatSeconds } from '../../../base/durations.ts';
import { formatPercent } from '../../../base/percent.ts';
import type { DiskModel } from '../../../model/disks/disks.ts';
import type { DiskMount } from '../../../sample/disks.ts';
import { clean } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';
import { detail } from './pane.ts';

/** All details of a device. */
export function diskDetails(disk: DiskModel): Line[] {
  const { rates } = disk;
  const some = (label: string, names: readonly string[]): Line[] =>
    names.length === 0 ? [] : [detail(label, clean(names.join(' ')))];
  return [
    detail('device', clean(`${disk.name}, ${disk.device}${kindText(disk)}`)),
    ...(disk.label === null ? [] : [detail('name', clean(disk.label))]),
    ...disk.faults.map(
      ({ kind, severe, text }): Line => [span(kind.padEnd(18), 'dim'), span(text, severe ? 'critical' : 'warning')],
    ),
    detail('busy', `${formatPercent(rates?.utilPercent ?? null)} of the time`),
    detail(
      'read',
      `${rateText(rates?.readsPerSec, rates?.readBytesPerSec)}, r_await ${formatMs(rates?.readAwaitMs ?? null)}`,
    ),
    detail(
      'written',
      `${rateText(rates?.writesPerSec, rates?.writeBytesPerSec)}, w_await ${formatMs(rates?.writeAwaitMs ?? null)}`,
    ),
    detail(
      'flushed',
      rates === null || rates.flushesPerSec === null
        ? 'not counted by this kernel'
        : `${formatDecimal(rates.flushesPerSec)}/s, f_await ${formatMs(rates.flushAwaitMs)}`,
    ),
    detail('queue', `${formatDecimal(rates?.queue)} on average, ${disk.inFlight} now`),
    ...(disk.stillSeconds === null
      ? []
      : [detail('stalled', `for ${formatSeconds(disk.stillSeconds)}: ${disk.inFlight} in flight, none completed`)]),
    ...disk.roots.map(({ of, path }) => detail(`${of} root`, clean(path))),
    ...some('built on', disk.slaves),
    ...some('carries', disk.carries),
    ...some('partitions', disk.partitions),
    ...disk.mounts.map((mount, index) => detail(index === 0 ? 'mounted' : '', clean(mountText(mount)))),
  ];
}

function kindText({ rotational }: DiskModel): string {
  return rotational === null ? '' : rotational ? ', rotational' : ', not rotational';
}

function rateText(perSec: number | undefined, bytesPerSec: number | undefined): string {
  return perSec === undefined ? nothing : `${formatDecimal(perSec)}/s, ${formatByteRate(bytesPerSec ?? null)}`;
}

/** `/var/lib/docker ext4 from /dev/loop0` */
function mountText({ path, type, source, root, readOnly, filesystemReadOnly }: DiskMount): string {
  const part = root === '/' ? '' : `, subtree ${root}`;
  const mode = readOnly || filesystemReadOnly ? ', read-only' : '';
  return `${path} ${type} from ${source}${part}${mode}`;
}
