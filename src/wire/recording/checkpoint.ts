import type { Readings, Sample, SourceName } from '../../sample/sample.ts';

interface Newest {
  readonly sample: Sample;
  readonly name: SourceName;
  readonly order: number;
}

/** Few nodes have more than two; a stream from elsewhere may claim any number. */
const maxDaemons = 32;

/** The newest reading of every source so far: what a reader needs that starts in the middle of a recording. */
export class Checkpoint {
  readonly #newest = new Map<string, Newest>();
  #count = 0;

  take(sample: Sample): void {
    const order = this.#count++;
    for (const name of Object.keys(sample.readings) as SourceName[]) {
      for (const key of [name, ...partsOf(name, sample.readings).map((part) => `${name}/${part}`)]) {
        this.#newest.delete(key);
        this.#newest.set(key, { sample, name, order });
      }
    }
  }

  /** Samples of the past in their order, each with only the readings that are still the newest of their kind. */
  samples(): Sample[] {
    const bySample = new Map<Sample, Set<SourceName>>();
    for (const { sample, name } of [...this.#newest.values()].sort((a, b) => a.order - b.order)) {
      const names = bySample.get(sample) ?? new Set();
      names.add(name);
      bySample.set(sample, names);
    }
    return [...bySample].map(([{ begin: _, ...sample }, names]) => {
      const all = Object.entries(sample.readings);
      return { ...sample, readings: Object.fromEntries(all.filter(([name]) => names.has(name as SourceName))) };
    });
  }
}

/** Parts of a reading that later ones leave out because they were sent before. */
function partsOf(name: SourceName, { disks, stacks }: Readings): string[] {
  if (name === 'disks' && disks?.status === 'ok' && disks.value.topology !== null) return ['topology'];
  if (name !== 'stacks' || stacks?.status !== 'ok') return [];
  const { daemons } = stacks.value;
  const sent = daemons.filter(({ stacks }) => stacks !== null).slice(0, maxDaemons);
  const whole = daemons.filter(({ whole }) => whole !== undefined).slice(0, maxDaemons);
  return [...sent.map(({ daemon }) => daemon), ...whole.map(({ daemon }) => `${daemon}/whole`)];
}
