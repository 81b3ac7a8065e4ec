import type { ContainerInspect, PendingKill } from '../../../sample/containers.ts';
import type { Reading } from '../../../sample/reading.ts';
import type { SignTally } from '../../logs/logs.ts';
import type { Wait } from '../../processes/waits.ts';
import type { Worker } from '../workers.ts';

/** One piece of evidence that a container should have exited or been removed, and still exists. */
export interface StuckEvidence {
  readonly kind: EvidenceKind;
  /** For people, one sentence without its full stop. */
  readonly text: string;
  /** The file, request or log that it comes from. */
  readonly source: string;
  /** Milliseconds since 1970; null if unknown. */
  readonly since: number | null;
  /** `since` is when rtwatch first saw it: it may have begun before. */
  readonly beganBefore: boolean;
  /** A proof stands alone; of signs it takes two that do not come from the same witness. */
  readonly strength: 'proof' | 'sign';
  /** Things that are seen in the same place are one witness, however many they are. */
  readonly witness: 'task' | 'signal' | 'state' | 'inspect' | 'shim' | 'daemon' | 'log';
  /** What it does not get done. */
  readonly phase: Phase;
}

/** The piece of evidence that reaches back furthest; null if none says since when. */
export function earliest(evidence: readonly StuckEvidence[]): StuckEvidence | null {
  const [first] = evidence
    .filter(({ since }) => since !== null)
    .toSorted((a, b) => (a.since ?? 0) - (b.since ?? 0) || Number(a.beganBefore) - Number(b.beganBefore));
  return first ?? null;
}

export type Phase = 'stop' | 'removal';

type EvidenceKind =
  | 'kill-pending'
  | 'task-blocked'
  | 'zombie-leader'
  | 'kill-unanswered'
  | 'stop-unanswered'
  | 'inspect-silent'
  | 'status-silent'
  | 'shim-stopped'
  | 'shim-blocked'
  | 'daemon-blocked'
  | 'removing'
  | 'dead'
  | 'inspect-differs'
  | 'removal-failed'
  | 'outlived-sandbox'
  | 'log';

/** A task of a container that does not run on, or is doomed. */
export interface StuckTask {
  readonly pid: number;
  readonly comm: string;
  /** State letter of its leader. */
  readonly state: string;
  /** It, or a thread of it, is in D. */
  readonly inD: boolean;
  readonly killPending: boolean;
  /** For how long SIGKILL was seen pending, in milliseconds, and at how many polls. */
  readonly killPendingMs: number;
  readonly killPendingPolls: number;
  /** How long it waits; null when not known. */
  readonly seconds: number | null;
  /** `seconds` is the time since it last ran, not since rtwatch started. */
  readonly exact: boolean;
  readonly wchan: string | null;
  readonly waits: Wait | null;
}

/** The shim above a container, with how long it has been in trouble. */
export interface ShimFacts {
  readonly pid: number;
  readonly state: string;
  /** Kernel functions its threads in D wait in. */
  readonly waits: readonly string[];
  /** How long it was seen stopped, or with a thread in D, in milliseconds. */
  readonly troubledMs: number;
}

/** What list and kernel say of the pod whose sandbox it is. */
export interface SandboxFacts {
  /** Its pause process runs, as the runtime has it. */
  readonly ready: boolean;
  /** Containers in it that are listed as running. */
  readonly running: number;
  /** Containers in it, and itself, that still have processes. */
  readonly left: number;
}

/** All that is known of one container, from every source that may know it. */
export interface StuckFacts {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly id: string;
  /** From the engine's list; null for a container that only the kernel knows. */
  readonly listState: string | null;
  /** Since when the list says so, as far as rtwatch saw it; milliseconds since 1970. */
  readonly stateSince: number;
  /** It was in that state when rtwatch first saw it. */
  readonly stateBeganBefore: boolean;
  /** Seconds since 1970; 0 when not known. */
  readonly createdAt: number;
  readonly kill: PendingKill | null;
  readonly inspect: Reading<ContainerInspect> | null;
  /** How it was inspected: through the engine by inspect, or through containerd or CRI-O by ContainerStatus. */
  readonly inspectedThrough: 'engine' | 'cri';
  /** Of a pod sandbox; null for a container. */
  readonly sandbox: SandboxFacts | null;
  /** The engine answers its list, and inspects of others: silence is about this container. */
  readonly othersAnswer: boolean;
  readonly tasks: readonly StuckTask[];
  readonly shim: ShimFacts | null;
  /** The daemon that removes it, when the kernel holds that. */
  readonly worker: Worker | null;
  /** The log patterns that name it. */
  readonly tallies: readonly SignTally[];
}
