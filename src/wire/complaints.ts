import type { Misfit } from '../sample/schema/shape.ts';

/** What did not have the right shape in foreign input, by kind. */
export interface Complaint {
  /** The first of its kind: where, which field, what is expected, what is there, and what is skipped. */
  readonly words: string;
  /** How often it came. */
  readonly count: number;
}

/** Lines that are remembered, so that what is read again is not counted again. */
const maxLines = 10_000;
const longestValue = 40;

/**
 * Counts what does not have its shape, by kind: the same field with the same expectation. There are as many kinds as the
 * shapes have fields, whatever comes.
 */
export class Complaints {
  readonly #kinds = new Map<string, Complaint>();
  readonly #lines = new Set<string>();

  /** One for each kind, the first first. */
  get list(): readonly Complaint[] {
    return [...this.#kinds.values()];
  }

  /**
   * @param line identifies the line
   * @param place where it is, in words: `line 1204`
   * @param what is skipped: `reading` or `line`
   * @returns the words, for those that are the first of their kind
   */
  take(line: string, place: string, misfits: readonly Misfit[], what: 'reading' | 'line'): string[] {
    if (misfits.length === 0 || this.#lines.has(line) || this.#lines.size >= maxLines) return [];
    this.#lines.add(line);
    return misfits.flatMap((misfit) => {
      const kind = `${kindOf(misfit.path)} ${misfit.expected}`;
      const known = this.#kinds.get(kind);
      const words = known?.words ?? `${place}: ${wordsOf(misfit)} The ${what} is skipped.`;
      this.#kinds.set(kind, { words, count: (known?.count ?? 0) + 1 });
      return known === undefined ? [words] : [];
    });
  }
}

function wordsOf({ path, expected, found }: Misfit): string {
  const where = path.length === 0 ? '' : `${fieldOf(path)}: `;
  return `${where}${expected} is expected, there is ${valueWords(found)}.`;
}

/** `readings.disks.value.disks[3].readBytes`; names that are not ours in quotes. */
function fieldOf(path: Misfit['path']): string {
  return path.map(stepOf).join('').replace(/^\./, '');
}

function stepOf(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return isName(key) ? `.${key}` : `[${quoted(key)}]`;
}

/** The same for every index of a list, and for every label. */
function kindOf(path: Misfit['path']): string {
  const labels = path.indexOf('labels');
  const known = labels === -1 ? path : path.slice(0, labels + 1);
  return known.map((key) => (typeof key === 'number' ? '[]' : key)).join('.');
}

/** The first of them, and how many more were skipped; null if there are none. */
export function complaintSummary(complaints: readonly Complaint[]): string | null {
  const [first] = complaints;
  if (first === undefined) return null;
  const others = complaints.reduce((sum, { count }) => sum + count, -1);
  return others === 0 ? first.words : `${first.words} ${others} more ${others === 1 ? 'was' : 'were'} skipped.`;
}

const isName = (key: string): boolean => /^[a-z]\w{0,30}$/i.test(key);

function valueWords(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** Cut, and in ASCII: it comes from outside, and may be made to move the cursor. */
function quoted(text: string): string {
  const cut = text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
  const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(cut).replace(/[^\x20-\x7e…]/g, escaped);
}
