import type { DumpEnd, Goroutine } from '../../../sample/goroutines.ts';
import { type PprofListing, parsePprofListing } from '../listing.ts';

/**
 * Reads the goroutines of what `go tool pprof` printed. Where stacks are not in it (`-top`, `-text`, `-tree`), each function
 * is passed on as a stack of its own: a goroutine counts once for each function that it is in.
 *
 * @throws when it is a listing of another profile
 */
export function parseListing(text: string, onGoroutine: (goroutine: Goroutine) => void): DumpEnd {
  const listing = parsePprofListing(text);
  const other = otherProfile(listing);
  if (other !== null) throw new Error(other);
  const stacks =
    listing.stacks.length > 0
      ? listing.stacks.map(({ value, functions }) => ({ count: value, functions }))
      : ownRows(listing).map(({ func, cumulative }) => ({ count: cumulative, functions: [func] }));
  for (const { count, functions } of stacks) {
    if (count <= 0) continue;
    onGoroutine({
      id: null,
      count,
      state: null,
      waitMinutes: null,
      lockedToThread: false,
      frames: functions.map((func) => ({ func, file: null, line: null, args: null })),
      elided: false,
      createdBy: null,
    });
  }
  const counted = listing.stacks.reduce((sum, { value }) => sum + value, 0);
  const largest = Math.max(0, ...listing.rows.map(({ cumulative }) => cumulative));
  const error = listing.stacks.length > 0 ? null : rowsOnly(listing);
  return { form: 'listing', total: listing.total ?? (counted || largest), partial: error !== null, error };
}

/** Parked goroutines are all in the same functions of the runtime, which says nothing. */
function ownRows({ rows }: PprofListing): PprofListing['rows'] {
  const own = rows.filter(({ func }) => !func.startsWith('runtime.'));
  return own.length > 0 ? own : rows;
}

function rowsOnly({ rows, nodes }: PprofListing): string {
  const some = nodes !== null && nodes > rows.length ? `${rows.length} of ${nodes} functions` : 'functions';
  return `a listing of go tool pprof: ${some} without their stacks, a goroutine counts in each function that it is in. The profile itself, or -traces, shows more`;
}

function otherProfile({ type, rows }: PprofListing): string | null {
  if (type === 'goroutine' || type === 'goroutineleak') return null;
  if (type === null) {
    return rows.every(({ flat, cumulative }) => flat < 1e6 && cumulative < 1e6)
      ? null
      : 'a listing of go tool pprof that is not of goroutines: of bytes (rtwatch heap reads it) or of time';
  }
  if (/_(?:space|objects)$/.test(type)) return `a listing of a heap profile (${type}): read it with rtwatch heap`;
  const what = type === 'cpu' ? 'a CPU profile: it shows what ran' : `a profile of ${type}`;
  return `a listing of ${what}, not what goroutines wait for. /debug/pprof/goroutine?debug=2 shows that`;
}
