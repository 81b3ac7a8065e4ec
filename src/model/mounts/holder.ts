import type { NamespaceHolder, Propagation } from '../../sample/mounts.ts';
import type { NamespaceIdentity } from './namespaces.ts';

/** One namespace that holds a leaked mount. */
export interface MountHolder extends Pick<NamespaceIdentity, 'role' | 'label' | 'unit'> {
  /** Inode of the mount namespace. */
  readonly namespace: string;
  /** The container whose own namespace it is. */
  readonly containerId: string | null;
  /** It is the daemon's own: there a mount keeps the daemon from removing the directory, on any kernel. */
  readonly isEngine: boolean;
  /** Its copy makes rmdir of the directory fail: in the daemon's own namespace always, elsewhere only on old kernels. */
  readonly blocksRemoval: boolean;
  /** How many processes live in it; `processes` holds some. */
  readonly count: number;
  readonly processes: readonly NamespaceHolder[];
  readonly propagation: Propagation;
  readonly paths: readonly string[];
  /** Those that do not go away with the directory that the engine removes. */
  readonly staying: readonly string[];
}
