import { isDeepStrictEqual } from 'node:util';

/**
 * A new list with the objects of the one before where they are equal, by id; the list before itself if nothing is new. What
 * stays the same object is not encoded and sent again.
 */
export function keepSame<T extends { readonly id: string }>(before: readonly T[], now: readonly T[]): readonly T[] {
  const known = new Map(before.map((item) => [item.id, item]));
  const items = now.map((item) => {
    const old = known.get(item.id);
    return old !== undefined && isDeepStrictEqual(old, item) ? old : item;
  });
  return keepList(before, items);
}

/** The list before if it has the same objects in the same order. */
export function keepList<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  return before.length === now.length && now.every((item, i) => item === before[i]) ? before : now;
}
