import { parseCpuMicros, parseGroupNumber, parseOomKills } from '../../parse/cgroup/use.ts';
import type { CgroupUse } from '../../sample/cgroups.ts';
import type { World } from '../world.ts';
import type { Hierarchies } from './hierarchies.ts';
import type { CgroupTree } from './tree.ts';

/** Limits seldom change: read again after this many milliseconds. */
const limitsAgainMs = 60_000;

interface Limits {
  readonly atMs: number;
  readonly value: Pick<CgroupUse, 'memoryLimitBytes' | 'pidsLimit'>;
}

interface Read extends Limits {
  readonly use: { readonly atMs: number; readonly value: Omit<CgroupUse, 'ageMs'> };
  /** How often in a row no task was in it. */
  readonly emptyReads: number;
}

/** A group that a runtime left behind: after a minute without a task its averages have gone down too. */
const restingReads = 12;

/**
 * What the groups of containers use. They take turns of their own, in a time of their own: pressure and freezer, which rules
 * need, are not read less often for it. Not from `memory.stat`: the page cache counts against the limit too, and dozens of
 * counters are added up for that file.
 */
export class UseReader {
  readonly #world: World;
  readonly #hierarchies: Hierarchies;
  readonly #now: () => number;
  readonly #read = new Map<string, Read>();
  #rotation = 0;

  constructor(world: World, hierarchies: Hierarchies, now: () => number) {
    this.#world = world;
    this.#hierarchies = hierarchies;
    this.#now = now;
  }

  /** Reads the next groups for that time, at least one. */
  read({ containers }: CgroupTree, budgetMs: number): void {
    const until = this.#now() + budgetMs;
    for (let n = 0; n < containers.length; n++) {
      const path = containers[(this.#rotation + n) % containers.length]?.path;
      if (path === undefined) break;
      this.#readOne(path);
      if (this.#now() < until) continue;
      this.#rotation = (this.#rotation + n + 1) % containers.length;
      break;
    }
    const known = new Set(containers.map(({ path }) => path));
    for (const path of this.#read.keys()) if (!known.has(path)) this.#read.delete(path);
  }

  /** Of one group; empty before its turn. */
  of(path: string): { use?: CgroupUse } {
    const use = this.#read.get(path)?.use;
    return use === undefined ? {} : { use: { ageMs: this.#now() - use.atMs, ...use.value } };
  }

  /**
   * Whether no task was in it for more than a minute at the usual interval. Nothing else is read of such a group, and nothing told, until one
   * comes: a node on which a runtime leaves its groups behind has hundreds.
   */
  rests(path: string): boolean {
    return (this.#read.get(path)?.emptyReads ?? 0) >= restingReads;
  }

  #readOne(path: string): void {
    const atMs = this.#now();
    const before = this.#read.get(path);
    if (this.rests(path) && this.#number(this.#hierarchies.pids, path, 'pids.current') === 0) return;
    const limits = before !== undefined && atMs - before.atMs < limitsAgainMs ? before : this.#limitsOf(path, atMs);
    const value = { ...this.#usedBy(path), ...limits.value };
    const isSilent = Object.values(value).every((number) => number === null);
    if (isSilent) this.#read.delete(path);
    else {
      const emptyReads = value.pids === 0 ? (before?.emptyReads ?? 0) + 1 : 0;
      this.#read.set(path, { atMs: limits.atMs, value: limits.value, use: { atMs, value }, emptyReads });
    }
  }

  #usedBy(path: string): Pick<CgroupUse, 'cpuMicros' | 'memoryBytes' | 'pids' | 'oomKills'> {
    const { version, memory, cpu, pids } = this.#hierarchies;
    const isV2 = version === 'v2';
    const nanos = isV2 ? null : this.#number(cpu, path, 'cpuacct.usage');
    return {
      cpuMicros: isV2
        ? this.#parsed(cpu, path, 'cpu.stat', parseCpuMicros)
        : nanos === null
          ? null
          : Math.round(nanos / 1000),
      memoryBytes: this.#number(memory, path, isV2 ? 'memory.current' : 'memory.usage_in_bytes'),
      pids: this.#number(pids, path, 'pids.current'),
      oomKills: this.#parsed(memory, path, isV2 ? 'memory.events' : 'memory.oom_control', parseOomKills),
    };
  }

  #limitsOf(path: string, atMs: number): Limits {
    const { version, memory, pids } = this.#hierarchies;
    const file = version === 'v2' ? 'memory.max' : 'memory.limit_in_bytes';
    return {
      atMs,
      value: {
        memoryLimitBytes: this.#number(memory, path, file),
        pidsLimit: this.#number(pids, path, 'pids.max'),
      },
    };
  }

  #number(hierarchy: string | null, path: string, file: string): number | null {
    return this.#parsed(hierarchy, path, file, parseGroupNumber);
  }

  #parsed(hierarchy: string | null, path: string, file: string, parse: (text: string) => number | null): number | null {
    const text = hierarchy === null ? null : this.#world.tryText(`${hierarchy}/${path}/${file}`);
    return text === null ? null : parse(text);
  }
}
