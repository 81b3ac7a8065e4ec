import * as fuzzysort from 'fuzzysort';
import { RE2JS, RE2JSException } from 're2js';

/** What a filter leaves of some things. */
export interface Kept<T> {
  readonly rows: readonly T[];
  /** Why the filter cannot be applied: then it hides nothing. Null if it can. */
  readonly trouble: string | null;
}

/** A filter that was read once, for many rows. */
export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'pattern'; readonly matches: (text: string) => boolean }
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly without: readonly string[] }
  | { readonly kind: 'bad'; readonly trouble: string };

/** Instructions of a compiled pattern. What people type has below a hundred; the time of a match grows with them. */
const maxProgram = 300;
/** What RE2JS puts before the pattern for its flags, and repeats in an error. */
const flagsOf = '(?m)(?i)';
/** fuzzysort's own limit for a good match: the letters stand together, or begin words. */
const goodScore = 0.5;

/** Before the beginning of a state, as in `state:stuck`: a name such as `web-stopping` does not match then. */
const statePrefix = 'state:';

/** What a row shows: its cells, and its states if rows of this kind have any. */
interface Facts<T> {
  readonly cellsOf: (row: T) => readonly string[];
  readonly statesOf?: ((row: T) => readonly string[]) | undefined;
}

/** Reads what the reader typed: `/regex/` between slashes, anything else is words; `!word` hides the rows that contain it. */
export function readFilter(text: string): Filter {
  const wanted = text.trim();
  if (wanted === '') return { kind: 'all' };
  if (isPattern(wanted)) return readPattern(wanted.slice(1, -1));
  const all = wanted.toLowerCase().split(/\s+/);
  const without = all.filter((word) => word.startsWith('!')).map((word) => word.slice(1));
  return {
    kind: 'words',
    words: all.filter((word) => !word.startsWith('!')),
    // A lone ! is the beginning of one.
    without: without.filter((word) => word !== ''),
  };
}

/** `/web-\d/`. A path has no slash at its end until it is typed to the end, and then it matches itself. */
export const isPattern = (text: string): boolean => text.length > 2 && text.startsWith('/') && text.endsWith('/');

/** RE2's engine matches in linear time: no pattern can hang the screen. It is not JavaScript's: no look-around, no back-references. */
function readPattern(source: string): Filter {
  try {
    const pattern = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE | RE2JS.MULTILINE);
    if (pattern.programSize() > maxProgram) return { kind: 'bad', trouble: 'too many repeats' };
    return { kind: 'pattern', matches: (text) => pattern.test(text) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { kind: 'bad', trouble: error.message.replace('error parsing regexp: ', '').replace(flagsOf, '') };
  }
}

/**
 * The rows that match, in their order. A pattern is matched against each cell (`^` is the start of a cell). Words: every one is in
 * some cell, or is `state:` and the beginning of a state; only when no row has them all, rows count in which the letters of each
 * word follow one another in a cell, the good matches if there are any.
 */
export function keepMatching<T>(filter: Filter, rows: readonly T[], facts: Facts<T>): Kept<T> {
  switch (filter.kind) {
    case 'all':
      return { rows, trouble: null };
    case 'bad':
      return { rows, trouble: filter.trouble };
    case 'pattern':
      return { rows: rows.filter((row) => filter.matches(facts.cellsOf(row).join('\n'))), trouble: null };
    case 'words':
      return { rows: keepWords(filter, rows, facts), trouble: null };
  }
}

function keepWords<T>(
  { words, without }: Extract<Filter, { kind: 'words' }>,
  all: readonly T[],
  { cellsOf, statesOf }: Facts<T>,
): readonly T[] {
  const isState = (word: string): boolean => statesOf !== undefined && word.startsWith(statePrefix);
  const textOf = (row: T): string => cellsOf(row).join('\n').toLowerCase();
  const isOf = (row: T, text: string) => (word: string) => {
    if (!isState(word)) return text.includes(word);
    const wanted = word.slice(statePrefix.length);
    return statesOf?.(row).some((state) => state.toLowerCase().startsWith(wanted)) === true;
  };
  const rows = without.length === 0 ? all : all.filter((row) => !without.some(isOf(row, textOf(row))));
  if (words.length === 0) return rows;
  const literal = rows.filter((row) => words.every(isOf(row, textOf(row))));
  if (literal.length > 0) return literal;
  // A state is one or it is not: only the letters of other words may be apart.
  const loose = words.filter((word) => !isState(word));
  if (loose.length === 0) return literal;
  const inState = rows.filter((row) => words.filter(isState).every(isOf(row, '')));
  const scored = inState.map((row) => ({ row, score: scoreOf(loose, cellsOf(row)) })).filter(({ score }) => score > 0);
  const good = scored.filter(({ score }) => score >= goodScore);
  return (good.length > 0 ? good : scored).map(({ row }) => row);
}

/** The score of the word that matches worst, each in the cell where it matches best; 0 if one matches nowhere. */
function scoreOf(words: readonly string[], cells: readonly string[]): number {
  // Prepared here: fuzzysort keeps every text that it prepares itself, without limit.
  const targets = cells.filter((cell) => cell !== '').map((cell) => fuzzysort.prepare(cell));
  const best = (word: string): number =>
    Math.max(0, ...targets.map((target) => fuzzysort.single(word, target)?.score ?? 0));
  return Math.min(...words.map(best));
}
