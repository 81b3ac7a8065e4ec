import { describe, expect, test } from 'vitest';
import { paneIds, paneOf } from '../../../../src/view/terminal/panes/panes.ts';
import { headLine } from '../../../../src/view/terminal/parts/table.ts';
import { columnOfLetter, sortLetters } from '../../../../src/view/terminal/state/sort-letters.ts';

describe('the letters of headings', () => {
  test.each(paneIds)('of %s are one for each column that can be sorted by, none twice, and leave s', (id) => {
    const { columns } = paneOf(id);
    const letters = sortLetters(columns);
    expect([...letters.keys()]).toEqual(columns.filter(({ by }) => by !== undefined).map((column) => column.id));
    expect(new Set(letters.values()).size).toBe(letters.size);
    expect([...letters.values()].join('')).toMatch(/^[a-rt-z]+$/);
    for (const [column, letter] of letters) expect(columnOfLetter(columns, letter)).toBe(column);
  });

  test('are the first of the title that is free', () => {
    const column = (title: string) => ({ id: title, title, by: () => 0 });
    expect([...sortLetters(['state', 'cpu', 'cost', '%'].map(column)).values()]).toEqual(['t', 'c', 'o', 'a']);
  });

  test('are underlined in the title, and stand in it where the title has none', () => {
    const column = { id: 'cpu', title: 'cpu', width: 5, align: 'right' as const, text: () => '' };
    const marked = (letter: string): string[] =>
      headLine([{ column, width: 5 }], new Map([['cpu', letter]]))
        .filter(({ tone }) => tone === 'letter')
        .map(({ text }) => text);
    expect(marked('p')).toEqual(['p']);
    expect(marked('x')).toEqual(['x']);
    expect(
      headLine([{ column, width: 5 }], new Map([['cpu', 'x']]))
        .map(({ text }) => text)
        .join(''),
    ).toBe('  xpu');
  });
});
