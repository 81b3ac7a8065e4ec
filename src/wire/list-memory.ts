import type { Sample } from '../sample/sample.ts';
import { isSameList, type SameList } from '../sample/schema/same-list.ts';
import type { Misfit } from '../sample/schema/shape.ts';
import { type InFields, listPlaces, maxItems } from './list-places.ts';

type Fields = Record<string | number, unknown>;

/**
 * Puts back the lists that lines do not repeat (`SampleEncoder`), as the same objects: what is computed from one can be kept
 * for it. One memory for the lines of one stream, in their order.
 */
export class ListMemory {
  readonly #newest = new Map<string, { readonly list: readonly unknown[]; readonly seq: number }>();

  /**
   * Completes a Sample that was just parsed, in place. A reading with a list that is not known is taken out of it.
   *
   * @returns what is not known, one thing for each reading; the paths begin with `readings`
   */
  complete({ readings, seq }: Sample): Misfit[] {
    return Object.entries(readings).flatMap(([name, reading]) => {
      const missing = this.#complete(reading, listPlaces[name], ['readings', name], seq);
      if (missing === null) return [];
      Reflect.deleteProperty(readings, name);
      return [missing];
    });
  }

  #complete(value: unknown, places: InFields[string], path: Misfit['path'], seq: number): Misfit | null {
    if (places === undefined || places === 'list' || typeof value !== 'object' || value === null) return null;
    const isList = Array.isArray(value);
    const keys = isList ? value.slice(0, maxItems).keys() : Object.keys(places);
    for (const key of keys) {
      const inner = places[isList ? 'each' : key];
      const here = [...path, key];
      const fields = value as Fields;
      const missing =
        inner === 'list' ? this.#list(fields, key, here, seq) : this.#complete(fields[key], inner, here, seq);
      if (missing !== null) return missing;
    }
    return null;
  }

  #list(fields: Fields, key: string | number, path: Misfit['path'], seq: number): Misfit | null {
    const found = fields[key];
    const place = path.join('/');
    if (!isSameList(found)) {
      if (Array.isArray(found)) this.#newest.set(place, { list: found, seq });
      return null;
    }
    const known = this.#newest.get(place);
    const list = known?.seq === found.unchangedSince ? listOf(found, known.list) : null;
    if (list === null) return { path, expected: 'a list of an earlier line that was read', found };
    // The next line goes by this one, unless all of it is as before.
    if (found.items !== undefined) this.#newest.set(place, { list, seq });
    fields[key] = list;
    return null;
  }
}

/** Null if it names items that the list before does not have, or more than each once. */
function listOf({ items }: SameList, before: readonly unknown[]): readonly unknown[] | null {
  if (items === undefined) return before;
  const list: unknown[] = [];
  let left = before.length;
  for (const item of items) {
    if (!Array.isArray(item)) {
      list.push(item);
      continue;
    }
    const [from, count] = item;
    left -= count;
    if (!(from >= 0 && count >= 0 && from + count <= before.length && left >= 0)) return null;
    for (const one of before.slice(from, from + count)) list.push(one);
  }
  return list;
}
