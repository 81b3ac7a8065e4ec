import { expect, test } from 'vitest';
import { durationWords } from '../../src/model/duration-words.ts';

test.each([
  [-1, '0 s'],
  [0.4, '0 s'],
  [40, '40 s'],
  [119, '119 s'],
  [120, '2 min'],
  [7199, '120 min'],
  [7200, '2 h'],
  [93_600, '26 h'],
  [172_800, '2 days'],
])('%d seconds are %s', (seconds, words) => {
  expect(durationWords(seconds)).toBe(words);
});
