import path from 'node:path';
import { parseBundleName, parseNerdctlName, parseSandboxId } from '../../parse/cri/bundle-name.ts';
import { shimBundle } from '../../parse/engine/shim-bundle.ts';
import { type BundleName, dockerNamespaces, type PlainName } from '../../sample/shims.ts';
import type { World } from '../world.ts';

/** What the OCI specification of a task says of its name. */
interface Known {
  readonly pod: BundleName | null;
  readonly plain: PlainName | null;
  readonly sandboxId: string | null;
}

/** Read in one poll; the others come with the next ones. */
const maxReads = 64;
const maxNames = 2000;

/**
 * The names of pods and containers without any API: beside the directory that a shim works in are those of all tasks, each with
 * its OCI specification (`<state>/io.containerd.runtime.v2.task/<namespace>/<id>/config.json`, on a tmpfs unless the state is moved).
 */
export class BundleNames {
  readonly #world: World;
  #known = new Map<string, Known>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Of the newest poll: what nerdctl called its containers. */
  get plain(): PlainName[] {
    return [...this.#known.values()].flatMap(({ plain }) => plain ?? []);
  }

  /** Of the newest poll: the tasks in the pod of a sandbox, without that itself. */
  tasksIn(sandboxId: string): string[] {
    return [...this.#known].flatMap(([id, known]) => (known.sandboxId === sandboxId && id !== sandboxId ? [id] : []));
  }

  /** @param bundles the directories that shims work in */
  collect(bundles: readonly string[]): BundleName[] {
    const folders = new Set(
      bundles
        .filter((bundle) => !dockerNamespaces.has(shimBundle(bundle)?.namespace ?? 'moby'))
        .map((bundle) => path.dirname(bundle)),
    );
    const known = new Map<string, Known>();
    let reads = 0;
    for (const folder of folders) {
      const place = this.#world.host(folder);
      for (const id of (this.#world.tryList(place) ?? []).slice(0, maxNames)) {
        const before = this.#known.get(id);
        if (before !== undefined) known.set(id, before);
        else if (reads++ < maxReads) known.set(id, this.#read(id, `${place}/${id}/config.json`));
      }
    }
    this.#known = known;
    return [...known.values()].flatMap(({ pod }) => pod ?? []);
  }

  #read(id: string, file: string): Known {
    const text = this.#world.tryText(file, true) ?? '';
    const pod = parseBundleName(id, text);
    return { pod, plain: pod === null ? parseNerdctlName(id, text) : null, sandboxId: parseSandboxId(text) };
  }
}
