import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../../src/view/report/json-text.ts';

test('JSON does nothing to a terminal, and is the same value', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (value) => {
      const text = jsonText(value, 2);
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(jsonText({ a: '\u009b\u202e\u{e0041}é' })).toBe('{"a":"\\u009b\\u202e\\udb40\\udc41é"}');
});
