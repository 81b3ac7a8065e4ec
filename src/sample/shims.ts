/**
 * The containers according to the kernel: the shims, and the processes below each. This needs no engine, so it works while
 * dockerd does not answer.
 */
export interface ShimsValue {
  /** The lowest pid first. */
  readonly shims: readonly ShimValue[];
  /** Containers with processes in their cgroup but no shim above them (it died, or they belong to another runtime). */
  readonly orphans: readonly ContainerTasks[];
  /** What the tasks of pods are called, by the OCI specification in their directories; absent in older samples. */
  readonly names?: readonly BundleName[];
  /** What the containers of Podman and nerdctl are called, which no list of a runtime names; absent if there are none. */
  readonly plainNames?: readonly PlainName[];
}

/** A container of an engine without pods and without a daemon. */
export interface PlainName {
  readonly id: string;
  readonly name: string;
  readonly engine: 'podman' | 'nerdctl';
}

/** The pod of a task, as the annotations of its OCI specification name it. */
export interface BundleName {
  readonly id: string;
  readonly pod: string;
  readonly namespace: string;
  /** Null for the sandbox itself. */
  readonly container: string | null;
  readonly image: string | null;
}

/** The namespaces of containerd that dockerd works in: those of its containers and of its plugins. */
export const dockerNamespaces: ReadonlySet<string> = new Set(['moby', 'plugins.moby']);

/** A `containerd-shim`: Docker has one for each container, the CRI one for each pod. Or a `conmon` of CRI-O or Podman: one for each container; or a `conmonrs` of CRI-O: one for each pod. */
export interface ShimValue {
  readonly pid: number;
  /** Clock ticks after boot; with the pid, the identity of the process. */
  readonly starttime: number;
  /** By the node's uptime at the time of the reading. Older than its dockerd: the daemon was restarted. */
  readonly ageSeconds: number;
  readonly comm: string;
  /** State letter of its leader: T if it is stopped, D if it hangs (in umount, say). */
  readonly state: string;
  /** Kernel functions its threads in D wait in. */
  readonly waits: readonly string[];
  /** Inode of its mount namespace; null if unreadable. */
  readonly mountNamespace: string | null;
  /** Its working directory, `…/io.containerd.runtime.v2.task/<namespace>/<id>`; null if unreadable. */
  readonly bundle: string | null;
  /** From the bundle: `moby`, `plugins.moby`, `k8s.io`, `default`, …; of a conmon `cri-o` or `podman`; null if unknown. */
  readonly runtimeNamespace: string | null;
  /** From the bundle: the container for Docker's shims, the sandbox for the CRI's. */
  readonly bundleId: string | null;
  /** Nothing runs below it, and the process that `init.pid` of its bundle names is gone; absent otherwise. */
  readonly initGone?: true;
  /** It has no child of any kind; absent otherwise. */
  readonly childless?: true;
  /** Of one without children: its bundle, which it works in, was removed; absent otherwise. */
  readonly bundleGone?: true;
  /** Memory of a shim for runc that has 256 MiB and more; absent otherwise. */
  readonly rssBytes?: number;
  /**
   * A shim of the CRI for another runtime than runc (Kata, gVisor): the containers of its pod share a virtual machine or a sandbox, and
   * their processes are not the node's; absent otherwise.
   */
  readonly ownSandbox?: true;
  /** What runs below it, by container. */
  readonly containers: readonly ContainerTasks[];
}

/** The processes of one container. */
export interface ContainerTasks {
  /** 64 hexadecimal digits; a name for containers of `ctr`. */
  readonly containerId: string;
  /** Host pid of its first process; null if that has exited. */
  readonly initPid: number | null;
  /** How many there are. */
  readonly count: number;
  /** The tree, parents before children, of containers in trouble (a task in D, Z, T or exiting); else empty. Bounded. */
  readonly tasks: readonly TaskValue[];
}

export interface TaskValue {
  readonly pid: number;
  readonly starttime: number;
  readonly ppid: number;
  readonly comm: string;
  readonly state: string;
  readonly threads: number;
  /** PF_EXITING: it is exiting and may wait for its children or threads. */
  readonly exiting: boolean;
  readonly killPending: boolean;
  /** Threads other than the leader in D. */
  readonly blockedThreads: number;
}
