import type { HeapListing, HeapProfile, HeapSample, HeapUnit } from '../../sample/heap.ts';
import { type HeapAmounts, type HeapFunction, noAmounts } from './heap-amounts.ts';
import { type HeapLeak, heapLeaks } from './heap-leaks.ts';
import { HttpBuffers, type HttpConnections } from './http-buffers.ts';

export interface HeapReport {
  /** What the functions are ordered by, and what is shown of them: bytes in use, unless a listing has something else. */
  readonly unit: HeapUnit;
  readonly total: HeapAmounts;
  /** Those that hold most themselves first, then those whose callees do, then by name. */
  readonly functions: readonly HeapFunction[];
  /** Many HTTP connections that do not end; null when that is not what fills the heap. */
  readonly httpConnections: HttpConnections | null;
  /** Known leaks that fill it, the largest first. */
  readonly leaks: readonly HeapLeak[];
}

/** A heap profile by function; of a listing, what is in it. */
export function reportProfile({ samples, listing }: Pick<HeapProfile, 'samples' | 'listing'>): HeapReport {
  if (listing === null) return reportHeap(samples);
  return listing.functions.length > 0 ? reportListing(listing) : reportHeap(samples, listing.unit);
}

function reportListing({ unit, total, functions }: HeapListing): HeapReport {
  const largest = Math.max(0, ...functions.map(({ cumulative }) => cumulative));
  const amounts = { ...noAmounts, [unit]: total ?? largest };
  const sorted = functions
    .map(({ func, flat, cumulative }) => ({
      func,
      flat: { ...noAmounts, [unit]: flat },
      cumulative: { ...noAmounts, [unit]: cumulative },
    }))
    .sort(byUnit(unit));
  return {
    unit,
    total: amounts,
    functions: sorted,
    httpConnections: null,
    leaks: heapLeaks(sorted, amounts.inuseBytes),
  };
}

function byUnit(unit: HeapUnit): (a: HeapFunction, b: HeapFunction) => number {
  return (a, b) => b.flat[unit] - a.flat[unit] || b.cumulative[unit] - a.cumulative[unit] || (a.func < b.func ? -1 : 1);
}

/** Folds a heap profile by function, as `go tool pprof -top` does. */
export function reportHeap(samples: Iterable<HeapSample>, unit: HeapUnit = 'inuseBytes'): HeapReport {
  const total = new Amounts();
  const functions = new Map<string, { readonly flat: Amounts; readonly cumulative: Amounts }>();
  const buffers = new HttpBuffers();
  for (const sample of samples) {
    total.add(sample);
    buffers.add(sample);
    const leaf = sample.frames[0]?.func ?? unknownFunction;
    // A function that calls itself holds it once.
    for (const func of new Set([leaf, ...sample.frames.map((frame) => frame.func)])) {
      let amounts = functions.get(func);
      if (amounts === undefined) {
        amounts = { flat: new Amounts(), cumulative: new Amounts() };
        functions.set(func, amounts);
      }
      amounts.cumulative.add(sample);
      if (func === leaf) amounts.flat.add(sample);
    }
  }
  const sorted = [...functions]
    .map(([func, { flat, cumulative }]) => ({ func, flat: flat.finish(), cumulative: cumulative.finish() }))
    .sort(byUnit(unit));
  const amounts = total.finish();
  return {
    unit,
    total: amounts,
    functions: sorted,
    httpConnections: buffers.finish(sorted, amounts),
    leaks: heapLeaks(sorted, amounts.inuseBytes),
  };
}

/** A stack without frames still holds bytes, and the total must add up. */
const unknownFunction = '(unknown)';

class Amounts {
  #inuseBytes = 0;
  #inuseObjects = 0;
  #allocBytes = 0;
  #allocObjects = 0;

  add({ inuseBytes, inuseObjects, allocBytes, allocObjects }: HeapAmounts): void {
    this.#inuseBytes += inuseBytes;
    this.#inuseObjects += inuseObjects;
    this.#allocBytes += allocBytes;
    this.#allocObjects += allocObjects;
  }

  finish(): HeapAmounts {
    return {
      inuseBytes: this.#inuseBytes,
      inuseObjects: this.#inuseObjects,
      allocBytes: this.#allocBytes,
      allocObjects: this.#allocObjects,
    };
  }
}
