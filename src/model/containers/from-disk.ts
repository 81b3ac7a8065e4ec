import { formatAgo } from '../../base/durations.ts';
import type { CriValue, DiskStatus } from '../../sample/cri.ts';
import type { ContainerModel } from './container.ts';

/** What files of containerd say of containers, by id. */
export function diskStatuses(cri: CriValue | null): ReadonlyMap<string, DiskStatus> {
  const all = (cri?.runtimes ?? []).flatMap((runtime) => runtime.diskStatuses ?? []);
  return new Map(all.map((status) => [status.containerId, status]));
}

/** A container that only the kernel shows, with what its file says: no proof of anything, because it may be old. */
export function withDiskStatus(model: ContainerModel, status: DiskStatus | undefined, at: number): ContainerModel {
  if (status === undefined) return model;
  return {
    ...model,
    state: model.state === 'unknown' ? stateOf(status) : model.state,
    status: model.status === '' ? wordsOf(status, at) : model.status,
    createdAt: model.createdAt === 0 ? Math.round(status.createdAt / 1000) : model.createdAt,
  };
}

/** pkg/cri/store/container/status.go, State(). */
function stateOf({ startedAt, finishedAt }: DiskStatus): string {
  if (finishedAt !== null) return 'exited';
  return startedAt === null ? 'created' : 'running';
}

/** `started 3h ago, by its status file` */
function wordsOf({ createdAt, startedAt, finishedAt, exitCode }: DiskStatus, at: number): string {
  const ago = (moment: number): string => formatAgo((at - moment) / 1000);
  const what =
    finishedAt !== null
      ? `exited (${exitCode ?? 'unknown'}) ${ago(finishedAt)}`
      : startedAt !== null
        ? `started ${ago(startedAt)}`
        : `created ${ago(createdAt)}`;
  return `${what}, by its status file`;
}
