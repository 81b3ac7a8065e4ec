import type { ContainersValue } from '../../sample/containers.ts';
import type { CriValue } from '../../sample/cri.ts';
import type { DaemonsValue } from '../../sample/daemons.ts';
import type { HostValue } from '../../sample/host.ts';
import type { MountsValue } from '../../sample/mounts.ts';
import { okValue } from '../../sample/reading.ts';
import type { Readings } from '../../sample/sample.ts';
import type { ShimsValue } from '../../sample/shims.ts';
import type { Tracked } from '../tracked.ts';
import { findEngine, isSameHome } from './engine-home.ts';
import { surveyMounts } from './mount-index.ts';
import { identifyNamespace, type NamespaceIdentity } from './namespaces.ts';
import { type KnownContainers, knowContainers, type LayerOwners, nameOwner, rememberOwners } from './owners.ts';
import type { MountScene, Suspect } from './suspect.ts';
import { findSuspects } from './suspects.ts';

/** What is remembered of the mounts: enough to distinguish a leak from a mount that is just going away. */
export interface MountsHistory {
  /** How often the mounts were read. */
  readonly polls: number;
  /** The newest poll, compared with what was known of daemons and containers when it, or they, arrived. */
  readonly scene: MountScene | null;
  readonly owners: LayerOwners;
  /** By `Suspect.key`; bounded. */
  readonly suspects: ReadonlyMap<string, HeldSuspect>;
  /** How many more suspects there are than are remembered. */
  readonly moreSuspects: number;
}

export interface HeldSuspect {
  readonly suspect: Suspect;
  /** Since when it is seen so, in milliseconds of CLOCK_MONOTONIC. */
  readonly sinceMonoMs: number;
  /** It was there at the first poll: how long before that is unknown. */
  readonly fromStart: boolean;
}

/** On a node where everything leaks. */
const maxSuspects = 1000;

export const noMounts: MountsHistory = {
  polls: 0,
  scene: null,
  owners: new Map(),
  suspects: new Map(),
  moreSuspects: 0,
};

/** The sources that are joined with the mounts. */
export interface MountSources {
  readonly mounts: Tracked<MountsValue>;
  readonly containers: Tracked<ContainersValue>;
  readonly daemons: Tracked<DaemonsValue>;
  readonly shims: Tracked<ShimsValue>;
  readonly cri: Tracked<CriValue>;
  readonly host: Tracked<HostValue>;
}

/** @param sources as they are after this Sample */
export function reduceMounts(
  before: MountsHistory,
  { mounts, containers }: Readings,
  sources: MountSources,
  monoMs: number,
): MountsHistory {
  const { value } = sources.mounts;
  if (value === null) return before.scene === null ? before : { ...noMounts, owners: before.owners };
  // The rest changes nothing that was not compared already.
  if (mounts === undefined && containers === undefined) return before;
  const { scene: last } = before;
  const known = knowContainers(sources, last?.known ?? null);
  const engine = findEngine(value, sources.daemons.value, known, sources.cri.value);
  // The list of containers comes each second, and is mostly as it was.
  if (mounts === undefined && last?.known === known && isSameHome(last.engine, engine)) return before;
  const owners = rememberOwners(before.owners, mounts === undefined ? null : okValue(mounts), okValue(containers));
  const isNew = okValue(mounts) !== null;
  const scene: MountScene = {
    value,
    filesystems: isNew || last === null ? surveyMounts(value) : last.filesystems,
    owners,
    known,
    engine,
    identities: identifyNamespaces(value, owners, known),
  };
  const polls = before.polls + (isNew ? 1 : 0);
  const found = findSuspects(scene);
  const suspects = new Map(
    found.slice(0, maxSuspects).map((suspect) => {
      const held = before.suspects.get(suspect.key);
      const isSame = held !== undefined && isOutOfUse(held.suspect) === isOutOfUse(suspect);
      const first = { sinceMonoMs: monoMs, fromStart: polls === 1 };
      return [suspect.key, { ...(isSame ? held : first), suspect }];
    }),
  );
  return { polls, scene, owners, suspects, moreSuspects: Math.max(0, found.length - maxSuspects) };
}

/** A container that exited and is then removed has been out of use all the time. */
function isOutOfUse({ reason }: Suspect): boolean {
  return reason !== 'astray';
}

/** The owner of each namespace, by inode. */
function identifyNamespaces(
  { namespaces }: MountsValue,
  owners: LayerOwners,
  known: KnownContainers,
): ReadonlyMap<string, NamespaceIdentity> {
  const nameOf = (id: string): string => nameOwner(id, null, known);
  return new Map(
    namespaces.map((one) => [one.inode, identifyNamespace(one, nameOf, (layer) => owners.get(layer) ?? null)]),
  );
}
