import type { Reading } from './reading.ts';

/** The mount namespaces of the node and the containers' mounts in each. */
export interface MountsValue {
  readonly namespaces: readonly MountNamespaceValue[];
  /** Processes whose namespace is unknown for lack of permission. */
  readonly unreadable: number;
  /** Which container each layer belongs to, from the engine's layer database (`<root>/image/<driver>/layerdb/mounts`). */
  readonly layers: Reading<readonly LayerOwner[]>;
  /**
   * Snapshots of containerd (as in `ContainerMount.layer`) that are mounted, and whose directory was removed. Missing if none.
   */
  readonly goneSnapshots?: readonly string[];
  /** `fs.may_detach_mounts` of RHEL 7's 3.10; null where the kernel has no such switch. */
  readonly mayDetachMounts: boolean | null;
  /** How the daemons' systemd units are configured, according to the unit files that were found. */
  readonly units: readonly UnitSettings[];
  /** How many `mountinfo` files were read at this poll; the rest had not changed. */
  readonly reads: number;
}

export interface LayerOwner {
  /** As in `ContainerMount.layer`. */
  readonly layer: string;
  readonly containerId: string;
  /** The engine's database no longer has it: the container was removed while rtwatch was running. */
  readonly gone?: true;
}

/** The settings of a unit file and its drop-ins, the last one winning (systemd.exec(5)). */
export interface UnitSettings {
  /** `docker.service`, `containerd.service`, … */
  readonly unit: string;
  /** `shared`, `slave`, `private`; null if not set. */
  readonly mountFlags: string | null;
  /** PrivateMounts, PrivateTmp, ProtectSystem and the like: any of them gives the daemon its own mount namespace. */
  readonly namespaced: readonly string[];
  /** `process` leaves the shims running on a restart. */
  readonly killMode: string | null;
  /** The files that were read, in order. */
  readonly files: readonly string[];
}

export interface MountNamespaceValue {
  /** Inode of `/proc/PID/ns/mnt`. */
  readonly inode: string;
  /** Whether pid 1 is in it. */
  readonly host: boolean;
  /** How many processes are in it. */
  readonly processes: number;
  /** Some of them: daemons and shims first (all of them, up to 64), then the lowest pids (up to 8). */
  readonly holders: readonly NamespaceHolder[];
  /** Number of mounts of all kinds. */
  readonly total: number;
  /**
   * The layer (or the directory of a snapshot of containerd) that is its `/`: the namespace is that container's own. Null if
   * `/` is neither.
   */
  readonly rootLayer: string | null;
  readonly mounts: Reading<readonly ContainerMount[]>;
  /**
   * How long before this poll they were read, in milliseconds: on a crowded node the namespaces take turns. Missing if just
   * now.
   */
  readonly ageMs?: number;
  /** Mounts of containers beyond those sent, usually copies of those in dockerd's namespace. Missing if none. */
  readonly more?: number;
}

export interface NamespaceHolder {
  readonly pid: number;
  readonly comm: string;
  /** Clock ticks after boot; with the pid, the identity of the process. */
  readonly starttime: number;
  /** By the node's uptime at the time of the reading. */
  readonly ageSeconds: number;
  /** Its kind by its name: decides the role of the namespace. */
  readonly kind: 'init' | 'daemon' | 'shim' | 'other';
  /** The container whose cgroup it is in; for a shim the container it serves. */
  readonly containerId: string | null;
  /** The systemd unit whose cgroup it is in, e.g. `chrony.service`; null if none. */
  readonly unit: string | null;
}

/** Peer group: `shared`, `master` (receives unmounts from elsewhere) or `private` (does not). */
export type Propagation = 'shared' | 'master' | 'private';

/** A mount that a container runtime or the kubelet made. */
export interface ContainerMount {
  /** Where it is mounted, as seen in that namespace. */
  readonly path: string;
  /**
   * `overlay` a layer or snapshot, `shm` and `secret` below the engine's or the CRI's directory of a container, `nsfs` a
   * network namespace kept by a path, `volume` one of the kubelet's pod volumes.
   */
  readonly type: 'overlay' | 'shm' | 'nsfs' | 'secret' | 'volume';
  /** `major:minor`: two mounts with the same one are of the same filesystem, whatever their paths. */
  readonly device: string;
  readonly propagation: Propagation;
  /** The container that it belongs to, if the path names it. */
  readonly containerId: string | null;
  /**
   * The storage driver's directory name (`overlay2/<layer>`), or the whole directory of a snapshot of containerd, whose number
   * is unique only within its containerd; also for a copy at another path. Null if it is neither.
   */
  readonly layer: string | null;
  /** The pod that the volume belongs to. */
  readonly podUid: string | null;
  /** For nsfs the inode of the network namespace. */
  readonly netNamespace: string | null;
  /** Its directory was removed (`//deleted`). */
  readonly deleted: boolean;
}
