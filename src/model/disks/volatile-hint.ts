import type { DaemonModel } from '../daemons/daemons.ts';
import type { ProcessesModel } from '../processes/processes.ts';
import type { DisksModel } from './disks.ts';
import type { FlushWaiter } from './flush.ts';
import type { WritersModel } from './writers.ts';

/** Its basis; null if a source is missing. */
interface UnpackParts {
  readonly processes: ProcessesModel | null;
  readonly writers: WritersModel | null;
  readonly disks: DisksModel | null;
  readonly daemons: readonly DaemonModel[] | null;
}

/** Indications of images being pulled and unpacked, and the consequence for processes that wait for dirty memory. */
export interface UnpackHint {
  /** Programs at work that dockerd runs to unpack layers (`unpigz`, `docker-untar`), as far as they are seen. */
  readonly unpackers: readonly { readonly pid: number; readonly comm: string }[];
  /** The processes in umount, sync or fsync. */
  readonly waiters: readonly FlushWaiter[];
  /**
   * Whether containerd's overlay mounts carry `volatile`: without it the umount of a container's root waits until everything
   * dirty of the whole filesystem is written. Null when there are none to judge by.
   */
  readonly volatileMounts: 'all' | 'some' | 'none' | null;
  /** Whether this containerd has the setting; null when its version is not known. */
  readonly canBeVolatile: boolean | null;
  /** The advice, in words; null if no process waits, or volatile is set. */
  readonly text: string | null;
}

/** dockerd runs unpigz, and itself under the name `docker-untar`, for every layer it unpacks. */
const unpackers = new Set(['unpigz', 'docker-untar', 'docker-applyLay', 'docker-applyLayer']);

/** containerd pull request 8676 (`mount_options` of the overlay snapshotter) came with 1.6.24, 1.7.4 and 2.0.0. */
export function unpackHint({ processes, writers, disks, daemons }: UnpackParts): UnpackHint {
  const seen = [...(processes?.list ?? []), ...(writers?.list ?? [])];
  const working = new Map(seen.filter(({ comm }) => unpackers.has(comm)).map(({ pid, comm }) => [pid, { pid, comm }]));
  const waiters = disks?.flush?.waiters ?? [];
  const overlays = disks?.taskOverlays ?? null;
  const version = daemons?.find(({ name }) => name === 'containerd')?.version ?? null;
  const volatileMounts = overlays === null || overlays.total === 0 ? null : shareOf(overlays);
  const canBeVolatile = version === null ? null : hasMountOptions(version);
  const advise = waiters.some(({ call }) => call !== 'fsync') && volatileMounts !== null && volatileMounts !== 'all';
  return {
    unpackers: [...working.values()],
    waiters,
    volatileMounts,
    canBeVolatile,
    text: advise ? adviceOf(version, canBeVolatile) : null,
  };
}

function shareOf({ total, volatile }: { total: number; volatile: number }): UnpackHint['volatileMounts'] {
  return volatile === 0 ? 'none' : volatile === total ? 'all' : 'some';
}

/** Null for a version of another form. */
function hasMountOptions(version: string): boolean | null {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return null;
  if (major !== 1) return major > 1;
  return minor === 6 ? patch >= 24 : minor === 7 ? patch >= 4 : minor > 7;
}

function adviceOf(version: string | null, can: boolean | null): string {
  const cause =
    "the umount of a container's root waits until all dirty memory of its filesystem is written, because containerd mounted it without volatile";
  const setting = '[plugins."io.containerd.snapshotter.v1.overlayfs"] mount_options = ["volatile"]';
  const need = can === false ? ` (containerd ${version} does not have it: 1.6.24, 1.7.4 and 2.0 do)` : '';
  return `${cause}; ${setting} ends that for new containers${need}, at the price of the layer's data after a crash; it needs Linux 5.10`;
}
