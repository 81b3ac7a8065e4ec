import type { HeapReport } from './heap.ts';
import { type HeapAmounts, type HeapFunction, noAmounts } from './heap-amounts.ts';

interface HeapFunctionGrowth {
  readonly func: string;
  readonly flat: HeapAmounts;
  readonly cumulative: HeapAmounts;
}

/** What changed between two heap profiles; a negative number was freed. */
export interface HeapGrowth {
  readonly minutes: number | null;
  readonly total: HeapAmounts;
  /** Bytes in use; null when the time between is not known. */
  readonly inuseBytesPerMinute: number | null;
  /** The largest growth first; unchanged functions are omitted. */
  readonly functions: readonly HeapFunctionGrowth[];
}

/** What grew from one heap profile to the next, in bytes in use. Without a time between them (minutes) no rate is given. */
export function compareHeaps(previous: HeapReport, next: HeapReport, minutes: number | null): HeapGrowth {
  const before = new Map(previous.functions.map((entry) => [entry.func, entry]));
  const after = new Map(next.functions.map((entry) => [entry.func, entry]));
  const total = subtract(next.total, previous.total);
  return {
    minutes,
    total,
    inuseBytesPerMinute: minutes === null || minutes <= 0 ? null : total.inuseBytes / minutes,
    functions: [...new Set([...after.keys(), ...before.keys()])]
      .map((func) => subtractFunctions(func, after.get(func), before.get(func)))
      .filter(({ flat, cumulative }) => isChange(flat) || isChange(cumulative))
      .sort(
        (a, b) =>
          b.flat.inuseBytes - a.flat.inuseBytes ||
          b.cumulative.inuseBytes - a.cumulative.inuseBytes ||
          (a.func < b.func ? -1 : 1),
      ),
  };
}

function subtractFunctions(
  func: string,
  after: HeapFunction | undefined,
  before: HeapFunction | undefined,
): HeapFunctionGrowth {
  return {
    func,
    flat: subtract(after?.flat ?? noAmounts, before?.flat ?? noAmounts),
    cumulative: subtract(after?.cumulative ?? noAmounts, before?.cumulative ?? noAmounts),
  };
}

function subtract(after: HeapAmounts, before: HeapAmounts): HeapAmounts {
  return {
    inuseBytes: after.inuseBytes - before.inuseBytes,
    inuseObjects: after.inuseObjects - before.inuseObjects,
    allocBytes: after.allocBytes - before.allocBytes,
    allocObjects: after.allocObjects - before.allocObjects,
  };
}

function isChange({ inuseBytes, inuseObjects, allocBytes, allocObjects }: HeapAmounts): boolean {
  return inuseBytes !== 0 || inuseObjects !== 0 || allocBytes !== 0 || allocObjects !== 0;
}
