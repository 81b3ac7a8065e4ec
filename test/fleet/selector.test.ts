import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyOf, BadSelector, formatMatchers, parseSelector } from '../../src/fleet/selector.ts';

test('a selector is read with or without braces, with each kind of quote', () => {
  expect(parseSelector(`{cluster="a", env=~'prod.*',zone!=\`x\\y\`}`)).toEqual([
    { label: 'cluster', operator: '=', value: 'a' },
    { label: 'env', operator: '=~', value: 'prod.*' },
    { label: 'zone', operator: '!=', value: 'x\\y' },
  ]);
  expect(parseSelector('cluster="a"')).toEqual([{ label: 'cluster', operator: '=', value: 'a' }]);
  expect(parseSelector('')).toEqual([]);
  expect(parseSelector('{}')).toEqual([]);
  expect(parseSelector('{a="x",}')).toHaveLength(1);
});

test.each(['{', 'a', 'a=b', 'a="x" or up', 'a="x"} or up{b="y"', '{a="x" b="y"}', '{1a="x"}', 'a="x', '{a=="x"}'])(
  '%s is refused',
  (text) => {
    expect(() => parseSelector(text)).toThrow(BadSelector);
  },
);

test('a selector names no metric: the queries do', () => {
  expect(() => parseSelector('{__name__="up"}')).toThrow('may not name a metric');
});

const matcher = fc.record({
  label: fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).filter((label) => label !== '__name__'),
  operator: fc.constantFrom('=' as const, '!=' as const, '=~' as const, '!~' as const),
  value: fc.string({ unit: 'grapheme' }),
});

test('whatever the values are, what is written is read as the same matchers', () => {
  fc.assert(
    fc.property(fc.array(matcher), (matchers) => {
      expect(parseSelector(formatMatchers(matchers))).toEqual(matchers);
    }),
  );
});

test('whatever a person types either is refused, or can be written anew', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\{?[ab="~!{},\\'` ]*\}?$/)), (text) => {
      try {
        const matchers = parseSelector(text);
        expect(parseSelector(formatMatchers(matchers))).toEqual(matchers);
      } catch (error) {
        expect(error).toBeInstanceOf(BadSelector);
      }
    }),
  );
});

test('a pattern of some values matches these and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (values, other) => {
      const pattern = new RegExp(`^(?:${anyOf(values)})$`);
      for (const value of values) expect(value).toMatch(pattern);
      expect(pattern.test(other)).toBe(values.includes(other));
    }),
  );
});
