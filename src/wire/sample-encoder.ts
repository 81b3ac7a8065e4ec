import type { Sample } from '../sample/sample.ts';
import type { Run, SameList } from '../sample/schema/same-list.ts';
import { type InFields, listPlaces, maxItems } from './list-places.ts';

const places: InFields = { readings: listPlaces };

/**
 * Samples to lines of NDJSON that are read after those before them: a long list that is still the same object is not written
 * again, only since when it is the same; one with some other items is written by them. `ListMemory` puts it back.
 */
export class SampleEncoder {
  readonly #written = new Map<string, { readonly list: readonly object[]; readonly seq: number }>();

  /** One line, with newline. */
  encode(sample: Sample): string {
    const { readings, seq } = sample;
    // Of most lines the runtime writes all: a tenth of the time.
    const hasList = Object.keys(readings).some((name) => listPlaces[name] !== undefined);
    return `${hasList ? this.#object(sample, places, '', seq) : JSON.stringify(sample)}\n`;
  }

  /** What follows can be read without what was written so far. */
  forget(): void {
    this.#written.clear();
  }

  /** As JSON.stringify writes it, but for the lists. */
  #object(value: object, places: InFields, path: string, seq: number): string {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    const texts = fields.map(
      ([key, field]) => `${JSON.stringify(key)}:${this.#text(field, places[key], `${path}/${key}`, seq)}`,
    );
    return `{${texts.join(',')}}`;
  }

  #text(value: unknown, places: InFields[string], path: string, seq: number): string {
    if (places === undefined || typeof value !== 'object' || value === null) return JSON.stringify(value);
    if (places === 'list') return this.#list(value, path, seq);
    if (!Array.isArray(value)) return this.#object(value, places, path, seq);
    const texts = value.map((item, i) =>
      this.#text(item, i < maxItems ? places['each'] : undefined, `${path}/${i}`, seq),
    );
    return `[${texts.join(',')}]`;
  }

  #list(list: object, path: string, seq: number): string {
    const written = this.#written.get(path);
    if (written?.list === list) return JSON.stringify({ unchangedSince: written.seq } satisfies SameList);
    if (Array.isArray(list) && list.length > 0) this.#written.set(path, { list, seq });
    else this.#written.delete(path);
    const items = written === undefined || !Array.isArray(list) ? null : changesOf(written.list, list);
    if (written === undefined || items === null) return JSON.stringify(list);
    return JSON.stringify({ unchangedSince: written.seq, items } satisfies SameList);
  }
}

/** A list by what is another object than before; null if that is more than half of it. */
function changesOf(before: readonly object[], list: readonly object[]): (Run | object)[] | null {
  const indices = new Map(before.map((item, i) => [item, i]));
  const items: (Run | object)[] = [];
  let changed = 0;
  let run: [from: number, count: number] | null = null;
  for (const item of list) {
    const index = indices.get(item);
    // Once each: what a line may stand for is bounded by what was read.
    indices.delete(item);
    if (index === undefined) {
      if (++changed > list.length / 2) return null;
      items.push(item);
      run = null;
    } else if (run !== null && index === run[0] + run[1]) run[1]++;
    else {
      run = [index, 1];
      items.push(run);
    }
  }
  return items;
}
