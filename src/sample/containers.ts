import type { Reading } from './reading.ts';

/** The containers as the engine's API reports them. */
export interface ContainersValue {
  /** How long the latest container list took, in milliseconds. */
  readonly listMs: number;
  /** Whether the event stream is open; if not, the list is only as fresh as its polling period. */
  readonly events: Reading<{ readonly seen: number }>;
  readonly containers: readonly ContainerValue[];
  /** Inspects answered since the start: compared with it, an unanswered one stands out. */
  readonly inspected: number;
  /** Containers created and exited since `since`, according to the events that the engine remembered and sent later. */
  readonly churn: ContainerChurn | null;
}

export interface ContainerChurn {
  /** Milliseconds since 1970: the oldest known event. */
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
  /** The engine's own text: `Up 3 hours`, `Removal In Progress`, `Dead`. */
  readonly status: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Only the labels that name pods, and services of compose and swarm (see `parse/engine/list.ts`). */
  readonly labels: Readonly<Record<string, string>>;
  /** Signals sent through the API without a `die` event since; null if there are none. */
  readonly kill: PendingKill | null;
  /**
   * Inspect of a container that misbehaves, or whose inspect fails or hangs; null if all is well. Pending from the first
   * unanswered request until one is answered, however many follow it.
   */
  readonly inspect: Reading<ContainerInspect> | null;
  /** How it was created, according to its inspect; missing before its turn for an inspect. */
  readonly settings?: MadeWith;
}

/** `kill` events without a `die` event after them. */
export interface PendingKill {
  /** Milliseconds since 1970, by the engine's clock. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
  /**
   * How many stop attempts there were: SIGTERM and the SIGKILL that follows it are one attempt. A lower bound, since the
   * engine remembers 256 events.
   */
  readonly attempts: number;
  /** The number of the latest signal. */
  readonly signal: number;
  /** Each signal that was sent, in order of the first sending. */
  readonly signals: readonly SentSignal[];
}

/** How often one signal was sent through the API. The engine reports it only after containerd accepted it. */
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
  /** Host pid of the container's init; 0 if it has none. */
  readonly pid: number;
  /** `State.Error`: why its start, or its removal, failed. */
  readonly error: string;
  /** Milliseconds since 1970; null if it never happened. */
  readonly startedAt: number | null;
  /** Seconds between the signal and SIGKILL (`Config.StopTimeout`); null for the engine's default of ten. */
  readonly stopTimeoutSeconds: number | null;
  /** It runs an init that reaps (`--init`). */
  readonly init: boolean;
  readonly logDriver: string | null;
  /** Its log is rotated (`max-size` of json-file, or a driver that does not need it). */
  readonly logRotated: boolean | null;
  /** How often the engine started it again by its restart policy; missing in recordings of before. */
  readonly restarts?: number;
  /** The storage driver's directory of its writable layer (GraphDriver.Data.MergedDir); null if unknown. */
  readonly mergedDir: string | null;
  /** Bounded. */
  readonly mounts: readonly InspectedMount[];
}

export interface InspectedMount {
  /** `bind`, `volume`, `tmpfs`. */
  readonly type: string;
  readonly source: string;
  readonly destination: string;
  /** `rprivate`, `rslave`, `rshared`, …; empty if unknown. */
  readonly propagation: string;
}

/** How it was made, which decides what can go wrong with it, and how often it was started again. */
export type MadeWith = Pick<ContainerInspect, 'init' | 'logDriver' | 'logRotated' | 'restarts'>;
