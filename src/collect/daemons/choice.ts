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
  const listener = candidates.find((_, index) => sockets[index]?.some((path) => isSameSocket(path, socketPath)));
  const canSeeSockets = sockets.some((paths) => paths.length > 0);
  return listener ?? (canSeeSockets ? null : oldest);
}

/** So long after a process came, it may still begin to listen. */
const startingMs = 30_000;
/** Afterwards all descriptors of the candidates are read this often. */
const askAgainMs = 10_000;

/** `chooseDaemon` for each poll: on a node whose only dockerd runs in a container, no candidate is ever the one. */
export class DaemonChoice {
  /** The candidates of which none was the one, since when, and when that was looked at last; milliseconds. */
  #refused: { readonly candidates: string; readonly since: number; readonly triedAt: number } | null = null;

  /** @param now this process's own clock, in milliseconds */
  choose(world: World, candidates: readonly ProcessEntry[], wanted: Wanted, now: number): ProcessEntry | null {
    const all = [...candidates, ...(wanted.dockerd === null ? [] : [wanted.dockerd])];
    const names = [wanted.url, ...all.map(({ stat }) => `${stat.pid} ${stat.starttime}`)].join();
    const before = this.#refused?.candidates === names ? this.#refused : null;
    if (before !== null && now - before.since >= startingMs && now - before.triedAt < askAgainMs) return null;
    const chosen = chooseDaemon(world, candidates, wanted);
    this.#refused = chosen === null ? { candidates: names, since: before?.since ?? now, triedAt: now } : null;
    return chosen;
  }
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
export function belowRoot({ roots }: World, path: string): string {
  return roots.rootfs !== '/' && path.startsWith(`${roots.rootfs}/`) ? path.slice(roots.rootfs.length) : path;
}

/** `/var/run` is a link to `/run` on every distribution of the last ten years. */
export function isSameSocket(a: string, b: string): boolean {
  const short = (path: string): string => path.replace(/^\/var\/run\//, '/run/');
  return short(a) === short(b);
}
