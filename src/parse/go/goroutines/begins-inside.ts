import { looksLikeFunction } from './shape.ts';

/** In the place of one that was not pasted; what state the goroutine is in was there. */
export const unknownHeader = 'goroutine ... [unknown]:';

/** The first line of a text that begins in the middle of a goroutine: `function` with addresses, or the `place` of a frame; null for others. */
export function frameAtStart(line: string): 'function' | 'place' | null {
  if (
    /^\s{0,16}(?:\/|[A-Za-z]:[\\/]|[\w.@-]+\/)[^\s()]{1,300}\.(?:go|s):\d{1,6} \+0x[\da-f]+(?: fp=| *\r?$)/.test(line)
  )
    return 'place';
  const isCall = /\((?:\{*0x[\da-f]+|\.\.\.\)|\{\}\))/.test(line) && /\)\r?$/.test(line);
  return isCall && looksLikeFunction(line.trim()) ? 'function' : null;
}
