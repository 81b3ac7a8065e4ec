import stringWidth from 'string-width';
import { expect } from 'vitest';

/** Ours: colours and weight (Select Graphic Rendition), nothing else. */
const ownStyles = /\u001b\[\d{1,3}(?:;\d{1,3})*m/g;
/** Controls, what is not seen, what turns or breaks a line, half characters. */
const unsafe = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Nothing in these lines does anything to a terminal but show letters and their style. */
export function expectHarmless(text: string): void {
  for (const line of text.replaceAll(ownStyles, '').split('\n')) {
    const at = line.search(unsafe);
    if (at >= 0) expect.fail(`not harmless: ${JSON.stringify(line.slice(Math.max(0, at - 40), at + 20))}`);
  }
}

/** Harmless, no more lines than there are, none wider than the terminal; a frame that begins on a line ends on it. */
export function expectFits(text: string, columns: number, rows: number): void {
  expectHarmless(text);
  const lines = text.replaceAll(ownStyles, '').split('\n');
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) {
    const width = stringWidth(line);
    // Beside a column that has ended there is nothing.
    const isOpen = /^[│╭╰]/.test(line) && !/[│╮╯─]$/.test(line.trimEnd());
    if (width > columns || isOpen) expect.fail(`${width} of ${columns} columns: ${JSON.stringify(line)}`);
  }
}
