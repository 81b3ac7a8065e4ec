import { valuesOfUnit } from '../../parse/systemd/unit-file.ts';
import type { Gate } from '../engine/gate.ts';
import { ContainedProcesses } from '../processes/contained.ts';
import type { ProcessEntry, ProcessTable } from '../processes/table.ts';
import type { World } from '../world.ts';
import { isSameSocket } from './choice.ts';
import { hidesDescriptors, listeningInodes } from './debug-socket.ts';
import { isPodmanSocket, namesOf } from './podman-service.ts';
import { unitDirectories } from './unit-files.ts';

/** What answers the engine’s API, by the kernel's names. */
const engines = ['dockerd', 'podman'];
/** Each `podman` command is a process of that name. */
const maxEngines = 16;
/** One is that of the node, the others are of users who are logged in. */
const maxManagers = 16;
/** An inherited socket is descriptor 3, and Go's copy of it one of the first: the kernel gives the lowest number that is free. */
const maxDescriptors = 4096;

interface SocketActivationOptions {
  /** The endpoint was named. To name Podman's socket is to ask for its service, which starts no container and exits when it is not used. */
  readonly named: boolean;
}

/**
 * With socket activation (docker.socket of Debian, Ubuntu, Flatcar and docker-ce) systemd has the listening socket, and a service
 * inherits it (systemd.socket(5), sd_listen_fds(3)). While no service has it, any connection starts one. One that is made while
 * dockerd stops waits in the queue of the socket, and starts dockerd again when it has stopped.
 */
export class SocketActivation {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #contained: ContainedProcesses;
  readonly #named: boolean;
  /** The descriptor by which an engine has the socket, or had it last: one link to read before each connection. */
  #served: { readonly socketPath: string; readonly link: string; readonly target: string } | null = null;

  constructor(world: World, table: ProcessTable, { named }: SocketActivationOptions) {
    this.#world = world;
    this.#table = table;
    this.#contained = new ContainedProcesses(world, table);
    this.#named = named;
  }

  /** Why a connection to this socket would start a service; null where it would not, or nothing listens. */
  readonly gate: Gate = (socketPath) => {
    const served = this.#served;
    if (served?.socketPath === socketPath && this.#world.tryLink(served.link) === served.target) return null;
    const managers = this.#managers();
    if (managers.length === 0 || !this.#world.isSocket(socketPath)) return null;
    const names = namesOf(this.#world, socketPath);
    const isPodman = isPodmanSocket(this.#world, socketPath);
    if (isPodman && this.#named) return null;
    const sockets = new Map(
      [...listeningInodes(this.#world, 1)].filter(([, path]) => names.some((name) => isSameSocket(path, name))),
    );
    const [path] = sockets.values();
    if (path === undefined) return null;
    const running = this.#engines();
    for (const { stat } of running) {
      const held = this.#socketOf(stat.pid, sockets);
      // It is visible, what it has open is not.
      if (held === null) return null;
      if (held === undefined) continue;
      this.#served = { socketPath, ...held };
      return null;
    }
    return this.#whyHeld(managers, sockets, { name: isPodman ? 'Podman’s service' : 'dockerd', path, running });
  };

  #whyHeld(
    managers: readonly number[],
    sockets: ReadonlyMap<string, string>,
    { name, path, running }: { name: string; path: string; running: readonly ProcessEntry[] },
  ): string | null {
    const starts = `systemd starts it at the first request to ${path}`;
    for (const pid of managers) {
      const held = this.#socketOf(pid, sockets);
      if (held === null && pid === 1) return this.#isOfUnit(path) ? `no ${name} process is visible; ${starts}` : null;
      if (held == null) continue;
      // systemd does not wait for connections to a socket that its service has (socket_unwatch_fds() in its src/core/socket.c).
      if (this.#waits(pid, held.link)) return `${name} does not run; ${starts}`;
      if (running.length > 0) return `${name} is stopping; a request to ${path} would start it again`;
      // A service has stopped when systemd says so, which may be long after its process. Of a socket that no engine ever had, the service
      // has another name.
      const isOfEngine = this.#served?.target === held.target;
      return isOfEngine ? `${name} is stopping or starting; a request to ${path} could start it again` : null;
    }
    return null;
  }

  /** Those that may hold sockets for others; none on a node without systemd, and in a container. */
  #managers(): number[] {
    const { entries } = this.#table;
    const first = entries.get(1)?.stat.comm ?? this.#world.tryText(this.#world.proc('1/comm'))?.trim();
    if (first !== 'systemd') return [];
    const users = [...entries.values()].filter(({ stat }) => stat.comm === 'systemd' && stat.ppid === 1);
    return [1, ...users.slice(0, maxManagers).map(({ stat }) => stat.pid)];
  }

  #engines(): ProcessEntry[] {
    return engines
      .flatMap((name) => this.#table.named(name))
      .filter((entry) => !this.#contained.has(entry))
      .slice(0, maxEngines);
  }

  /**
   * The descriptor of one of the sockets; undefined when the process has none of them, null when that may not be seen. One that has exited
   * since the processes were read has none: a connection that it would answer no more starts the next one.
   */
  #socketOf(pid: number, sockets: ReadonlyMap<string, string>): { link: string; target: string } | null | undefined {
    const folder = this.#world.proc(`${pid}/fd`);
    const fds = this.#world.tryList(folder);
    if (fds === null) return this.#world.tryText(this.#world.proc(`${pid}/stat`)) === null ? undefined : null;
    let isRead = false;
    for (const fd of fds.sort((a, b) => Number(a) - Number(b)).slice(0, maxDescriptors)) {
      const link = `${folder}/${fd}`;
      const target = this.#world.tryLink(link);
      isRead ||= target !== null;
      const inode = /^socket:\[(\d+)\]$/.exec(target ?? '')?.[1];
      if (target !== null && inode !== undefined && sockets.has(inode)) return { link, target };
    }
    return isRead || !hidesDescriptors(this.#world, pid) ? undefined : null;
  }

  /** Whether its epoll watches the descriptor (proc_pid_fdinfo(5), since Linux 3.8); also when that cannot be read. */
  #waits(pid: number, link: string): boolean {
    const fd = link.slice(link.lastIndexOf('/') + 1);
    const folder = this.#world.proc(`${pid}/fd`);
    const tables = (this.#world.tryList(folder) ?? [])
      .filter((one) => this.#world.tryLink(`${folder}/${one}`) === 'anon_inode:[eventpoll]')
      .map((one) => this.#world.tryText(this.#world.proc(`${pid}/fdinfo/${one}`)) ?? '');
    const watched = tables.flatMap((text) => [...text.matchAll(/^tfd:\s+(\d+)/gm)].map(([, watched]) => watched));
    return watched.length === 0 || watched.includes(fd);
  }

  /**
   * Whether a unit of systemd listens there. Only root sees what systemd has open; with every process in sight, and no engine among
   * them, it is its own.
   */
  #isOfUnit(path: string): boolean {
    if (!this.#table.entries.has(1)) return false;
    const name = `${path.slice(path.lastIndexOf('/') + 1).replace(/\.sock$/, '')}.socket`;
    const files = unitDirectories.map((directory) => this.#world.host(`${directory}/${name}`));
    const text = files.map((file) => this.#world.tryText(file, true)).find((one) => one !== null);
    return valuesOfUnit(text ?? '', 'Socket', 'ListenStream').some((one) => isSameSocket(one, path));
  }
}
