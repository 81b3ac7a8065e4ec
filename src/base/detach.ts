/**
 * The same text, without the string it was sliced from: a slice (V8's sliced strings, from 13 characters on) keeps the whole
 * text in memory, here a mebibyte of log or dump. The concatenation is flattened into a string of its own.
 */
export function detach(slice: string): string {
  return slice.length < 13 ? slice : ` ${slice}`.slice(1);
}

/** A copy of plain data in which every text is a string of its own. */
export function detachAll<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
