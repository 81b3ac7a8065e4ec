import { kernelAtLeast } from '../../base/kernel-release.ts';
import { parseControllerCounts } from '../../parse/cgroup/counts.ts';
import { countSlabCaches } from '../../parse/cgroup/kmem-slabinfo.ts';
import { type Descendants, parseDescendants } from '../../parse/cgroup/stat.ts';
import { switchesKmemOff } from '../../parse/proc/boot-line.ts';
import type { KmemAccounting, MemoryCgroups } from '../../sample/cgroups.ts';
import { kernelRelease } from '../host.ts';
import type { World } from '../world.ts';
import type { Hierarchies } from './hierarchies.ts';
import type { CgroupTree } from './tree.ts';

/** Groups checked for kernel memory accounting: each runtime of the node decides for itself. */
const maxAsked = 4;
const askAgainMs = 60_000;

/** What the kernel says of the number of groups. */
interface Counted {
  readonly counted: number | null;
  /** v2 only. */
  readonly descendants: Descendants | null;
  readonly elsewhere: number | null;
}

/** What the kernel keeps of memory control groups. */
export class MemoryCgroupsReader {
  readonly #world: World;
  readonly #hierarchies: Hierarchies;
  readonly #tree: CgroupTree;
  readonly #now: () => number;
  readonly #nokmem: boolean;
  /** On newer kernels accounting is always on and leaks nothing, and since 5.9 the file is always empty. */
  readonly #isAccountingKnown: boolean;
  #accounting: KmemAccounting | null = null;
  #askAt = 0;
  #counted: Counted = { counted: null, descendants: null, elsewhere: null };

  constructor(world: World, hierarchies: Hierarchies, tree: CgroupTree, now: () => number) {
    this.#world = world;
    this.#hierarchies = hierarchies;
    this.#tree = tree;
    this.#now = now;
    this.#nokmem = switchesKmemOff(world.tryText(world.proc('cmdline')) ?? '');
    this.#isAccountingKnown = hierarchies.version !== 'v2' && !kernelAtLeast(kernelRelease(world), 5, 0);
  }

  /** The counts of the groups as one string: when it changes, so has the tree. */
  count(): string {
    this.#counted = this.#hierarchies.version === 'v2' ? this.#countV2() : this.#countV1();
    const { counted, elsewhere } = this.#counted;
    return `${counted} ${elsewhere}`;
  }

  /** With the newest count and the newest list. */
  read(): MemoryCgroups {
    if (this.#isAccountingKnown && this.#now() >= this.#askAt && this.#tree.containers.length > 0) {
      this.#askAt = this.#now() + askAgainMs;
      this.#accounting = this.#askAccounting();
    }
    const { counted, descendants, elsewhere } = this.#counted;
    const isListed = this.#hierarchies.memory === this.#hierarchies.groups;
    const visible = descendants?.visible ?? (isListed ? this.#tree.directories : null);
    const live = visible === null && elsewhere === null ? null : Math.max(visible ?? 0, elsewhere ?? 0);
    const removed = counted === null || live === null ? null : Math.max(0, counted - live);
    return {
      counted,
      visible,
      dying: descendants?.dying ?? removed,
      elsewhere,
      nokmem: this.#nokmem,
      accounting: this.#accounting,
    };
  }

  #countV2(): Counted {
    try {
      const descendants = parseDescendants(this.#world.readText(`${this.#hierarchies.groups}/cgroup.stat`));
      return { counted: descendants.visible + descendants.dying, descendants, elsewhere: null };
    } catch {
      return { counted: null, descendants: null, elsewhere: null };
    }
  }

  #countV1(): Counted {
    // Before 5.16 or so it takes the lock of all control group operations, which a mkdir or rmdir that hangs can hold.
    const text = this.#world.tryText(this.#world.proc('cgroups'), true) ?? '';
    const controllers = parseControllerCounts(text);
    const memory = controllers.get('memory');
    const others = [...controllers.values()].filter(
      ({ hierarchy }) => hierarchy !== 0 && hierarchy !== memory?.hierarchy,
    );
    return {
      counted: memory === undefined || memory.hierarchy === 0 ? null : memory.groups,
      descendants: null,
      elsewhere: others.length === 0 ? null : Math.max(...others.map(({ groups }) => groups)),
    };
  }

  /** The first group of a container that accounts kernel memory, otherwise the first that can be read. */
  #askAccounting(): KmemAccounting | null {
    const { memory } = this.#hierarchies;
    if (memory === null) return null;
    const byParent = Map.groupBy(this.#tree.containers, ({ path }) => path.slice(0, path.lastIndexOf('/')));
    const asked = [...byParent.values()]
      .flatMap(([first]) => (first === undefined ? [] : [first.path]))
      .slice(0, maxAsked)
      .map((path) => this.#ask(memory, path));
    return asked.find(({ slabs, usageBytes }) => (slabs ?? 0) > 0 || (usageBytes ?? 0) > 0) ?? asked[0] ?? null;
  }

  #ask(memory: string, path: string): KmemAccounting {
    const usage = this.#world.tryText(`${memory}/${path}/memory.kmem.usage_in_bytes`);
    // Takes the lock of the slab caches, which the kernel holds for long where it has tens of thousands of them.
    const slabs = this.#world.tryText(`${memory}/${path}/memory.kmem.slabinfo`, true);
    return {
      path,
      usageBytes: usage === null || !/^\d+\s*$/.test(usage) ? null : Number(usage),
      slabs: slabs === null ? null : countSlabCaches(slabs),
    };
  }
}
