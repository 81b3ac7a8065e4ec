import { parseUnitSettings } from '../../parse/systemd/unit-settings.ts';
import type { UnitSettings } from '../../sample/mounts.ts';
import type { World } from '../world.ts';

/** The load path of systemd, the first directory winning (systemd.unit(5), "Unit File Load Path"). */
export const unitDirectories = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/run/systemd/transient',
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];
/** The names that distributions and Docker gave the daemons' services. */
const usual = [
  'docker.service',
  'docker-latest.service',
  'docker-containerd.service',
  'containerd.service',
  'crio.service',
];
const readEveryMs = 300_000;
const maxUnits = 16;
const maxDropIns = 64;

/** How the daemons' systemd services are set up. Unit files seldom change: they are read every five minutes. */
export class UnitFiles {
  readonly #world: World;
  readonly #now: () => number;
  #readAt = Number.NEGATIVE_INFINITY;
  #of = '';
  #settings: readonly UnitSettings[] = [];

  constructor(world: World, now: () => number) {
    this.#world = world;
    this.#now = now;
  }

  /** @param own the services that daemons were seen in: theirs may have another name */
  collect(own: readonly string[]): readonly UnitSettings[] {
    const units = [...new Set([...own.filter(isServiceName), ...usual])].slice(0, maxUnits);
    const now = this.#now();
    if (units.join() === this.#of && now - this.#readAt < readEveryMs) return this.#settings;
    this.#of = units.join();
    this.#readAt = now;
    this.#settings = units.map((unit) => this.#read(unit)).filter((settings) => settings !== null);
    return this.#settings;
  }

  #read(unit: string): UnitSettings | null {
    const names = namesOf(unit);
    const main = this.#firstOf(names.flatMap((name) => unitDirectories.map((directory) => `${directory}/${name}`)));
    // Drop-ins for a unit that there is not have no effect.
    if (main === null) return null;
    return parseUnitSettings(unit, [main, ...this.#dropInsOf(names)]);
  }

  /** Of drop-ins with the same name the one from the first directory; then all by name, whatever their directory. */
  #dropInsOf(names: readonly string[]): UnitText[] {
    const paths = new Map<string, string>();
    for (const folder of [...names.map((name) => `${name}.d`), 'service.d']) {
      for (const directory of unitDirectories) {
        for (const file of this.#world.tryList(this.#world.host(`${directory}/${folder}`)) ?? []) {
          if (file.endsWith('.conf') && !paths.has(file)) paths.set(file, `${directory}/${folder}/${file}`);
        }
      }
    }
    const sorted = [...paths].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, maxDropIns);
    return sorted.map(([, path]) => this.#firstOf([path])).filter((text) => text !== null);
  }

  #firstOf(paths: readonly string[]): UnitText | null {
    for (const path of paths) {
      const text = this.#world.tryText(this.#world.host(path), true);
      if (text !== null) return { path, text };
    }
    return null;
  }
}

interface UnitText {
  readonly path: string;
  readonly text: string;
}

/** A name from a control group becomes part of a path. */
const isServiceName = (unit: string): boolean => /^[\w:.\\@-]+\.service$/.test(unit);

/** An instance (`docker@blue.service`) is set up by its own file or its template's. */
function namesOf(unit: string): string[] {
  const template = unit.replace(/@.*(?=\.service$)/, '@');
  return template === unit ? [unit] : [unit, template];
}
