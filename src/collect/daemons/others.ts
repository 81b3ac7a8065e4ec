import { parseListenArguments, valuesOf } from '../../parse/proc/daemon-arguments.ts';
import type { OtherDaemon } from '../../sample/daemons.ts';
import { ContainedProcesses } from '../processes/contained.ts';
import type { ProcessEntry, ProcessTable } from '../processes/table.ts';
import { readRegular } from '../regular-file.ts';
import type { World } from '../world.ts';
import { isSideDoor, listeningSockets } from './debug-socket.ts';

const names = ['dockerd', 'containerd'] as const;
/** A node that tests or builds may run one in each of many containers. */
const maxOthers = 16;
const maxSockets = 4;
const standard = { dockerd: '/var/run/docker.sock', containerd: '/run/containerd/containerd.sock' };

/** Every dockerd and containerd that is not one of those that are watched, and where it listens. */
export class OtherDaemons {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #contained: ContainedProcesses;
  /** Where a daemon listens does not change: it is read once for each process. */
  #known: ReadonlyMap<string, OtherDaemon> = new Map();

  constructor(world: World, table: ProcessTable) {
    this.#world = world;
    this.#table = table;
    this.#contained = new ContainedProcesses(world, table);
  }

  /** @param watched the pids of those that are watched */
  collect(watched: ReadonlySet<number>): readonly OtherDaemon[] {
    const entries = names
      .flatMap((name) => this.#table.named(name).map((entry) => ({ name, entry })))
      .filter(({ entry }) => !watched.has(entry.stat.pid))
      .slice(0, maxOthers);
    this.#known = new Map(
      entries.map(({ name, entry }) => {
        const identity = `${entry.stat.pid} ${entry.stat.starttime}`;
        return [identity, this.#known.get(identity) ?? this.#read(name, entry)];
      }),
    );
    return [...this.#known.values()];
  }

  #read(name: OtherDaemon['name'], entry: ProcessEntry): OtherDaemon {
    const { pid } = entry.stat;
    // A daemon in a container (docker in docker, kind) has its sockets in another root: they are reached through it.
    const root = this.#world.live && this.#contained.has(entry) ? this.#world.proc(`${pid}/root`) : '';
    const sockets = this.#socketsOf(name, entry).map((path) => (path.startsWith('/') ? `unix://${root}${path}` : path));
    return { name, pid, sockets: [...new Set(sockets)].slice(0, maxSockets) };
  }

  /** What the kernel says, else what the command line says, else the configuration, else the usual place. */
  #socketsOf(name: OtherDaemon['name'], entry: ProcessEntry): string[] {
    const { pid, state } = entry.stat;
    const open = listeningSockets(this.#world, pid).filter((path) => path.startsWith('/') && !isSideDoor(path));
    if (open.length > 0) return open;
    // A command line hangs where another thread of its process waits with the memory map's lock.
    if (state === 'D' || entry.blockedThreads.length > 0) return [];
    const cmdline = this.#world.tryText(this.#world.proc(`${pid}/cmdline`), true);
    if (cmdline === null) return [];
    const words = cmdline.split('\0');
    const asked = parseListenArguments(words);
    if (asked.length > 0) return asked;
    if (name === 'dockerd') return [standard.dockerd];
    // The file of a container is not that of the node.
    if (this.#contained.has(entry)) return [standard.containerd];
    const file = valuesOf(words, ['-c', '--config']).at(-1);
    const text = this.#configuration(file ?? '/etc/containerd/config.toml');
    // Without its configuration, which it was given, the usual place would be a guess.
    if (text === null && file !== undefined) return [];
    return [grpcAddress(text ?? '') ?? standard.containerd];
  }

  /** Anybody may give a process this name and these arguments. */
  #configuration(file: string): string | null {
    if (!file.startsWith('/')) return null;
    const path = this.#world.host(file);
    try {
      this.#world.announce(path, true);
      return readRegular(path);
    } catch {
      return null;
    }
  }
}

/** `address` of `[grpc]` in containerd's configuration; null when it sets none. */
function grpcAddress(configuration: string): string | null {
  const section = /^\s*\[grpc\]([\s\S]*?)(?=^\s*\[|$(?![\s\S]))/m.exec(configuration)?.[1] ?? '';
  return /^\s*address\s*=\s*["'](\/[^"']+)["']/m.exec(section)?.[1] ?? null;
}
