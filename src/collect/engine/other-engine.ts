import type { World } from '../world.ts';

const podman = '/run/podman/podman.sock';

/**
 * What to name where no engine was named and Docker's socket is not there: Podman's, which speaks the same API. It is not asked
 * unnamed: with socket activation the first request would start a service on the node, and polls would keep it alive.
 */
export function otherEngineHint(world: World): string | null {
  const socket = world.host(podman);
  return world.isSocket(socket) ? `Podman’s socket is here: --docker-host unix://${socket}` : null;
}
