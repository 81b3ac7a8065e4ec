import { looksLikeFunction } from './shape.ts';

/** In the place of one that was not pasted; what state the goroutine is in was there. */
export const unknownHeader = 'goroutine ... [unknown]:';

/** A line of a goroutine: a function with addresses, or the place of a frame, from `at` on, behind what a logger wrote before it. */
interface FrameLine {
  readonly kind: 'function' | 'place';
  readonly at: number;
}

/** `Oct 27 15:20:23 node1 dockerd[1748]: ` */
const program = /^.{0,120}?[\w.-]{1,64}(?:\[\d{1,10}\])?: /;

/** The first line of a text that begins in the middle of a goroutine; null for others. */
export function frameAtStart(line: string): FrameLine | null {
  const at = program.exec(line)?.[0].length ?? 0;
  const kind = kindOf(line);
  if (kind !== null) return { kind, at: 0 };
  const inner = at === 0 ? null : kindOf(line.slice(at));
  return inner === null ? null : { kind: inner, at };
}

function kindOf(line: string): FrameLine['kind'] | null {
  const isPlace =
    /^(?:#011|\s{0,16})(?:\/|[A-Za-z]:[\\/]|[\w.@-]+\/)[^\s()]{1,300}\.(?:go|s):\d{1,6} \+0x[\da-f]+(?: fp=| *\r?$)/;
  if (isPlace.test(line)) return 'place';
  const isCall = /\((?:\{*0x[\da-f]+|\.\.\.\)|\{\}\))/.test(line) && /\)\r?$/.test(line);
  return isCall && looksLikeFunction(line.trim()) ? 'function' : null;
}
