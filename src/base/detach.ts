/**
 * The same text, without what it was sliced from: a slice (V8's sliced strings, from 13 characters on) holds the whole text in
 * memory, here a mebibyte of log or of a dump. The sum is flattened into a string of its own.
 */
export function detach(slice: string): string {
  return slice.length < 13 ? slice : ` ${slice}`.slice(1);
}

/** A copy of plain data whose texts are all strings of their own. */
export function detachAll<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
