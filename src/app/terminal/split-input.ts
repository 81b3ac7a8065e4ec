/** A report of the mouse: SGR form (xterm's ctlseqs, "Extended coordinates", mode 1006). */
export interface MouseReport {
  readonly kind: 'mouse';
  /** The button with its modifiers, as the terminal encodes them. */
  readonly code: number;
  /** From 0, at the left and at the top. */
  readonly column: number;
  readonly row: number;
  readonly pressed: boolean;
}

/** A piece of what the terminal sent. */
export type InputPiece =
  /** For Ink, which knows the other sequences. */
  | { readonly kind: 'text'; readonly text: string }
  | MouseReport
  /** A function key, which Ink does not name: `f1` to `f12`. */
  | { readonly kind: 'key'; readonly name: string };

interface SplitInput {
  readonly pieces: readonly InputPiece[];
  /** The start of a sequence whose end has not come yet. */
  readonly pending: string;
}

const escapeCode = '\u001b';
const mouseReport = /^\u001b\[<(\d{1,4});(\d{1,4});(\d{1,4})([Mm])/;
/** A report that is none: numbers too long, too few or too many, another end. Its end is dropped with it. */
const brokenReport = /^\u001b\[<[\u0020-\u003f]*[\u0040-\u007e]?/;
/** The form of X11, of which each of the three characters is a number; no terminal sends it while it has mode 1006. */
const oldReport = /^\u001b\[M[\s\S]{3}/;
/** The form of rxvt (mode 1015). */
const rxvtReport = /^\u001b\[\d{1,4};\d{1,4};\d{1,4}M/;
const unfinished = [
  /^\u001b\[<[\u0020-\u003f]*$/,
  /^\u001b\[M[\s\S]{0,2}$/,
  /^\u001b\[[\d;?]+$/,
  /^\u001b\[?$/,
  /^\u001bO$/,
];
/** Longer ones are not kept: this much says that no report comes of it. */
const longestPending = 40;
const tooLong = `${escapeCode}[<;`;

const functionKeys: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  // xterm: F1 to F4, then the others, with a gap after F5 and after F10.
  [/^\u001bO([P-S])/, ([, letter = 'P']) => `f${letter.charCodeAt(0) - 'P'.charCodeAt(0) + 1}`],
  [/^\u001b\[\[([A-E])/, ([, letter = 'A']) => `f${letter.charCodeAt(0) - 'A'.charCodeAt(0) + 1}`],
  [/^\u001b\[(1[1-5])~/, ([, code]) => `f${Number(code) - 10}`],
  [/^\u001b\[(1[7-9]|2[01])~/, ([, code]) => `f${Number(code) - 11}`],
  [/^\u001b\[(2[34])~/, ([, code]) => `f${Number(code) - 12}`],
];

/**
 * Takes mouse reports and function keys out of the terminal's input. What looks like a report and is none is dropped: no part of it
 * may act as a key. A report may arrive in pieces; its beginning is given back as `pending`, to be put before the next input.
 */
export function splitInput(input: string): SplitInput {
  const pieces: InputPiece[] = [];
  const give = (text: string): void => {
    const last = pieces.at(-1);
    if (text === '') return;
    if (last?.kind === 'text') pieces[pieces.length - 1] = { kind: 'text', text: last.text + text };
    else pieces.push({ kind: 'text', text });
  };
  let rest = input;
  while (rest !== '') {
    const start = rest.indexOf(escapeCode);
    if (start < 0) {
      give(rest);
      break;
    }
    give(rest.slice(0, start));
    rest = rest.slice(start);
    if (unfinished.some((pattern) => pattern.test(rest))) {
      return { pieces, pending: rest.length > longestPending ? tooLong : rest };
    }
    const taken = sequenceOf(rest);
    if (taken.piece === null) give(rest.slice(0, taken.length));
    else if (taken.piece !== 'dropped') pieces.push(taken.piece);
    rest = rest.slice(taken.length);
  }
  return { pieces, pending: '' };
}

/** The sequence at the start; null for one that is for Ink. */
function sequenceOf(text: string): { readonly piece: InputPiece | 'dropped' | null; readonly length: number } {
  const report = mouseReport.exec(text);
  if (report !== null) {
    const [whole, code, column, row, end] = report;
    const place = { column: Number(column) - 1, row: Number(row) - 1 };
    return { piece: { kind: 'mouse', code: Number(code), ...place, pressed: end === 'M' }, length: whole.length };
  }
  const dropped = brokenReport.exec(text) ?? oldReport.exec(text) ?? rxvtReport.exec(text);
  if (dropped !== null) return { piece: 'dropped', length: dropped[0].length };
  for (const [pattern, nameOf] of functionKeys) {
    const match = pattern.exec(text);
    if (match !== null) return { piece: { kind: 'key', name: nameOf(match) }, length: match[0].length };
  }
  return { piece: null, length: 1 };
}

/** Whether the rest of a mouse report begins the input, after an Escape that was passed on because nothing followed in time. */
export function continuesReport(passedOn: string, input: string): boolean {
  return passedOn !== '' && /^\u001b\[<\d/.test(passedOn + input);
}
