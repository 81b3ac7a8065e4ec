import { describe, expect, test } from 'vitest';
import { printFrame } from '../../../src/view/print/print-frame.ts';
import { styledRuns } from '../../../src/view/print/styled-runs.ts';

const esc = '\u001b';
const frame = `${esc}[31m${esc}[1mcritical${esc}[22m${esc}[39m web<1>  \n${esc}[7m▸ 日本${esc}[27m${esc}[2m dim${esc}[22m`;

describe('a printed frame', () => {
  test('is split where its style changes, with the columns that each part takes', () => {
    const [first, second] = styledRuns(frame);
    expect(first?.map(({ text, column, width, color, bold }) => [text, column, width, color, bold])).toEqual([
      ['critical', 0, 8, 1, true],
      [' web<1>  ', 8, 9, null, false],
    ]);
    expect(second?.map(({ text, column, inverse, dim }) => [text, column, inverse, dim])).toEqual([
      ['▸ 日本', 0, true, false],
      [' dim', 6, false, true],
    ]);
  });

  test('as text has neither sequences nor blanks at the end of a line', () => {
    expect(printFrame(frame, 'txt', 20, '16')).toBe('critical web<1>\n▸ 日本 dim\n');
  });

  test('as ANSI is what the terminal gets', () => {
    expect(printFrame(frame, 'ansi', 20, '16')).toBe(`${frame}\n`);
  });

  test('as a picture or a page holds names as text, never as markup', () => {
    for (const format of ['svg', 'html'] as const) {
      const text = printFrame(frame, format, 20, '16');
      expect(text).toContain('web&lt;1&gt;');
      expect(text).not.toContain('<1>');
      expect(text).not.toContain(esc);
    }
  });

  test('as a picture has the colours of the large palette, and a light ground for the light theme', () => {
    const orange = `${esc}[38;5;202mx${esc}[39m${esc}[38;5;246my${esc}[39m`;
    expect(printFrame(orange, 'svg', 2, 'colour-blind')).toMatch(
      /fill="#1d1f21"[\s\S]*fill="#ff5f00"[\s\S]*fill="#949494"/,
    );
    expect(printFrame(orange, 'svg', 2, 'light')).toContain('fill="#ffffff"/>');
    expect(printFrame(orange, 'html', 2, 'light')).toContain('background:#ffffff');
  });

  test('as a picture is as large as the terminal', () => {
    expect(printFrame(frame, 'svg', 20, '16')).toContain('width="169" height="33"');
  });
});
