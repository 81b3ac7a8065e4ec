import type { MountsValue } from '../../sample/mounts.ts';
import type { EngineHome } from './engine-home.ts';
import type { MountedFilesystem, Place } from './mount-index.ts';
import type { NamespaceIdentity } from './namespaces.ts';
import type { KnownContainers, LayerOwners, MountOwner } from './owners.ts';

/** What is known when mounts are judged. */
export interface MountScene {
  readonly value: MountsValue;
  readonly filesystems: readonly MountedFilesystem[];
  readonly owners: LayerOwners;
  readonly known: KnownContainers;
  /** Null when no daemon runs, or its mounts could not be read: then nothing can be compared with it. */
  readonly engine: EngineHome | null;
  readonly identities: ReadonlyMap<string, NamespaceIdentity>;
}

/** A mount that ought not to be there, if it stays. */
export interface Suspect {
  /** The same from one poll to the next. */
  readonly key: string;
  /**
   * `left-behind`: its container does not run any more. `astray`: its container runs, but the daemon that will have to
   * unmount it does not see it. `network`: a network namespace whose container is gone.
   */
  readonly reason: 'left-behind' | 'astray' | 'network';
  readonly filesystem: MountedFilesystem;
  readonly owner: MountOwner;
  /** Where it is held and ought not to be. */
  readonly places: readonly Place[];
  /** How many more places there are. */
  readonly morePlaces: number;
  /** How many of all suspects of this kind may belong to running containers; it is not known which. */
  readonly mayBeLive: number;
}

/** One is enough to act on; on a node with hundreds of namespaces a copy can be in each. */
export const maxPlaces = 64;
