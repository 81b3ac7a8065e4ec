import type { DisksModel } from '../disks/disks.ts';
import { diskWaitOf } from '../disks/waits.ts';
import { type BlockedPlace, blockedPlace } from './blocked-places.ts';
import type { ProcessModel } from './processes.ts';
import type { WaitKind } from './wait-kind.ts';

/** Processes in D that wait for the same: one thing that is wrong, however many it holds up. */
export interface BlockedGroup {
  /** The same from one poll to the next. */
  readonly key: string;
  /** Null if the place is unknown. */
  readonly place: BlockedPlace | null;
  /** The longest first. */
  readonly processes: readonly ProcessModel[];
  readonly kernelThreads: readonly ProcessModel[];
  /** Of the processes, those of which only the kind of wait says that they belong here. */
  readonly supposed: ReadonlySet<number>;
}

/** Groups processes in D by the device or filesystem they wait for, and where that is not known by what they wait in. */
export function groupBlocked(processes: readonly ProcessModel[], disks: DisksModel | null): BlockedGroup[] {
  const found = processes.map((process) => ({ process, place: blockedPlace(process, disks) }));
  const only = onlyDevice(found);
  const groups = Map.groupBy(found, ({ process, place }) => place?.key ?? unplacedKey(process, only));
  return [...groups]
    .map(([key, members]): BlockedGroup => {
      const all = members.map(({ process }) => process).sort((a, b) => b.seconds - a.seconds || a.pid - b.pid);
      // A mountpoint says more than the name of a device.
      const places = members.flatMap(({ place }) => place ?? []).sort((a, b) => (a.label < b.label ? -1 : 1));
      return {
        key,
        place: places.find(({ mountPoint }) => mountPoint !== null) ?? places[0] ?? null,
        processes: all.filter(({ kernelThread }) => !kernelThread),
        kernelThreads: all.filter(({ kernelThread }) => kernelThread),
        supposed: new Set(
          members.filter(({ place }) => place === null && key === only).map(({ process }) => process.pid),
        ),
      };
    })
    .sort((a, b) => longest(b) - longest(a) || (a.key < b.key ? -1 : 1));
}

interface Placed {
  readonly process: ProcessModel;
  readonly place: BlockedPlace | null;
}

/** The one device of a disk that anything waits for; null when there is none, or a choice. */
function onlyDevice(found: readonly Placed[]): string | null {
  const keys = new Set(
    found.flatMap(({ process, place }) =>
      place !== null && ['disk', 'frozen'].includes(diskWaitOf(process)) ? [place.key] : [],
    ),
  );
  const [only, ...others] = keys;
  return only === undefined || others.length > 0 ? null : only;
}

/** A wait for some disk is for the one that others wait for; the lock of its own memory is each process’s own. */
function unplacedKey(process: ProcessModel, only: string | null): string {
  if (diskWaitOf(process) === 'disk') return only ?? 'a disk';
  const kind = process.waits?.kind ?? 'unknown';
  if (ownWaits.has(kind)) return `${kind} ${process.pid}`;
  return kind === 'unknown' ? `in ${process.wchan ?? 'the kernel'}` : kind;
}

/** Waits for something of the process itself: that two of them have the same kind is no connection. */
const ownWaits: ReadonlySet<WaitKind> = new Set([
  ...(['memory-lock', 'memory-teardown', 'vfio', 'async-io', 'coredump', 'exit', 'seccomp'] as const),
]);

function longest({ processes, kernelThreads }: BlockedGroup): number {
  return Math.max(processes[0]?.seconds ?? 0, kernelThreads[0]?.seconds ?? 0);
}
