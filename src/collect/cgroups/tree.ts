import { containerOfGroup, isCgroupFile } from '../../parse/cgroup/name.ts';
import type { World } from '../world.ts';

/** Below the mount: the containers of a Kubernetes node inside a container are at 7. */
const maxDepth = 8;
const maxDirectories = 10_000;
const maxContainers = 2000;

/** A task of containerd whose id is a name, as those of `ctr` are. Unless told otherwise its group is `<namespace>/<id>` (pkg/oci, `populateDefaultUnixSpec`). */
export interface NamedTask {
  readonly namespace: string;
  readonly id: string;
}

/** A container's own group. */
interface ContainerGroup {
  /** Below the hierarchy's mount, without a leading slash. */
  readonly path: string;
  readonly containerId: string;
}

interface Walk {
  /** Directories that wait to be listed. */
  readonly stack: { readonly path: string; readonly depth: number }[];
  readonly containers: ContainerGroup[];
  /** Ids of containers that are names, by the path that containerd gives their groups. */
  readonly named: ReadonlyMap<string, string>;
  directories: number;
  /** Something was skipped: too deep, or too many. */
  isCut: boolean;
}

/**
 * The directories of one hierarchy. Listing takes time in proportion to their number, so it runs in slices of a given time,
 * and the list is kept until a new one is requested.
 */
export class CgroupTree {
  /** Of the newest complete list, or of the one that is being made when there is none before. */
  containers: readonly ContainerGroup[] = [];
  /** Including the root of the hierarchy; null before the first complete list, and if something was skipped. */
  directories: number | null = null;

  readonly #world: World;
  readonly #root: string;
  readonly #now: () => number;
  #walk: Walk | null = null;
  #isListed = false;

  constructor(world: World, root: string, now: () => number) {
    this.#world = world;
    this.#root = root;
    this.#now = now;
  }

  /** Whether a list is being made. */
  get busy(): boolean {
    return this.#walk !== null;
  }

  /**
   * Continues the list, or begins a new one, for that time.
   *
   * @param tasks with ids that are names
   */
  list(budgetMs: number, tasks: readonly NamedTask[] = []): void {
    const until = this.#now() + budgetMs;
    this.#walk ??= {
      stack: [{ path: '', depth: 0 }],
      containers: [],
      named: new Map(tasks.map(({ namespace, id }) => [`${namespace}/${id}`, id])),
      directories: 0,
      isCut: false,
    };
    const walk = this.#walk;
    do {
      const next = walk.stack.pop();
      if (next === undefined) {
        this.containers = walk.containers;
        this.directories = walk.isCut ? null : walk.directories;
        this.#isListed = true;
        this.#walk = null;
        return;
      }
      this.#enter(walk, next.path, next.depth);
    } while (this.#now() < until);
    if (!this.#isListed) this.containers = [...walk.containers];
  }

  /** Takes a group out that is gone, until the next list. */
  forget(path: string): void {
    this.containers = this.containers.filter((group) => group.path !== path);
  }

  #enter(walk: Walk, path: string, depth: number): void {
    // Not a directory after all, or removed meanwhile.
    const names = this.#world.tryList(`${this.#root}/${path}`);
    if (names === null) return;
    walk.directories++;
    const [parent = '', name = ''] = path.split('/').slice(-2);
    const containerId = containerOfGroup(name === '' ? parent : name) ?? walk.named.get(`${parent}/${name}`) ?? null;
    if (containerId !== null) {
      if (walk.containers.length < maxContainers) walk.containers.push({ path, containerId });
      else walk.isCut = true;
    }
    const below = names.filter((name) => !isCgroupFile(name));
    if (below.length === 0) return;
    if (depth === maxDepth || walk.directories + walk.stack.length + below.length > maxDirectories) walk.isCut = true;
    else for (const name of below) walk.stack.push({ path: path === '' ? name : `${path}/${name}`, depth: depth + 1 });
  }
}
