import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkSpan, span } from '../../../../src/view/terminal/parts/line.ts';
import { wrapSpans } from '../../../../src/view/terminal/parts/wrap-spans.ts';
import { wrapText } from '../../../../src/view/text.ts';

test('a line is wrapped as its text would be, whatever its pieces', () => {
  const piece = fc.oneof(fc.constantFrom('a', ' ', '  ', 'web-1', ' · ', 'long'.repeat(9), '日本'), fc.string());
  fc.assert(
    fc.property(fc.array(piece.map((text) => span(text))), fc.integer({ min: 12, max: 40 }), (line, width) => {
      const rows = wrapSpans(line, width).map((row) => row.map(({ text }) => text).join(''));
      expect(rows).toEqual(wrapText(line.map(({ text }) => text).join(''), width));
    }),
  );
});

test('a link that goes over two rows is one link on both', () => {
  const target = { to: 'finding', key: 'a' } as const;
  const rows = wrapSpans([span('of '), linkSpan('kube-system/fluentd cannot exit', target)], 20, 2);
  expect(rows.map((row) => row.filter((piece) => piece.target === target).map(({ text }) => text))).toEqual([
    ['kube-system/flu'],
    ['entd cannot exit'],
  ]);
});
