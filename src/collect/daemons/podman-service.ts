import { isBlocked } from '../processes/containers.ts';
import type { ProcessEntry } from '../processes/table.ts';
import type { World } from '../world.ts';
import { belowRoot, isSameSocket } from './choice.ts';
import { listeningSockets } from './debug-socket.ts';

/** Podman has no daemon: its service may come and go with its clients. */
const retryMs = 10_000;
/** Each `podman` command is a process of that name; a node that runs many at once is not searched further. */
const maxCandidates = 16;

/**
 * The process that answers where the engine is Podman: the `podman system service` that listens on the socket. With socket
 * activation it has the listening descriptor from systemd (sd_listen_fds(3)), and has it open as well.
 */
export class PodmanService {
  readonly #world: World;
  #retryAt = 0;
  #named: { readonly socketPath: string; readonly isPodman: boolean; readonly until: number } | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * @param url what rtwatch asks; its path may be a link to the socket (the package podman-docker makes one)
   * @param processes those of that name on the node itself: one in a container can listen at a path of the same name
   */
  find(url: string, processes: readonly ProcessEntry[], now: number): ProcessEntry | null {
    const asked = /^unix:\/\/(.*)$/.exec(url)?.[1];
    const candidates = processes.filter((entry) => !isBlocked(entry));
    if (asked === undefined || candidates.length === 0 || now < this.#retryAt) return null;
    this.#retryAt = now + retryMs;
    const names = namesOf(this.#world, asked);
    const listens = ({ stat }: ProcessEntry): boolean =>
      listeningSockets(this.#world, stat.pid).some((path) => names.some((name) => isSameSocket(path, name)));
    return candidates.slice(0, maxCandidates).find(listens) ?? null;
  }

  /** Whether a socket is Podman's by its name; remembered for as long as a search is: a link that is not there is an error each time. */
  hasName(socketPath: string, now: number): boolean {
    if (this.#named?.socketPath !== socketPath || now >= this.#named.until)
      this.#named = { socketPath, isPodman: isPodmanSocket(this.#world, socketPath), until: now + retryMs };
    return this.#named.isPodman;
  }
}

/** Whether a socket is Podman's by its name, or by that of the socket that it is a link to. */
export function isPodmanSocket(world: World, socketPath: string): boolean {
  return namesOf(world, socketPath).some((name) => name.endsWith('/podman.sock'));
}

/** A socket by both of its names: the package podman-docker makes a link for Docker's. */
export function namesOf(world: World, socketPath: string): string[] {
  return [socketPath, world.tryLink(socketPath) ?? socketPath].map((name) => belowRoot(world, name));
}
