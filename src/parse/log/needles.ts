/** Finds any of many words in bytes at once, whatever their case (Wu and Manber, 1994). */
interface Needles {
  /**
   * Visits each line that holds a word, in order.
   *
   * @param visit gets where the line begins and ends, and the places in the list of the words that are in it, unsorted
   */
  readonly lines: (bytes: Uint8Array, visit: (start: number, end: number, found: ReadonlySet<number>) => void) => void;
}

const newline = 0x0a;
/** A block is this many bytes: three are far more selective than two, and four would not fit the processor's caches. */
const blockLength = 3;
/** Bits of a byte's class. */
const classBits = 6;

/**
 * @param words in small letters and ASCII, without line breaks, of four letters at least; the shortest decides the speed
 * @throws when a word has capital letters: nothing at all would be found
 */
export function needlesOf(words: readonly string[]): Needles {
  const capital = words.find((word) => word !== word.toLowerCase());
  if (capital !== undefined) throw new Error(`write ${capital} in small letters`);
  const window = Math.min(...words.map(({ length }) => length));
  const classes = classesOf(words);
  const { shifts, ends } = tablesOf(words, classes, window);
  const spelled = words.map((word) => Uint8Array.from(word, (letter) => letter.charCodeAt(0)));
  return { lines: (bytes, visit) => scan(bytes, { window, classes, shifts, ends, spelled }, visit) };
}

interface Tables {
  /** Length of the shortest word. */
  readonly window: number;
  /** By byte; 0 is in no word. */
  readonly classes: Uint8Array;
  /** By block: how far the window may move; 0 where a word's first letters may end with this block. */
  readonly shifts: Uint8Array;
  /** By block: the words whose first letters, as many as the window has, end with it. */
  readonly ends: ReadonlyMap<number, readonly number[]>;
  readonly spelled: readonly Uint8Array[];
}

function scan(
  bytes: Uint8Array,
  { window, classes, shifts, ends, spelled }: Tables,
  visit: (start: number, end: number, found: ReadonlySet<number>) => void,
): void {
  const { length } = bytes;
  const classAt = (at: number): number => classes[bytes[at] ?? 0] ?? 0;
  let line: { start: number; end: number; found: Set<number> } | null = null;
  for (let at = window - 1; at < length; ) {
    const block = (classAt(at - 2) << (2 * classBits)) | (classAt(at - 1) << classBits) | classAt(at);
    const shift = shifts[block] ?? 0;
    if (shift > 0) {
      at += shift;
      continue;
    }
    const from = at - window + 1;
    for (const word of ends.get(block) ?? []) {
      if (!isAt(bytes, from, spelled[word])) continue;
      if (line !== null && from >= line.end) {
        visit(line.start, line.end, line.found);
        line = null;
      }
      line ??= lineAround(bytes, from);
      line.found.add(word);
    }
    at++;
  }
  if (line !== null) visit(line.start, line.end, line.found);
}

function lineAround(bytes: Uint8Array, at: number): { start: number; end: number; found: Set<number> } {
  const end = bytes.indexOf(newline, at);
  return { start: bytes.lastIndexOf(newline, at) + 1, end: end === -1 ? bytes.length : end, found: new Set() };
}

function isAt(bytes: Uint8Array, from: number, word: Uint8Array | undefined): boolean {
  if (word === undefined || from + word.length > bytes.length) return false;
  for (let n = 0; n < word.length; n++) {
    const byte = bytes[from + n] ?? 0;
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== word[n]) return false;
  }
  return true;
}

/** Bytes that occur in no word are one class. */
function classesOf(words: readonly string[]): Uint8Array {
  const classes = new Uint8Array(256);
  for (const [index, letter] of [...new Set(words.join(''))].entries()) {
    classes[letter.charCodeAt(0)] = index + 1;
    classes[letter.toUpperCase().charCodeAt(0)] = index + 1;
  }
  if (classes.some((one) => one >= 1 << classBits)) throw new Error('the words have too many different letters');
  return classes;
}

function tablesOf(words: readonly string[], classes: Uint8Array, window: number): Pick<Tables, 'shifts' | 'ends'> {
  const shifts = new Uint8Array(1 << (3 * classBits)).fill(window - blockLength + 1);
  const ends = new Map<number, number[]>();
  const classOf = (word: string, at: number): number => classes[word.charCodeAt(at)] ?? 0;
  for (const [index, word] of words.entries()) {
    for (let at = blockLength - 1; at < window; at++) {
      const block =
        (classOf(word, at - 2) << (2 * classBits)) | (classOf(word, at - 1) << classBits) | classOf(word, at);
      shifts[block] = Math.min(shifts[block] ?? 0, window - 1 - at);
      if (at === window - 1) ends.set(block, [...(ends.get(block) ?? []), index]);
    }
  }
  return { shifts, ends };
}
