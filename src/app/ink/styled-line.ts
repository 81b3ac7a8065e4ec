import {
  type AnsiCode,
  ansiCodesToString,
  type Char,
  diffAnsiCodes,
  reduceAnsiCodesIncremental,
  styledCharsFromTokens,
  styledCharsToString,
  tokenize,
} from '@alcalzone/ansi-tokenize';
import { LineMemo } from './line-memo.ts';

/** Select Graphic Rendition (ECMA-48 8.3.117). */
const sgr = /\u001b\[[\d;]*m/g;
const control = /\p{Control}/u;

/** The text without its styles. */
export function bareText(line: string): string {
  return line.includes('\u001b') ? line.replaceAll(sgr, '') : line;
}

/** The SGR sequences, with their places. */
export function sgrCodes(line: string): readonly RegExpExecArray[] {
  return [...line.matchAll(sgr)];
}

/**
 * Whether the line holds text and whole SGR sequences, and no other control character. Such a line means the same alone as
 * among others, but for the styles that it leaves open.
 */
export function isPlainStyled(line: string): boolean {
  return !control.test(bareText(line));
}

/** Styles in force, one object for each combination. */
interface Style {
  readonly codes: readonly AnsiCode[];
  /** By a further sequence. */
  readonly after: Map<string, Style>;
  /** What is written from this one to another. */
  readonly to: Map<Style, string>;
}

const styleOf = (codes: readonly AnsiCode[]): Style => ({ codes, after: new Map(), to: new Map() });
/** Far more than there are tones beside each other. */
const mostStyles = 1000;
let plain = styleOf([]);
let styles = new Map([['', plain]]);

/**
 * The line with the codes between its stretches made anew, as `runsText(styledRuns(line))` makes them, for a line of text and SGR sequences.
 * What the library makes of two styles is remembered: a screen has few.
 *
 * @returns null for a line that leaves a style open
 */
export function restyled(line: string): string | null {
  if (!line.includes('\u001b')) return line;
  if (styles.size > mostStyles) {
    plain = styleOf([]);
    styles = new Map([['', plain]]);
  }
  let text = '';
  let written = plain;
  let style = plain;
  let at = 0;
  while (at < line.length) {
    const next = line.indexOf('\u001b', at);
    const end = next < 0 ? line.length : next;
    if (end > at) {
      text += between(written, style) + line.slice(at, end);
      written = style;
    }
    if (next < 0) break;
    at = line.indexOf('m', next) + 1;
    style = afterCode(style, line.slice(next, at));
  }
  return style.codes.length > 0 ? null : text + between(written, plain);
}

function between(from: Style, to: Style): string {
  if (from === to) return '';
  const known = from.to.get(to);
  if (known !== undefined) return known;
  const text = ansiCodesToString(diffAnsiCodes([...from.codes], [...to.codes]));
  from.to.set(to, text);
  return text;
}

function afterCode(style: Style, code: string): Style {
  const known = style.after.get(code);
  if (known !== undefined) return known;
  const codes = reduceAnsiCodesIncremental([...style.codes], tokenize(code) as AnsiCode[]);
  const key = codes.map((one) => `${one.code} ${one.endCode}`).join('\n');
  const next = styles.get(key) ?? styleOf(codes);
  styles.set(key, next);
  style.after.set(code, next);
  return next;
}

/** Stretches of text, each with its styles. */
type StyledRuns = ReturnType<typeof styledCharsFromTokens>;

/**
 * The line, plain but for styles, by stretches of one style: the tokens of the library, but for text that is not taken apart
 * into characters. What comes after the line is the last run, which is empty.
 */
export function styledRuns(line: string): StyledRuns {
  const tokens: (AnsiCode | Char)[] = [];
  let at = 0;
  for (const { index, 0: code } of sgrCodes(line)) {
    if (index > at) tokens.push(run(line.slice(at, index)));
    tokens.push(...codes.of(code));
    at = index + code.length;
  }
  if (at < line.length) tokens.push(run(line.slice(at)));
  return styledCharsFromTokens([...tokens, run('')]);
}

/** The runs as text again, with the codes between them made anew. */
export function runsText(runs: StyledRuns): string {
  return styledCharsToString(runs);
}

const run = (value: string): Char => ({ type: 'char', value, fullWidth: false });
const codes = new LineMemo((code) => tokenize(code) as AnsiCode[]);
