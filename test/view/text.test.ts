import cliTruncate from 'cli-truncate';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { clean, fitText, truncate, truncateNarrow, widthOf } from '../../src/view/text.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('a text from outside', () => {
  test('is shown as it is when it is printable', () => {
    for (const text of ['web-1', 'Up 3 hours', '日本語', 'ünïcode', '🧊']) expect(clean(text)).toBe(text);
  });

  test('can neither move the cursor, nor set the title, nor turn the line around, nor break it', () => {
    expect(clean('a\u001b[2Jb\u001b]0;x\u0007c\u009b31md\u202Ee\u2028f\ng\u0000h\uD800i')).toBe(
      'a·[2Jb·]0;x·c·31md·e·f·g·h·i',
    );
  });

  test('holds nothing that is there and not seen, or on whose width terminals do not agree', () => {
    expect(clean('a\u200bb\u00adc\u3164d\u2764\ufe0f\u{1f44d}\u{1f3fd}')).toBe('a·b·c·d\u2764·\u{1f44d}·');
  });

  test('has no more marks on a letter than a language has', () => {
    expect(clean('e\u0301')).toBe('e\u0301');
    expect(clean(`e${'\u0301'.repeat(2000)}f`)).toBe('e\u0301\u0301\u0301\u0301·f');
  });

  test('has no letter that joins the space after it', () => {
    let letters = '';
    for (let point = 0x300; point < 0x20000; point++) {
      const letter = String.fromCodePoint(point);
      if (/[[\p{L}\p{M}\p{N}]--[\p{Ideographic}\p{Script=Hangul}]]/v.test(letter)) letters += `${clean(letter)} `;
    }
    const joined = [...new Intl.Segmenter().segment(letters)].filter(({ segment }) => /. $/u.test(segment));
    expect(joined).toEqual([]);
    expect(clean('\u{11d46}a')).toBe('·a');
  });

  test('is as wide as terminals show it where string-width counts otherwise', () => {
    expect(clean('ทำ')).toBe('ท\u0e4d\u0e32');
    expect(widthOf(clean('ทำ'))).toBe(2);
  });

  test('has nothing unprintable left, whatever it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(clean(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a text in a cell', () => {
  test('is exactly as wide as the cell, whatever it was', () => {
    fc.assert(
      fc.property(
        anyText.map(clean),
        fc.nat(40),
        fc.constantFrom('left' as const, 'right' as const),
        (text, width, align) => {
          expect(stringWidth(fitText(text, width, align))).toBe(width);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('is filled on the side away from its alignment, and cut at its end', () => {
    expect([fitText('ab', 4), fitText('ab', 4, 'right'), fitText('abcdef', 4), fitText('日本語', 4)]).toEqual([
      'ab  ',
      '  ab',
      'abc…',
      '日… ',
    ]);
  });

  test('keeps both ends of a path when it is cut in the middle', () => {
    const cut = truncate('kube-system/fluentd-hjj42/fluentd', 18, 'middle');
    expect(widthOf(cut)).toBe(18);
    expect(cut).toMatch(/^kube.*…\S*fluentd$/);
  });

  test('is cut without the library as by it, when every character takes one column', () => {
    const narrow = fc.string({ unit: fc.constantFrom('a', ' ', '-', '/', '│', '…', '⣿', '→'), maxLength: 40 });
    fc.assert(
      fc.property(
        narrow,
        fc.integer({ min: -1, max: 45 }),
        fc.constantFrom('end' as const, 'middle' as const),
        (text, width, position) => {
          expect(truncateNarrow(text, width, position)).toBe(cliTruncate(text, width, { position }));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
