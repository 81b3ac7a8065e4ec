import type { Goroutine } from '../../../sample/goroutines.ts';
import { isFunction, normalizeFunction } from '../function-name.ts';
import { lockShape } from '../locks/lock-wait.ts';
import type { SubjectPlace } from '../subjects.ts';
import { type FunctionNames, gap, lock, type Pattern, type Signature, type Step } from './pattern.ts';

/** A pattern that fits a stack, and where its subject is. */
export interface Match {
  readonly pattern: Pattern;
  readonly places: readonly SubjectPlace[];
}

/** What of a goroutine decides which patterns fit. */
export type Matchable = Pick<Goroutine, 'state' | 'createdBy'> & {
  readonly frames: readonly { readonly func: string }[];
};

/** All patterns that fit, in the order of the table: the first says most. */
export function matchPatterns(goroutine: Matchable, table: readonly Pattern[]): Match[] {
  const functions = goroutine.frames.map(({ func }) => normalizeFunction(func));
  const matches: Match[] = [];
  for (const pattern of table) {
    if (pattern.unless?.some((id) => matches.some((match) => match.pattern.id === id))) continue;
    const signature = pattern.signatures.find((candidate) => fits(candidate, goroutine, functions));
    if (signature !== undefined) matches.push({ pattern, places: placesOf(signature, functions) });
  }
  return matches;
}

function fits(
  { steps, states, createdBy, onlyWithState }: Signature,
  goroutine: Matchable,
  functions: readonly string[],
): boolean {
  return (
    (onlyWithState === undefined || goroutine.state !== null) &&
    isAnyOf(goroutine.state, states) &&
    (createdBy === undefined ||
      goroutine.createdBy === null ||
      isFunction(normalizeFunction(goroutine.createdBy), createdBy)) &&
    hasSteps(steps, functions, goroutine.state)
  );
}

/** `chan receive` is also `chan receive (nil chan)`, and whatever else Go appends in parentheses. */
function isAnyOf(state: string | null, states: readonly string[] | undefined): boolean {
  if (state === null || states === undefined) return true;
  return states.some((wanted) => state === wanted || state.startsWith(`${wanted} (`));
}

/** Each run of steps between gaps is matched at its first occurrence: nothing is anchored at the end, so that suffices. */
function hasSteps(steps: readonly Step[], functions: readonly string[], state: string | null): boolean {
  let at = leafOf(functions);
  let rest = steps;
  if (rest[0] === lock) {
    const shape = lockShape(functions, state);
    if (shape === null) return false;
    at = shape.wanter;
    rest = rest.slice(1);
  }
  let mayMove = false;
  while (rest.length > 0) {
    if (rest[0] === gap) {
      mayMove = true;
      rest = rest.slice(1);
      continue;
    }
    const end = rest.indexOf(gap);
    const run = end === -1 ? rest : rest.slice(0, end);
    const found = findRun(run, functions, at, mayMove);
    if (found === null) return false;
    at = found + run.length;
    rest = rest.slice(run.length);
  }
  return true;
}

/** Most dumps hide the frames of the runtime; those that do not begin with them. */
function leafOf(functions: readonly string[]): number {
  const leaf = functions.findIndex((func) => !func.startsWith('runtime.'));
  return leaf === -1 ? functions.length : leaf;
}

function findRun(run: readonly Step[], functions: readonly string[], from: number, mayMove: boolean): number | null {
  for (let start = from; start + run.length <= functions.length; start++) {
    if (run.every((names, index) => isAnyFunction(functions[start + index] ?? '', names))) return start;
    if (!mayMove) return null;
  }
  return null;
}

function isAnyFunction(func: string, names: FunctionNames): boolean {
  return typeof names === 'string' ? isFunction(func, names) : names.some((name) => isFunction(func, name));
}

function placesOf({ subject }: Signature, functions: readonly string[]): SubjectPlace[] {
  return (subject ?? [])
    .map(({ func, word }) => ({ frame: functions.findIndex((name) => isAnyFunction(name, func)), word }))
    .filter(({ frame }) => frame !== -1);
}
