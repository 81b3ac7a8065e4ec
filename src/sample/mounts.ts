import type { Reading } from './reading.ts';

/** The mount namespaces of the node and the containers' mounts in each. */
export interface MountsValue {
  readonly namespaces: readonly MountNamespaceValue[];
  /** Processes whose namespace could not be told for want of permission. */
  readonly unreadable: number;
}

export interface MountNamespaceValue {
  /** Inode of `/proc/PID/ns/mnt`. */
  readonly inode: string;
  /** Whether pid 1 lives in it. */
  readonly host: boolean;
  /** How many processes live in it. */
  readonly processes: number;
  /** Some of them, the lowest pids first. */
  readonly holders: readonly NamespaceHolder[];
  /** Number of mounts of all kinds. */
  readonly total: number;
  readonly mounts: Reading<readonly ContainerMount[]>;
}

export interface NamespaceHolder {
  readonly pid: number;
  readonly comm: string;
}

/** A mount that a container runtime made. */
export interface ContainerMount {
  /** Where it is mounted, as seen in that namespace. */
  readonly path: string;
  readonly type: 'overlay' | 'shm' | 'nsfs';
  /** `major:minor`: two mounts with the same one are the same filesystem, whatever their paths. */
  readonly device: string;
  /** Peer group: `shared`, `master` (gets unmounts from elsewhere) or `private` (does not). */
  readonly propagation: 'shared' | 'master' | 'private';
  /** The container whose it is, as far as the path tells. */
  readonly containerId: string | null;
  /** The storage driver's directory name (`overlay2/<layer>`); null when it is not a layer. */
  readonly layer: string | null;
}
