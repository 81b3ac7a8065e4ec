/**
 * How a JSON value became another one, as JSON: what stayed is not said. The forms are told in `docs/recordings.md`.
 *
 * - `{key: delta, …}`: of an object, or an array (the keys are places), these members changed; `{}` is no change
 * - a number: added to the number that was there, and rounded to the thousandth
 * - `[value]`: replaced by the value
 * - `[moves, delta]`: an array put together anew. `moves` is read from left to right: two numbers copy a run of the old array
 *   (from, count), an array holds new items. The delta then applies to the result.
 */
export type Delta =
  | { readonly [key: string]: Delta }
  | number
  | readonly [unknown]
  | readonly [readonly unknown[], Delta];

type Fields = Readonly<Record<string, unknown>>;

/** Samples are less deep than this; without a limit a hostile one would end in a stack overflow. */
const maxDepth = 64;
const noChange: Delta = {};

/** What turns one JSON value into the other. */
export function diff(before: unknown, after: unknown): Delta {
  return changeOf(before, after, 0) ?? noChange;
}

/**
 * The value after the change. Parts that did not change are shared with the value before; neither is ever written to.
 *
 * @throws when the delta does not fit the value
 */
export function apply(before: unknown, delta: unknown, depth = 0): unknown {
  if (typeof delta === 'number' && typeof before === 'number') return added(before, delta);
  if (typeof delta !== 'object' || delta === null || depth > maxDepth) throw new Error('a change of unknown form');
  if (!Array.isArray(delta)) return applyMembers(before, delta as Fields, depth);
  if (delta.length === 1) return delta[0];
  const [moves, inner] = delta as unknown[];
  if (delta.length !== 2 || !Array.isArray(moves) || !Array.isArray(before)) {
    throw new Error('a change that does not fit what was before');
  }
  return apply(rearrange(before, moves), inner, depth + 1);
}

/** Null for no change. */
function changeOf(before: unknown, after: unknown, depth: number): Delta | null {
  if (before === after) return null;
  if (typeof before === 'number' && typeof after === 'number') return growthOf(before, after) ?? [after];
  if (!isObject(before) || !isObject(after) || depth > maxDepth) return [after];
  if (Array.isArray(before) && Array.isArray(after)) return changeOfArrays(before, after, depth);
  if (Array.isArray(before) || Array.isArray(after)) return [after];
  return changeOfFields(before as Fields, after as Fields, depth);
}

/** Counters and ages grow alike for all, so that their growth packs far better than they do. Null when it would not be exact. */
function growthOf(before: number, after: number): number | null {
  const growth = added(after, -before);
  return Number.isFinite(growth) && Object.is(added(before, growth), after) ? growth : null;
}

function added(a: number, b: number): number {
  return Math.round((a + b) * 1000) / 1000;
}

/** The order of the keys counts: a Sample comes back byte for byte. */
function changeOfFields(before: Fields, after: Fields, depth: number): Delta | null {
  const keys = Object.keys(after);
  const old = Object.keys(before);
  if (keys.length !== old.length || keys.some((key, i) => key !== old[i] || isUnfit(key, after[key]))) return [after];
  const changes: Record<string, Delta> = {};
  let some = false;
  for (const key of keys) {
    const change = changeOf(before[key], after[key], depth + 1);
    if (change === null) continue;
    changes[key] = change;
    some = true;
  }
  return some ? changes : null;
}

/** JSON leaves undefined out, and `__proto__` cannot be set like other keys. */
function isUnfit(key: string, value: unknown): boolean {
  return value === undefined || key === '__proto__';
}

function changeOfArrays(before: readonly unknown[], after: readonly unknown[], depth: number): Delta | null {
  const names = before.map(nameOf);
  const next = after.map(nameOf);
  if (names.length === next.length && names.every((name, i) => name === next[i])) {
    return changesAt(
      before,
      after,
      before.map((_, i) => i),
      depth,
    );
  }
  const from = origins(names, next);
  if (from.every((place) => place === null)) return [after];
  return [movesOf(from, after), changesAt(before, after, from, depth) ?? noChange];
}

/**
 * What names an item among others: itself, or the first field of an object, which in a Sample is an id, pid, path or name; of
 * stacks it is the functions that follow the count.
 */
function nameOf(item: unknown): unknown {
  if (!isObject(item)) return item;
  if (Array.isArray(item)) return undefined;
  const fields = item as Fields;
  const [first, second] = Object.keys(fields);
  const name = first === 'count' && second !== undefined ? fields[second] : fields[first ?? ''];
  if (Array.isArray(name)) return name.every((part) => typeof part === 'string') ? name.join('\n') : undefined;
  return isObject(name) ? undefined : name;
}

/** Where each of the new items was; null for one that was not there. No old item is used twice. */
function origins(before: readonly unknown[], after: readonly unknown[]): (number | null)[] {
  const places = new Map<unknown, number[]>();
  for (let i = before.length - 1; i >= 0; i--) {
    const name = before[i];
    const known = places.get(name);
    if (known === undefined) places.set(name, [i]);
    else known.push(i);
  }
  return after.map((name) => (name === undefined ? null : (places.get(name)?.pop() ?? null)));
}

function movesOf(from: readonly (number | null)[], after: readonly unknown[]): unknown[] {
  const moves: unknown[] = [];
  let items: unknown[] | null = null;
  let next: number | null = null;
  from.forEach((place, i) => {
    if (place === null) {
      if (items === null) {
        items = [];
        moves.push(items);
      }
      items.push(after[i]);
      next = null;
      return;
    }
    if (place === next) moves.push((moves.pop() as number) + 1);
    else moves.push(place, 1);
    next = place + 1;
    items = null;
  });
  return moves;
}

function changesAt(
  before: readonly unknown[],
  after: readonly unknown[],
  from: readonly (number | null)[],
  depth: number,
): Delta | null {
  const changes: Record<string, Delta> = {};
  let some = false;
  from.forEach((place, i) => {
    const change = place === null ? null : changeOf(before[place], after[i], depth + 1);
    if (change === null) return;
    changes[i] = change;
    some = true;
  });
  return some ? changes : null;
}

function applyMembers(before: unknown, delta: Fields, depth: number): unknown {
  const keys = Object.keys(delta);
  if (keys.length === 0) return before;
  if (!isObject(before)) throw new Error('a change inside of a value that has no inside');
  const copy: Record<string, unknown> = Array.isArray(before)
    ? ([...before] as unknown as Record<string, unknown>)
    : { ...before };
  for (const key of keys) {
    if (!Object.hasOwn(before, key) || key === '__proto__' || (Array.isArray(before) && key === 'length')) {
      throw new Error('a change of a member that is not there');
    }
    copy[key] = apply((before as Fields)[key], delta[key], depth + 1);
  }
  return copy;
}

/** Every old item at most once: so what comes out is never larger than what was there and what the line brings. */
function rearrange(before: readonly unknown[], moves: readonly unknown[]): unknown[] {
  const used = new Set<number>();
  const result: unknown[] = [];
  for (let i = 0; i < moves.length; i++) {
    const move = moves[i];
    if (Array.isArray(move)) {
      for (const item of move) result.push(item);
      continue;
    }
    const count = moves[++i];
    if (!Number.isInteger(move) || !Number.isInteger(count)) throw new Error('a move that is no number');
    for (let place = move as number; place < (move as number) + (count as number); place++) {
      if (place < 0 || place >= before.length || used.has(place)) throw new Error('a move from nowhere');
      used.add(place);
      result.push(before[place]);
    }
  }
  return result;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
