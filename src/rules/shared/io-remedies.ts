import { formatBytes } from '../../base/bytes.ts';
import { quote } from '../../base/shell-word.ts';
import type { CgroupsModel } from '../../model/cgroups/cgroups.ts';
import type { DisksModel } from '../../model/disks/disks.ts';
import { heldUpSeconds } from '../../model/disks/faults.ts';
import type { UnpackHint } from '../../model/disks/volatile-hint.ts';
import type { Parts } from '../engine/parts.ts';
import type { Remedy } from '../engine/rule.ts';
import type { BusyDevice } from './io-devices.ts';
import { topWriters, whoOf } from './io-evidence.ts';

/** What judging I/O takes. */
export type IoParts = { readonly disks: DisksModel } & Parts<'processes' | 'writers' | 'cgroups' | 'daemons'>;

interface IoCase extends Pick<IoParts, 'disks' | 'writers' | 'cgroups'> {
  readonly worst: BusyDevice | null;
  readonly hint: UnpackHint;
}

/** A container that is slowed down to this still does something. */
const slowBytesPerSec = 20_000_000;
/** With more dirty memory than this, sync waits for long on a slow disk. */
const muchDirtyBytes = 512 * 1024 ** 2;

/** Now: find or slow down the writer. Later: give the runtimes' data its own disk, and keep waits short. */
export function ioRemedies(io: IoCase): Remedy[] {
  if (io.worst !== null && heldUpSeconds(io.worst.disk) !== null) return [...deviceRemedy(io), restartHint];
  return [...writerRemedy(io), ...dirtyRemedy(io), ...unpackRemedies(io), ...ownDiskRemedy(io)];
}

const restartHint: Remedy = {
  text: 'Do not restart the container daemons meanwhile: they write to disks too and would hang in it.',
  command: null,
  risk: 'none',
};

function deviceRemedy({ worst }: IoCase): Remedy[] {
  const slaves =
    worst === null || worst.disk.slaves.length === 0 ? '' : ` It is built on ${worst.disk.slaves.join(', ')}.`;
  return [
    {
      text: `See what the kernel says of the device, and bring back what it is built on: its requests wait until then.${slaves}`,
      command: 'dmesg --level=err,warn | tail -40',
      risk: 'none',
    },
  ];
}

/** `io.max` limits only what is written through the group; it needs cgroup v2 for buffered writes. */
function writerRemedy({ worst, writers, cgroups }: IoCase): Remedy[] {
  const [writer] = topWriters({ writers });
  if (writer === undefined) {
    return [{ text: 'See the top readers and writers.', command: 'rtwatch check --for 15s', risk: 'none' }];
  }
  const group = cgroups?.version === 'v2' ? groupPath(writer.containerId, cgroups) : null;
  if (group !== null && worst !== null) {
    return [
      {
        text: `Slow ${whoOf(writer)} down to 20 MB/s (“max” takes it back).`,
        command: `echo '${worst.disk.device} wbps=${slowBytesPerSec}' > ${quote(`/sys/fs/cgroup/${group.replace(/^\//, '')}/io.max`)}`,
        risk: 'low',
      },
    ];
  }
  return [
    {
      text: `Ask what ${whoOf(writer)} does, and stop or move it if it can wait; I/O schedulers that know classes (bfq, cfq, and mq-deadline since Linux 5.14) serve it last.`,
      command: `ionice -c 3 -p ${writer.pid}`,
      risk: 'low',
    },
  ];
}

function groupPath(containerId: string | null, cgroups: CgroupsModel): string | null {
  if (containerId === null) return null;
  return cgroups.containers.find((group) => group.containerId === containerId)?.path ?? null;
}

function dirtyRemedy({ disks }: IoCase): Remedy[] {
  const left = (disks.dirtyBytes ?? 0) + (disks.writebackBytes ?? 0);
  if (left < muchDirtyBytes) return [];
  return [
    {
      text: `Let less dirty memory pile up (${formatBytes(left)} now), so that sync and umount wait less; writers are throttled earlier.`,
      command: 'sysctl -w vm.dirty_background_bytes=67108864 vm.dirty_bytes=268435456',
      risk: 'low',
    },
  ];
}

function unpackRemedies({ hint }: IoCase): Remedy[] {
  return [
    ...(hint.text === null ? [] : [{ text: `${upper(hint.text)}.`, command: null, risk: 'low' as const }]),
    ...(hint.unpackers.length === 0
      ? []
      : [
          {
            text: 'Pull fewer images at a time: "max-concurrent-downloads" in daemon.json (a reload takes it), serializeImagePulls of the kubelet.',
            command: 'systemctl reload docker',
            risk: 'low' as const,
          },
        ]),
  ];
}

function ownDiskRemedy({ worst }: IoCase): Remedy[] {
  if (worst === null || worst.roots === '') return [];
  return [
    {
      text: `In the long run, keep ${worst.roots} on a disk of its own, apart from what else is written to ${worst.name}.`,
      command: null,
      risk: 'none',
    },
  ];
}

function upper(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
