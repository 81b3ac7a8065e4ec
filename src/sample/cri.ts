import type { ContainerChurn } from './containers.ts';
import type { Reading } from './reading.ts';

/** What the container runtimes that speak gRPC say: every containerd and CRI-O of the node. */
export interface CriValue {
  readonly runtimes: readonly CriRuntime[];
}

/** One containerd or CRI-O. Its lists are the newest that it gave, also while it gives no new one. */
export interface CriRuntime {
  readonly kind: 'containerd' | 'crio';
  /** As a URL: `unix:///run/containerd/containerd.sock`. */
  readonly socket: string;
  /** Who listens there; null when that is not known. */
  readonly pid: number | null;
  /** The round trip of `Version`, which takes no lock: a runtime that does not answer it answers nothing. */
  readonly ping: Reading<{ readonly ms: number }>;
  /** Null before the first answer. */
  readonly version: string | null;
  /** How `ListPodSandbox` goes; absent on a containerd without the CRI. */
  readonly sandboxList: Reading<{ readonly ms: number }>;
  /** How `ListContainers` goes, which waits for the status lock of each container. */
  readonly containerList: Reading<{ readonly ms: number }>;
  /** Whether the stream of events is open. */
  readonly events: Reading<{ readonly seen: number }>;
  readonly sandboxes: readonly PodSandbox[];
  /** Of the CRI, and of the other namespaces of containerd that are no other engine's. */
  readonly containers: readonly CriContainer[];
  /** While the list hangs: containers whose own status does not answer. Something holds their status lock. */
  readonly heldStatuses: readonly HeldStatus[];
  /** Tasks that came and went since the stream was opened first; null before the first event. */
  readonly churn: ContainerChurn | null;
  /** Where CRI-O keeps its containers, and with which driver; absent for containerd, and before the first answer. */
  readonly storage?: { readonly root: string; readonly driver: string };
  /** Of a containerd that does not answer and gave no list since rtwatch started: what its files say of the containers below shims. */
  readonly diskStatuses?: readonly DiskStatus[];
}

/** What containerd wrote to the disk about a pod’s container. */
export interface DiskStatus {
  readonly containerId: string;
  /** Milliseconds since 1970; null for what did not happen. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Null before its exit. */
  readonly exitCode: number | null;
}

/** A pod as the runtime sees it. */
export interface PodSandbox {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly attempt: number;
  /** SANDBOX_READY: its pause process runs. */
  readonly ready: boolean;
  /** Seconds since 1970. */
  readonly createdAt: number;
}

export interface CriContainer {
  readonly id: string;
  /** Null in namespaces other than the CRI's. */
  readonly sandboxId: string | null;
  /** The namespace of containerd: `k8s.io` for the CRI. */
  readonly runtimeNamespace: string;
  /** As in the pod's specification; for others the name that nerdctl gave, or the id. */
  readonly name: string;
  readonly image: string;
  /** `created`, `running`, `exited`; `unknown` of the CRI's, or where the list does not say (outside the CRI). */
  readonly state: 'created' | 'running' | 'exited' | 'unknown';
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** How many times the kubelet recreated it; null when unknown. */
  readonly restarts: number | null;
  /** Only the labels that name pods and compose services. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A container whose `ContainerStatus` is open for longer than answers take. */
export interface HeldStatus {
  readonly containerId: string;
  readonly forMs: number;
}
