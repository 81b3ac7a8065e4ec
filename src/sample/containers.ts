import type { Reading } from './reading.ts';

/** The containers as the engine's API tells them. */
export interface ContainersValue {
  /** How long the newest answer to the container list took, in milliseconds. */
  readonly listMs: number;
  /** Whether the event stream is open; when it is not, the list is only as fresh as its period. */
  readonly events: Reading<{ readonly seen: number }>;
  readonly containers: readonly ContainerValue[];
  /** Inspects that were answered since the start: with it, one that is not answered stands out. */
  readonly inspected: number;
  /** Containers created and ended since `since`, by the events that the engine remembered and told after. */
  readonly churn: ContainerChurn | null;
}

export interface ContainerChurn {
  /** Milliseconds since 1970: the oldest event that is known. */
  readonly since: number;
  readonly created: number;
  readonly died: number;
  readonly destroyed: number;
}

export interface ContainerValue {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly image: string;
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited`, `dead` (moby container/state.go). */
  readonly state: string;
  /** The engine's own words: `Up 3 hours`, `Removal In Progress`, `Dead`. */
  readonly status: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Only the labels that name pods, and services of compose and swarm (see `parse/container-list.ts`). */
  readonly labels: Readonly<Record<string, string>>;
  /** Signals sent through the API that no `die` event has answered yet; null when there are none. */
  readonly kill: PendingKill | null;
  /**
   * What inspect says of containers that do not behave, and of any whose inspect fails or hangs; null when all is well.
   * Pending from the first question that was not answered until one is, however often it was asked since.
   */
  readonly inspect: Reading<ContainerInspect> | null;
  /** How it was made, as its inspect told when its turn came; absent before that. */
  readonly settings?: MadeWith;
}

/** `kill` events without a `die` after them. */
export interface PendingKill {
  /** Milliseconds since 1970, by the engine's clock. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
  /**
   * How many times someone asked it to end: SIGTERM and the SIGKILL that follows it are one attempt. A lower bound, since
   * the engine remembers 256 events.
   */
  readonly attempts: number;
  /** The newest signal's number. */
  readonly signal: number;
  /** Each signal that was sent, the first sent first. */
  readonly signals: readonly SentSignal[];
}

/** How often one signal was sent through the API. The engine tells of it only after containerd took it. */
export interface SentSignal {
  readonly signal: number;
  readonly count: number;
  /** Milliseconds since 1970, by the engine's clock. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** The part of inspect that can contradict the list. */
export interface ContainerInspect {
  readonly status: string;
  /** Host pid of the container's init; 0 when it has none. */
  readonly pid: number;
  /** `State.Error`: why its start, or its removal, failed. */
  readonly error: string;
  /** Milliseconds since 1970; null when it never happened. */
  readonly startedAt: number | null;
  /** Seconds between the signal and SIGKILL (`Config.StopTimeout`); null for the engine's default of ten. */
  readonly stopTimeoutSeconds: number | null;
  /** It runs an init that reaps (`--init`). */
  readonly init: boolean;
  readonly logDriver: string | null;
  /** Its log is rotated (`max-size` of json-file, or a driver that needs none). */
  readonly logRotated: boolean | null;
  /** The storage driver's directory of its writable layer (GraphDriver.Data.MergedDir); null when not told. */
  readonly mergedDir: string | null;
  /** Bounded. */
  readonly mounts: readonly InspectedMount[];
}

export interface InspectedMount {
  /** `bind`, `volume`, `tmpfs`. */
  readonly type: string;
  readonly source: string;
  readonly destination: string;
  /** `rprivate`, `rslave`, `rshared`, …; empty when not told. */
  readonly propagation: string;
}

/** What cannot change while a container lives, and decides what can go wrong with it. */
export type MadeWith = Pick<ContainerInspect, 'init' | 'logDriver' | 'logRotated'>;
