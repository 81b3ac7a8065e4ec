import path from 'node:path';
import { codeOf } from '../../base/system-error.ts';
import { parseStorageLayers } from '../../parse/cri/storage-layers.ts';
import type { LayerOwner } from '../../sample/mounts.ts';
import { absent, failed, ok, type Reading } from '../../sample/reading.ts';
import { reasonOf } from '../reason.ts';
import type { World } from '../world.ts';

const defaultStorage = '/var/lib/docker/overlay2';
/** The database is listed again after this, in milliseconds, or when a layer shows up that it did not have. */
const listEveryMs = 60_000;
/** Files read in one poll, and containers remembered; the rest follows in the next polls. */
const readsPerPoll = 500;
const maxOwners = 5000;
/** Longer than it takes until the mounts of every namespace were read again, in milliseconds. */
const forgetAfterMs = 600_000;
const maxStorages = 4;

/**
 * Which container each layer belongs to: from the engine's layer database (layer/filestore.go of moby), where
 * `<root>/image/<driver>/layerdb/mounts/<container>/mount-id` holds the layer; each file is read once. What was removed since
 * is remembered for as long as its layer is mounted, and somewhat longer: a leaked mount outlives its container's entry. Or from the
 * list of containers/storage (CRI-O, Podman), which is one file.
 *
 * The engine's own directory can be on a filesystem that hangs, so each read is announced; where one hung before, the
 * database is left alone.
 */
export class LayerOwners {
  readonly #world: World;
  readonly #now: () => number;
  readonly #storages = new Set<string>();
  readonly #owners = new Map<string, LayerOwner>();
  /** Since when a layer is neither in a database nor mounted, by `#now`. */
  readonly #unusedSince = new Map<string, number>();
  #missing: readonly string[] = [];
  #listedAt = Number.NEGATIVE_INFINITY;
  #unread: { file: string; containerId: string }[] = [];
  #trouble: Reading<never> | null = null;

  constructor(world: World, now: () => number) {
    this.#world = world;
    this.#now = now;
  }

  /**
   * Polls once.
   *
   * @param storages the storage drivers' directories that mounts were seen in
   * @param layers those that are mounted somewhere
   * @param known the owners known from the containers' own namespaces
   */
  collect(
    storages: readonly string[],
    layers: ReadonlySet<string>,
    known: readonly LayerOwner[],
  ): Reading<readonly LayerOwner[]> {
    const started = this.#now();
    const knownByLayer = new Map(known.map((owner) => [owner.layer, owner]));
    const before = this.#storages.size;
    for (const storage of storages) if (this.#storages.size < maxStorages) this.#storages.add(storage);
    const missing = [...layers].filter(
      (layer) => !layer.endsWith('-init') && !knownByLayer.has(layer) && !this.#owners.has(layer),
    );
    const fresh = missing.some((layer) => !this.#missing.includes(layer));
    if (fresh || this.#storages.size > before || started - this.#listedAt >= listEveryMs) this.#list(started);
    this.#readSome();
    this.#forget(layers, started);
    this.#missing = missing.filter((layer) => !this.#owners.has(layer));
    const owners = [...new Map([...this.#owners, ...knownByLayer]).values()];
    if (owners.length === 0 && this.#trouble !== null) return this.#trouble;
    return ok(owners, this.#now() - started);
  }

  #list(now: number): void {
    this.#listedAt = now;
    this.#unread = [];
    this.#trouble = null;
    const ids = new Map([...this.#owners.values()].map((owner) => [owner.containerId, owner]));
    const listed = new Set<string>();
    let complete = true;
    for (const storage of this.#storages.size === 0 ? [defaultStorage] : this.#storages) {
      const directory = this.#databaseOf(storage);
      try {
        if (path.basename(storage) === 'overlay') {
          for (const owner of this.#listOfStorage(storage)) {
            listed.add(owner.containerId);
            this.#owners.set(owner.layer, owner);
          }
          continue;
        }
        for (const containerId of this.#listOf(directory)) {
          listed.add(containerId);
          if (!ids.has(containerId)) this.#unread.push({ file: `${directory}/${containerId}/mount-id`, containerId });
        }
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') complete = false;
        this.#trouble ??= codeOf(error) === 'ENOENT' ? absent(`there is no ${directory}`) : failed(reasonOf(error));
      }
    }
    if (!complete) return;
    for (const [layer, { containerId, gone }] of this.#owners) {
      if (gone !== true && !listed.has(containerId)) this.#owners.set(layer, { layer, containerId, gone: true });
    }
  }

  #forget(mounted: ReadonlySet<string>, now: number): void {
    for (const [layer, { gone }] of this.#owners) {
      if (gone !== true || mounted.has(layer)) this.#unusedSince.delete(layer);
      else if (!this.#unusedSince.has(layer)) this.#unusedSince.set(layer, now);
    }
    for (const [layer, since] of this.#unusedSince) {
      if (now - since >= forgetAfterMs) this.#owners.delete(layer);
      if (!this.#owners.has(layer)) this.#unusedSince.delete(layer);
    }
  }

  /** `/var/lib/docker/overlay2` → `/var/lib/docker/image/overlay2/layerdb/mounts` */
  #databaseOf(storage: string): string {
    const database = path.join(path.dirname(storage), 'image', path.basename(storage), 'layerdb/mounts');
    return this.#world.host(database);
  }

  /** Those of containers that are made to last, and of those that go with a restart. */
  #listOfStorage(storage: string): LayerOwner[] {
    return ['containers.json', 'volatile-containers.json'].flatMap((name) => {
      try {
        return parseStorageLayers(
          this.#world.readText(this.#world.host(`${path.dirname(storage)}/overlay-containers/${name}`), true),
        );
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
      }
    });
  }

  #listOf(directory: string): string[] {
    const hung = this.#world.avoided.find((avoided) => avoided.startsWith(`${directory}/`));
    if (hung !== undefined) throw new Error(`${hung} hung before, so its directory is not read`);
    this.#world.onRiskyRead(directory);
    return this.#world.list(directory).filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  #readSome(): void {
    for (const { file, containerId } of this.#unread.splice(0, readsPerPoll)) {
      const layer = this.#world.tryText(file, true)?.trim() ?? '';
      if (!/^[\w.-]{1,128}$/.test(layer)) continue;
      this.#owners.set(layer, { layer, containerId });
    }
    // The oldest that are gone make room, then the oldest.
    const surplus = this.#owners.size - maxOwners;
    if (surplus <= 0) return;
    const byUse = [...this.#owners.values()].sort((a, b) => Number(b.gone ?? false) - Number(a.gone ?? false));
    for (const { layer } of byUse.slice(0, surplus)) this.#owners.delete(layer);
  }
}
