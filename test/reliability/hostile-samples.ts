import fc from 'fast-check';
import type { Sample } from '../../src/sample/sample.ts';

/** What someone could call a container, a process, a volume or a unit to do something to whoever looks at it. */
export const hostilePieces: readonly string[] = [
  // Escape sequences: clear, title, a link, the clipboard, a device string, an answer typed for the person (ECMA-48, xterm's ctlseqs).
  ...['\u001b[2J\u001b[H', '\u001b]0;title\u0007', '\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\'],
  ...['\u001b]52;c;cm0gLXJmIC8=\u0007', '\u001bP$q"p\u001b\\', '\u001b[6n', '\u001b[?1049l', '\u001bc', '\u001b'],
  // The same with the controls of eight bits.
  ...['\u009b31m', '\u009d0;title\u009c', '\u0090q\u009c', '\u0085', '\u008d'],
  // What turns a line around, hides in it or breaks it.
  ...[
    '\u202egnp.exe',
    '\u2066\u2067\u2068',
    '\u200b\u200c\u200d\u2060\ufeff',
    '\u00ad',
    '\u061c',
    '\u{e0041}\u{e007f}',
  ],
  ...['\n', '\r', '\r\n', '\t', '\v\f\b\u007f\u0000', '\u2028\u2029', '\ufff9\ufffa\ufffb'],
  // Invalid UTF-8 as it arrives, half a character, a private one, one that nobody assigned.
  ...['\ufffd\ufffd', 'caf\u00c3\u00a9', '\ud83d', '\udc00', '\ue000', '\u{10ffff}', '\u0378'],
  // Two columns, none, or as many as the terminal thinks.
  ...['日本語', '\uff21\uff22', 'e\u0301', '\u0301', `z${'\u0335\u0321\u0347'.repeat(40)}`, '\u{1f9ca}', '\u3000'],
  ...[
    '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
    '\u2764\ufe0f',
    '1\ufe0f\u20e3',
    '\u{1f44d}\u{1f3fd}',
    '\u{1f1e9}\u{1f1ea}\u{1f1eb}',
  ],
  ...[
    '\u0915\u094d\u0937\u093f',
    '\u0e01\u0e33',
    '\u1100\u1161\u11a8',
    '\u3164\u115f\uffa0',
    '\u05d0\u05d1',
    '\u0644\u0627',
  ],
  // A cell that never ends, and nothing at all.
  ...['x'.repeat(4096), '日'.repeat(1500), '\u0301'.repeat(2000), ''],
  // Words of a shell, of JSON, of a path, of a comm.
  ...'\'; touch /tmp/pwned; \'|$(touch /tmp/pwned)|`id`|" & \\|--help|-rf /|}{"a":1|../../etc|a) S 1 (b|%s%n|__proto__|constructor'.split(
    '|',
  ),
];

/** Any text that is meant badly. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...hostilePieces) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
      { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((pieces) => pieces.join(''));

/** Words of the wire itself: the sampler writes them, never the node. */
const wireKeys: ReadonlySet<string> = new Set(['status', 'kind', 'source', 'unit', 'v']);
const isOurs = (text: string, key: string): boolean => wireKeys.has(key) && !/[/.]/.test(text);

/**
 * Puts bad texts into a Sample, wherever a string of the node stands: instead of it, before it, behind it, or not. Equal
 * strings become equal ones, so that what belongs together still does.
 *
 * @param isKept what the test does not want changed
 */
export function poison(
  choices: readonly Poison[],
  isKept: (text: string, key: string) => boolean = () => false,
): (sample: Sample) => Sample {
  const known = new Map<string, string>();
  const changed = (text: string): string => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const { text: bad, how } = choices[known.size % choices.length] ?? { text: '', how: 'keep' };
    const ways = { keep: text, instead: bad, before: bad + text, behind: text + bad, within: within(text, bad) };
    known.set(text, ways[how]);
    return ways[how];
  };
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return isOurs(value, key) || isKept(value, key) ? value : changed(value);
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]));
  };
  return (sample) => ({ ...sample, readings: walk(sample.readings, '') as Sample['readings'] });
}

export interface Poison {
  readonly text: string;
  readonly how: 'keep' | 'instead' | 'before' | 'behind' | 'within';
}

/** How a whole node is poisoned: a different thing for each of its strings, in turn. */
export const poisons: fc.Arbitrary<readonly Poison[]> = fc.array(
  fc.record({
    text: hostileText,
    how: fc.constantFrom('keep' as const, 'instead' as const, 'before' as const, 'behind' as const, 'within' as const),
  }),
  { minLength: 5, maxLength: 23 },
);

function within(text: string, bad: string): string {
  const middle = text.length >> 1;
  return text.slice(0, middle) + bad + text.slice(middle);
}
