import type { ContainerMount } from '../../sample/mounts.ts';

interface UncappedMounts {
  /** It is the host's or a daemon's. */
  readonly home: boolean;
  readonly mounts: readonly ContainerMount[];
}

/** A namespace's mounts, some of which may be omitted. */
interface CappedMounts {
  readonly mounts: readonly ContainerMount[];
  readonly more: number;
}

/**
 * Mounts in each home namespace, and in all others together. A Sample is one line; each mount takes some 300 bytes of it.
 */
const maxAtHome = 5000;
const maxElsewhere = 5000;

/**
 * Bounds a Sample: 300 services with copies of 300 containers' mounts each would be 27 MB a poll. Each namespace has the
 * same share, and possible leaks go first: mounts that the home namespace does not have at that path, removed ones, then
 * copies that no unmount reaches. The unused rest of the shares is distributed again.
 */
export function capMounts(namespaces: readonly UncappedMounts[]): CappedMounts[] {
  const foreign = namespaces.filter(({ home }) => !home);
  if (foreign.reduce((sum, { mounts }) => sum + mounts.length, 0) <= maxElsewhere) {
    return namespaces.map(({ home, mounts }) => (home ? cut(mounts, maxAtHome) : { mounts, more: 0 }));
  }
  const atHome = new Set(namespaces.flatMap(({ home, mounts }) => (home ? mounts.map(placeOf) : [])));
  const share = Math.floor(maxElsewhere / foreign.length);
  const suspects = new Map(foreign.map(({ mounts }) => [mounts, suspectsOf(mounts, atHome, share)]));
  const left = maxElsewhere - [...suspects.values()].reduce((sum, { size }) => sum + size, 0);
  const spare = Math.floor(left / foreign.length);
  return namespaces.map(({ home, mounts }) =>
    home ? cut(mounts, maxAtHome) : withSpare(mounts, suspects.get(mounts) ?? new Set(), spare),
  );
}

function suspectsOf(
  mounts: readonly ContainerMount[],
  atHome: ReadonlySet<string>,
  max: number,
): ReadonlySet<ContainerMount> {
  const strong = mounts.filter((mount) => mount.deleted || !atHome.has(placeOf(mount)));
  const weak = mounts.filter(({ propagation }) => propagation === 'private');
  return new Set([...new Set([...strong, ...weak])].slice(0, max));
}

function withSpare(
  mounts: readonly ContainerMount[],
  suspects: ReadonlySet<ContainerMount>,
  spare: number,
): CappedMounts {
  let left = spare;
  const kept = mounts.filter((mount) => suspects.has(mount) || left-- > 0);
  return { mounts: kept, more: mounts.length - kept.length };
}

const placeOf = ({ device, path }: ContainerMount): string => `${device} ${path}`;

function cut(mounts: readonly ContainerMount[], max: number): CappedMounts {
  return { mounts: mounts.slice(0, max), more: Math.max(0, mounts.length - max) };
}
