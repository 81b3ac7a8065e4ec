import fc from 'fast-check';
import { expect, test } from 'vitest';
import { needlesOf } from '../../../src/parse/log/needles.ts';

const words = ['no space left', 'left on device', 'panic: ', 'oom-kill', 'space left', 'panic: x'];
const needles = needlesOf(words);

const found = (text: string): [string, string[]][] => {
  const lines: [string, string[]][] = [];
  const bytes = new TextEncoder().encode(text);
  needles.lines(bytes, (start, end, places) => {
    const line = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start, end));
    lines.push([line, words.filter((_, place) => places.has(place))]);
  });
  return lines;
};

test('each line that holds a word is visited once, with all its words, whatever their case', () => {
  expect(found('a\nNo Space Left on device, OOM-kill\n\npanic: xy')).toEqual([
    ['No Space Left on device, OOM-kill', ['no space left', 'left on device', 'oom-kill', 'space left']],
    ['panic: xy', ['panic: ', 'panic: x']],
  ]);
  expect(found('panic:\n oom-\nkill')).toEqual([]);
  expect(found('')).toEqual([]);
});

test('the same lines and words are found as by looking for each word in each line', () => {
  const piece = fc.oneof(fc.constantFrom(...words, 'no space ', 'left', '\n', 'PANIC: ', 'é', '\u0000'), fc.string());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const expected = text.split('\n').flatMap((line): [string, string[]][] => {
        const inIt = words.filter((word) => asciiLower(line).includes(word));
        return inIt.length === 0 ? [] : [[line, inIt]];
      });
      expect(found(text)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

const asciiLower = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
