import type { Sample, SourceName } from '../../sample/sample.ts';
import type { Entry } from './entry.ts';

interface Newest {
  readonly entry: Entry;
  readonly name: SourceName;
  readonly order: number;
}

/** The newest reading of every source so far: what a reader needs that starts in the middle of a recording. */
export class Checkpoint {
  readonly #newest = new Map<string, Newest>();
  #count = 0;

  take(entry: Entry): void {
    const order = this.#count++;
    for (const [name, parts] of Object.entries(entry.readings) as [SourceName, readonly string[]][]) {
      for (const key of [name, ...parts.map((part) => `${name}/${part}`)]) {
        this.#newest.delete(key);
        this.#newest.set(key, { entry, name, order });
      }
    }
  }

  /** Samples of the past in their order, each with only the readings that are still the newest of their kind. */
  samples(): Sample[] {
    const byEntry = new Map<Entry, Set<SourceName>>();
    for (const { entry, name } of [...this.#newest.values()].sort((a, b) => a.order - b.order)) {
      const names = byEntry.get(entry) ?? new Set();
      names.add(name);
      byEntry.set(entry, names);
    }
    return [...byEntry].map(([entry, names]) => {
      const { begin: _, ...rest } = entry.decode();
      const all = Object.entries(rest.readings);
      return { ...rest, readings: Object.fromEntries(all.filter(([name]) => names.has(name as SourceName))) };
    });
  }
}
