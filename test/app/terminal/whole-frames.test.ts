import { expect, test } from 'vitest';
import { wholeFrames } from '../../../src/app/terminal/whole-frames.ts';

const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';

function written(...texts: readonly string[]): string[] {
  const out: string[] = [];
  const write = wholeFrames((text) => {
    out.push(text);
    return true;
  });
  for (const text of texts) write(text);
  return out;
}

test('a frame leaves with what begins and ends it, in one write', () => {
  expect(written(begin, 'one', end, begin, 'two', end)).toEqual([`${begin}one${end}`, `${begin}two${end}`]);
});

test('what is no frame leaves as it is', () => {
  expect(written('title', end, begin, 'frame', end, end)).toEqual(['title', end, `${begin}frame${end}`, end]);
});

test('of a frame in parts every byte leaves, and it is ended at last', () => {
  expect(written(begin, 'clear', 'frame', end)).toEqual([`${begin}clear${end}`, 'frame', end]);
});
