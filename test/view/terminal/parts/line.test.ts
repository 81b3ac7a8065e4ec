import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitLine, lineWidth, linkSpan, span } from '../../../../src/view/terminal/parts/line.ts';
import { isNarrow, truncate } from '../../../../src/view/text.ts';

const textOf = (line: ReturnType<typeof fitLine>): string => line.map(({ text }) => text).join('');

test('a line is exactly as wide as its room, and shows as much as the same text in one piece', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', ' ', '│', '日', 'e\u0301'), maxLength: 8 });
  const narrow = fc.string({ unit: fc.constantFrom('a', ' ', '│'), maxLength: 8 });
  fc.assert(
    fc.property(
      fc.oneof(fc.array(narrow, { maxLength: 6 }), fc.array(piece, { maxLength: 6 })),
      fc.nat(40),
      (pieces, width) => {
        const line = pieces.map((text) => span(text));
        const fitted = fitLine(line, width);
        expect(lineWidth(fitted)).toBe(width);
        // Where a wide character does not fit, the ways to cut it differ.
        if (pieces.every(isNarrow) && lineWidth(line) <= width)
          expect(textOf(fitted)).toBe(pieces.join('').padEnd(width));
        else if (pieces.length === 1) expect(textOf(fitted).trimEnd()).toBe(truncate(pieces[0] ?? '', width).trimEnd());
      },
    ),
    { numRuns: 1000 },
  );
});

test('pieces with wide characters keep their tones', () => {
  const line = [span('日', 'warning'), span('b', 'good')];
  expect(fitLine(line, 3)).toEqual(line);
});

test('a text is a link only where it has a target', () => {
  expect(linkSpan('web', null)).toEqual(span('web'));
  const target = { kind: 'container', id: 'a' } as never;
  expect(linkSpan('web', target)).toEqual({ text: 'web', tone: 'link', target });
});
