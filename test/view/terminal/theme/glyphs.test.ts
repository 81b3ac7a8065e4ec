import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiGlyphs, toAscii, unicodeGlyphs } from '../../../../src/view/terminal/theme/glyphs.ts';
import { clean, widthOf } from '../../../../src/view/text.ts';

test('the two sets have the same shape, and the second is ASCII', () => {
  expect(Object.keys(asciiGlyphs)).toEqual(Object.keys(unicodeGlyphs));
  for (const glyph of Object.values(asciiGlyphs)) expect(glyph).toMatch(/^[\x20-\x7e]+$/);
  expect([...asciiGlyphs.levels]).toHaveLength([...unicodeGlyphs.levels].length);
});

test('a text in ASCII is as wide as it was', () => {
  expect(toAscii('“Up” – 日本 · ≥5s …')).toBe('"Up" - ???? . >5s ~');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }).map(clean), (text) => {
      expect(toAscii(text)).toMatch(/^[\x20-\x7e]*$/);
      expect(toAscii(text).length).toBe(widthOf(text));
    }),
    { numRuns: 1000 },
  );
});
