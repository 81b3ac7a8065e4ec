import { isRuntime, mayBeCrun, parseRuntimeCommand } from '../../parse/engine/runtime-command.ts';
import { isShim } from '../../parse/engine/shim-bundle.ts';
import type { RuntimeProcess } from '../../sample/runtimes.ts';
import type { World } from '../world.ts';
import { isBlocked, type ProcessContainers } from './containers.ts';
import { ageOf, type ProcessEntry, type ProcessTable } from './table.ts';

/** Younger ones are at work. */
const oldSeconds = 10;
/** No rule and no reader needs more than this. */
const maxRuntimes = 64;

/** Runtimes that have lived for longer than their work takes. */
export class Runtimes {
  readonly #world: World;
  readonly #table: ProcessTable;
  readonly #containers: ProcessContainers;
  readonly #commands = new WeakMap<ProcessEntry, ReturnType<typeof parseRuntimeCommand>>();

  constructor(world: World, table: ProcessTable, containers: ProcessContainers) {
    this.#world = world;
    this.#table = table;
    this.#containers = containers;
  }

  describe(uptimeSeconds: number): RuntimeProcess[] {
    const old: ProcessEntry[] = [];
    for (const [comm, entries] of this.#table.byComm) {
      const isCopy = mayBeCrun(comm);
      if (!isRuntime(comm) && !isCopy) continue;
      const some = entries.filter(({ stat }) => ageOf(stat, uptimeSeconds) >= oldSeconds);
      old.push(...(isCopy ? some.filter((entry) => this.#commandOf(entry)?.isCrun === true) : some));
    }
    return old.slice(0, maxRuntimes).map((entry) => this.#describe(entry, uptimeSeconds));
  }

  #describe(entry: ProcessEntry, uptimeSeconds: number): RuntimeProcess {
    const { pid, starttime, ppid, state } = entry.stat;
    const comm = mayBeCrun(entry.stat.comm) ? 'crun' : entry.stat.comm;
    const parent = this.#table.entries.get(ppid) ?? null;
    const isNamedInit = /^(?:runc|youki):\[/.test(comm);
    const parsed = isNamedInit ? null : this.#commandOf(entry);
    const isInit = isNamedInit || this.#isSetUp(entry, parsed);
    const wchan = this.#world.tryText(this.#world.proc(`${pid}/wchan`))?.trim();
    return {
      pid,
      starttime,
      ppid,
      parentComm: parent?.stat.comm ?? null,
      comm,
      state,
      ageSeconds: ageOf(entry.stat, uptimeSeconds),
      command: isInit ? 'init' : (parsed?.command ?? null),
      attached: parsed?.attached ?? false,
      containerId: parsed?.containerId ?? this.#containers.of(entry) ?? this.#ofParent(parent),
      wchan: wchan === undefined || wchan === '' || wchan === '0' ? null : wchan,
    };
  }

  /** crun names its set-up of a container like itself: it is the one in the container's own control group. */
  #isSetUp(entry: ProcessEntry, parsed: ReturnType<typeof parseRuntimeCommand> | null): boolean {
    if (parsed?.isCrun !== true || (parsed.command !== 'create' && parsed.command !== 'run')) return false;
    return parsed.containerId !== null && this.#containers.of(entry) === parsed.containerId;
  }

  /** A command line hangs where a thread of its process waits with the memory map's lock. */
  #commandOf(entry: ProcessEntry): ReturnType<typeof parseRuntimeCommand> | null {
    const known = this.#commands.get(entry);
    if (known !== undefined || isBlocked(entry)) return known ?? null;
    const text = this.#world.tryText(this.#world.proc(`${entry.stat.pid}/cmdline`), true);
    if (text === null || text === '') return null;
    const command = parseRuntimeCommand(text);
    this.#commands.set(entry, command);
    return command;
  }

  /** The container of the runtime above a set-up, or of the shim above a runtime. */
  #ofParent(parent: ProcessEntry | null): string | null {
    if (parent === null) return null;
    if (isRuntime(parent.stat.comm)) return this.#commandOf(parent)?.containerId ?? null;
    if (!isShim(parent.stat.comm)) return null;
    const bundle = this.#world.tryLink(this.#world.proc(`${parent.stat.pid}/cwd`)) ?? '';
    return /\/moby\/([0-9a-f]{64})$/.exec(bundle)?.[1] ?? null;
  }
}
