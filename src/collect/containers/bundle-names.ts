import path from 'node:path';
import { parseBundleName } from '../../parse/cri/bundle-name.ts';
import { criNamespace } from '../../parse/cri/lists.ts';
import { shimBundle } from '../../parse/engine/shim-bundle.ts';
import type { BundleName } from '../../sample/shims.ts';
import type { World } from '../world.ts';

/** Read in one look; the others come with the next ones. */
const maxReads = 64;
const maxNames = 2000;

/**
 * The names of pods and containers without any API: beside the directory that a shim works in are those of all tasks, each with
 * its OCI specification (`<state>/io.containerd.runtime.v2.task/k8s.io/<id>/config.json`, on a tmpfs unless the state is moved).
 */
export class BundleNames {
  readonly #world: World;
  #known = new Map<string, BundleName | null>();

  constructor(world: World) {
    this.#world = world;
  }

  /** @param bundles the directories that shims work in */
  collect(bundles: readonly string[]): BundleName[] {
    const folders = new Set(
      bundles.filter((bundle) => shimBundle(bundle)?.namespace === criNamespace).map((bundle) => path.dirname(bundle)),
    );
    const known = new Map<string, BundleName | null>();
    let reads = 0;
    for (const folder of folders) {
      const { rootfs } = this.#world.roots;
      const place = rootfs === '/' ? folder : `${rootfs}${folder}`;
      for (const id of (this.#world.tryList(place) ?? []).slice(0, maxNames)) {
        const before = this.#known.get(id);
        if (before !== undefined) known.set(id, before);
        else if (reads++ < maxReads) known.set(id, this.#read(id, `${place}/${id}/config.json`));
      }
    }
    this.#known = known;
    return [...known.values()].filter((name) => name !== null);
  }

  #read(id: string, file: string): BundleName | null {
    const text = this.#world.tryText(file, true);
    return text === null ? null : parseBundleName(id, text);
  }
}
