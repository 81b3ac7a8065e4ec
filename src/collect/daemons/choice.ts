import type { ProcessEntry } from '../processes/table.ts';
import type { World } from '../world.ts';
import { listeningSockets } from './debug-socket.ts';

/** What distinguishes processes of the same name. */
interface Wanted {
  /** The URL of its API, if known. */
  readonly url: string | null;
  /** The dockerd that a containerd works for. */
  readonly dockerd: ProcessEntry | null;
}

/**
 * The watched process among those of its name: a node can have several (docker-in-docker, kind, a test). The watched dockerd
 * listens on the socket of our requests; containerd is dockerd's child, or listens where dockerd is configured to find it.
 * Another one is never taken for it, not even if it is the only one left. If the listening sockets are unknown (a captured
 * tree, tcp, no permission), the oldest is taken.
 */
export function chooseDaemon(
  world: World,
  candidates: readonly ProcessEntry[],
  { url, dockerd }: Wanted,
): ProcessEntry | null {
  const oldest = candidates[0] ?? null;
  const child = candidates.find((entry) => entry.stat.ppid === dockerd?.stat.pid);
  if (child !== undefined) return child;
  const asked = /^unix:\/\/(.*)$/.exec(url ?? '')?.[1];
  const configured = asked === undefined && dockerd !== null ? containerdSocketOf(world, dockerd) : null;
  const socketPath = asked === undefined ? configured : belowRoot(world, asked);
  if (socketPath === null || !world.live) return oldest;
  const sockets = candidates.map((entry) => listeningSockets(world, entry.stat.pid));
  const listener = candidates.find((_, index) => sockets[index]?.some((path) => isSame(path, socketPath)));
  const canSeeSockets = sockets.some((paths) => paths.length > 0);
  return listener ?? (canSeeSockets ? null : oldest);
}

/**
 * Where dockerd is configured to find containerd (`--containerd=SOCKET`); null if it is not, or if reading it could hang.
 */
function containerdSocketOf(world: World, dockerd: ProcessEntry): string | null {
  // A command line hangs where another thread of its process waits with the memory map's lock.
  if (dockerd.stat.state === 'D' || dockerd.blockedThreads.length > 0) return null;
  const words = world.tryText(world.proc(`${dockerd.stat.pid}/cmdline`), true)?.split('\0') ?? [];
  const joined = words.find((word) => word.startsWith('--containerd='))?.slice('--containerd='.length);
  const index = words.indexOf('--containerd');
  return (joined ?? (index < 0 ? '' : words[index + 1])) || null;
}

/** A path as the node's own processes see it: rtwatch may see their root somewhere below its own. */
function belowRoot({ roots }: World, path: string): string {
  return roots.rootfs !== '/' && path.startsWith(`${roots.rootfs}/`) ? path.slice(roots.rootfs.length) : path;
}

/** `/var/run` is a link to `/run` on every distribution of the last ten years. */
function isSame(a: string, b: string): boolean {
  const short = (path: string): string => path.replace(/^\/var\/run\//, '/run/');
  return short(a) === short(b);
}
