import type { HeapProfile, HeapUnit } from '../../../sample/heap.ts';
import { type PprofListing, parsePprofListing } from '../listing.ts';

const shown: Readonly<Record<string, HeapUnit>> = {
  inuse_space: 'inuseBytes',
  inuse_objects: 'inuseObjects',
  alloc_space: 'allocBytes',
  alloc_objects: 'allocObjects',
};

/**
 * Reads what `go tool pprof` printed of a heap: one of its four values. Without a type it is `inuse_space`, which pprof
 * shows of a heap unless it is asked for another one.
 *
 * @throws when it is a listing of another profile
 */
export function parseHeapListing(text: string): HeapProfile {
  const { type, total, rows, stacks, nodes } = parsePprofListing(text);
  const unit = type === null ? 'inuseBytes' : shown[type];
  if (type === 'cpu' || type === 'time')
    throw new Error('a listing of go tool pprof of times (a profile of the CPU, or of waits), not of a heap');
  if (unit === undefined) throw new Error(`a listing of go tool pprof of a profile of ${type}, not of a heap`);
  const nothing = { inuseBytes: 0, inuseObjects: 0, allocBytes: 0, allocObjects: 0 };
  const error = stacks.length > 0 ? null : rowsOnly(rows, nodes);
  return {
    form: 'listing',
    rateBytes: null,
    samples: stacks.map(({ value, functions }) => ({
      ...nothing,
      [unit]: value,
      frames: functions.map((func) => ({ func, file: null, line: null })),
    })),
    listing: { unit, total, functions: rows },
    partial: error !== null,
    error,
  };
}

function rowsOnly(rows: PprofListing['rows'], nodes: number | null): string {
  const some = nodes !== null && nodes > rows.length ? `${rows.length} of ${nodes} functions` : 'functions';
  return `a listing of go tool pprof: ${some} without their stacks. The profile itself shows more`;
}
