import {
  type AnsiCode,
  type Char,
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

/** Stretches of text, each with its styles. */
export type StyledRuns = ReturnType<typeof styledCharsFromTokens>;

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
