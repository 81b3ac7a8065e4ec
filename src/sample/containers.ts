import type { Reading } from './reading.ts';

/** The containers as the engine's API tells them. */
export interface ContainersValue {
  /** How long the newest answer to the container list took, in milliseconds. */
  readonly listMs: number;
  /** Whether the event stream is open; when it is not, the list is only as fresh as its period. */
  readonly events: Reading<{ readonly seen: number }>;
  readonly containers: readonly ContainerValue[];
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
  /** Only the labels that name pods and compose services (see `collect/containers.ts`). */
  readonly labels: Readonly<Record<string, string>>;
  /** Signals sent through the API that no `die` event has answered yet; null when there are none. */
  readonly kill: PendingKill | null;
  /** What inspect says, for containers that needed asking (not running as they should); null when not asked. */
  readonly inspect: Reading<ContainerInspect> | null;
}

/** `kill` events without a `die` after them. */
export interface PendingKill {
  /** Milliseconds since 1970, by the engine's clock. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
  /** The newest signal's number. */
  readonly signal: number;
}

/** The part of inspect that can contradict the list. */
export interface ContainerInspect {
  readonly status: string;
  /** Host pid of the container's init; 0 when it has none. */
  readonly pid: number;
  readonly error: string;
}
