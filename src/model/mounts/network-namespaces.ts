import type { EngineHome } from './engine-home.ts';
import { isLive } from './owners.ts';
import { type MountScene, maxPlaces, type Suspect } from './suspect.ts';

/** Docker's are named by the first twelve digits of the sandbox id (libnetwork osl.GenerateKey); `default` and `lb_…` are shared. */
const sandboxPath = /\/netns\/[0-9a-f]{12}$/;

/**
 * Network namespaces of containers that are gone, kept alive by a mount that the daemon does not see. The engine names no
 * container for them, so they are counted: a running container has one at most, and those that the daemon sees belong to
 * running ones.
 */
export function suspectNetNamespaces(scene: MountScene, engine: EngineHome): Suspect[] {
  const { filesystems, identities, known } = scene;
  if (!known.complete || !engine.complete) return [];
  const sandboxes = filesystems.filter(
    ({ type, places }) => type === 'nsfs' && places.some(({ path }) => sandboxPath.test(path)),
  );
  const isSeen = ({ places }: (typeof sandboxes)[number]): boolean =>
    places.some(({ namespace }) => namespace === engine.namespace);
  const isForeign = (namespace: string): boolean => {
    const identity = identities.get(namespace);
    if (identity?.role === 'container' && identity.hasDaemon) return false;
    // Another engine's are its own affair.
    return namespace !== engine.namespace && identity?.hasEngine !== true;
  };
  const held = sandboxes.filter(
    (sandbox) => !isSeen(sandbox) && sandbox.places.every(({ namespace }) => isForeign(namespace)),
  );
  const running = [...known.byId.values()].filter(({ state }) => isLive(state)).length;
  const mayBeLive = Math.max(0, running - sandboxes.filter(isSeen).length);
  return held.map((sandbox) => ({
    key: sandbox.key,
    reason: 'network',
    filesystem: sandbox,
    owner: { containerId: null, state: 'gone', listed: false, removalFailed: false, error: null },
    places: sandbox.places.slice(0, maxPlaces),
    morePlaces: Math.max(0, sandbox.places.length - maxPlaces),
    mayBeLive,
  }));
}
