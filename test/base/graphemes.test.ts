import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { graphemes } from '../../src/base/graphemes.ts';

afterEach(() => vi.restoreAllMocks());

const ascii = fc.string({ unit: 'binary-ascii' });
const lineEnds = fc.string({ unit: fc.constantFrom('\r', '\n', 'a') });
const others = fc.string({ unit: fc.constantFrom('a', '\u0301', '日', '👩‍👩‍👧', '🇩🇪', '\u001b[1m') });

test('a text is cut as the segmenter of the runtime cuts it', () => {
  fc.assert(
    fc.property(fc.oneof(ascii, lineEnds, others), (text) => {
      expect([...graphemes.segment(text)]).toEqual([...new Intl.Segmenter().segment(text)]);
    }),
  );
});

test('the segmenter is made with the first text that needs it, once', async () => {
  vi.resetModules();
  const made = vi.spyOn(Intl, 'Segmenter');
  const { graphemes: fresh } = await import('../../src/base/graphemes.ts');
  fresh.segment('\u001b[1m');
  expect(made).not.toHaveBeenCalled();
  fresh.segment('日');
  fresh.segment('a\u0301');
  expect(made).toHaveBeenCalledOnce();
});
