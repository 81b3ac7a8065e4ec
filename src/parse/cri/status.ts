import type { ContainerStatusAnswer, CriContainerStatus } from './messages.ts';

/** The states of a container of runtime.v1, by number. */
const states = ['CONTAINER_CREATED', 'CONTAINER_RUNNING', 'CONTAINER_EXITED', 'CONTAINER_UNKNOWN'] as const;

/** What `ContainerStatus` says of a container, with the field names and forms of its JSON (`crictl inspect`). */
export interface ContainerStatusJson {
  readonly id: string;
  readonly metadata: CriContainerStatus['metadata'];
  readonly state: string;
  /** ISO 8601; null for what did not happen yet. */
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly exitCode: number;
  readonly image: CriContainerStatus['image'];
  readonly imageRef: string;
  readonly reason: string;
  readonly message: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly mounts: CriContainerStatus['mounts'];
  readonly logPath: string;
}

/** @returns null for an answer without a status */
export function readContainerStatus({ status }: ContainerStatusAnswer): ContainerStatusJson | null {
  if (status === undefined) return null;
  return {
    id: status.id,
    metadata: status.metadata,
    state: states[status.state] ?? 'CONTAINER_UNKNOWN',
    createdAt: momentOf(status.createdAt),
    startedAt: momentOf(status.startedAt),
    finishedAt: momentOf(status.finishedAt),
    exitCode: status.exitCode,
    image: status.image,
    imageRef: status.imageRef,
    reason: status.reason,
    message: status.message,
    labels: status.labels,
    annotations: status.annotations,
    mounts: status.mounts,
    logPath: status.logPath,
  };
}

/** Nanoseconds since 1970; what no date can hold, and the zero that stands for never, is null. */
function momentOf(nanoseconds: bigint): string | null {
  const ms = Number(nanoseconds / 1_000_000n);
  return nanoseconds <= 0n || ms > 8.64e15 ? null : new Date(ms).toISOString();
}
