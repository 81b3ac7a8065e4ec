import type { CgroupsValue, CgroupValue } from '../../sample/cgroups.ts';
import { absent, ok, okValue, type Reading } from '../../sample/reading.ts';
import type { World } from '../world.ts';
import { readGroup } from './group.ts';
import { findHierarchies, type Hierarchies } from './hierarchies.ts';
import { MemoryCgroupsReader } from './memory.ts';
import { CgroupTree, type NamedTask } from './tree.ts';
import { UseReader } from './use.ts';

/** Time budget of a poll for listing and for reading, in milliseconds; the first poll may take longer. */
const budgetMs = 20;
const firstBudgetMs = 60;
/** Share of it for CPU, memory and processes, in addition. */
const useShare = 0.5;
/** The list is read again when the kernel counts another number of groups, a group is gone, or after this. */
const listAgainMs = 60_000;
/** Groups in one Sample: those with the most I/O. */
const maxGroups = 512;

interface CgroupsOptions {
  /** What runs under ids that are names: only by these their groups are known. */
  readonly namedTasks?: () => readonly NamedTask[];
  readonly now?: () => number;
}

interface CgroupNode {
  readonly hierarchies: Hierarchies;
  readonly tree: CgroupTree;
  readonly memory: MemoryCgroupsReader;
  readonly use: UseReader;
}

interface Read {
  readonly atMs: number;
  readonly containerId: string;
  readonly value: Pick<CgroupValue, 'ioPressure' | 'io' | 'freezer'>;
}

/** The control groups of containers, and what the kernel keeps of memory groups. */
export class CgroupsCollector {
  readonly #world: World;
  readonly #now: () => number;
  readonly #namedTasks: () => readonly NamedTask[];
  #node: CgroupNode | null = null;
  readonly #read = new Map<string, Read>();
  #listAt = 0;
  #counted = '';
  #rotation = 0;

  constructor(world: World, { namedTasks = () => [], now = () => performance.now() }: CgroupsOptions = {}) {
    this.#world = world;
    this.#namedTasks = namedTasks;
    this.#now = now;
  }

  collect(): Reading<CgroupsValue> {
    const started = this.#now();
    const isFirst = this.#node === null;
    this.#node ??= this.#find();
    if (this.#node === null) return absent(`no cgroups at ${this.#world.roots.sysfs}/fs/cgroup`);
    const { hierarchies, tree, memory, use } = this.#node;
    const budget = isFirst ? firstBudgetMs : budgetMs;
    this.#list(tree, memory, budget);
    this.#readGroups({ hierarchies, tree, use }, budget);
    use.read(tree, budget * useShare);
    const { groups, more } = this.#largest(use);
    return ok({ version: hierarchies.version, groups, more, memory: memory.read() }, this.#now() - started);
  }

  #find(): CgroupNode | null {
    const hierarchies = findHierarchies(this.#world);
    if (hierarchies === null) return null;
    const tree = new CgroupTree(this.#world, hierarchies.groups, this.#now);
    const memory = new MemoryCgroupsReader(this.#world, hierarchies, tree, this.#now);
    return { hierarchies, tree, memory, use: new UseReader(this.#world, hierarchies, this.#now) };
  }

  #list(tree: CgroupTree, memory: MemoryCgroupsReader, budget: number): void {
    const tasks = this.#namedTasks();
    const counted = [memory.count(), ...tasks.map(({ namespace, id }) => `${namespace}/${id}`)].join();
    if (tree.busy || counted !== this.#counted || this.#now() >= this.#listAt) {
      this.#counted = counted;
      this.#listAt = this.#now() + listAgainMs;
      tree.list(budget, tasks);
    }
  }

  /** In turn, from where the last poll stopped. */
  #readGroups({ hierarchies, tree, use }: Pick<CgroupNode, 'hierarchies' | 'tree' | 'use'>, budget: number): void {
    const until = this.#now() + budget;
    const { containers } = tree;
    for (let n = 0; n < containers.length; n++) {
      const group = containers[(this.#rotation + n) % containers.length];
      if (group === undefined) break;
      if (!use.rests(group.path) && !this.#readOne(hierarchies, group.path, group.containerId)) {
        tree.forget(group.path);
        this.#listAt = 0;
      }
      if (this.#now() >= until) {
        this.#rotation = (this.#rotation + n + 1) % containers.length;
        break;
      }
    }
    const known = new Set(tree.containers.map(({ path }) => path));
    for (const path of this.#read.keys()) if (!known.has(path)) this.#read.delete(path);
  }

  /** False when the group is gone. */
  #readOne(hierarchies: Hierarchies, path: string, containerId: string): boolean {
    const value = readGroup(this.#world, hierarchies, path);
    if (value === null) this.#read.delete(path);
    else this.#read.set(path, { atMs: this.#now(), containerId, value });
    return value !== null;
  }

  #largest(use: UseReader): { groups: CgroupValue[]; more: number } {
    const now = this.#now();
    const read = [...this.#read].filter(([path]) => !use.rests(path));
    const all = read.map(([path, { atMs, containerId, value }]) => ({
      path,
      containerId,
      ageMs: now - atMs,
      ...value,
      ...use.of(path),
    }));
    if (all.length > maxGroups) all.sort((a, b) => weight(b) - weight(a));
    return { groups: all.slice(0, maxGroups), more: Math.max(0, all.length - maxGroups) };
  }
}

/** By pressure, then by bytes. */
function weight({ ioPressure, io }: CgroupValue): number {
  const bytes = io === null ? 0 : io.readBytes + io.writeBytes;
  return (okValue(ioPressure)?.some.avg10 ?? 0) * 1e6 + Math.log2(bytes + 1);
}
