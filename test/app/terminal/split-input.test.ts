import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { continuesReport, type InputPiece, splitInput } from '../../../src/app/terminal/split-input.ts';

/** The pieces of input that arrives in several reads. */
function split(...reads: readonly string[]): readonly InputPiece[] {
  let pending = '';
  return reads.flatMap((read) => {
    const result = splitInput(pending + read);
    pending = result.pending;
    return result.pieces;
  });
}
const text = (pieces: readonly InputPiece[]): string =>
  pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');

describe('mouse reports', () => {
  test('are taken out, with their place from 0, and the keys around them stay in order', () => {
    expect(split('j\u001b[<0;10;5Mk\u001b[<0;10;5m')).toEqual([
      { kind: 'text', text: 'j' },
      { kind: 'mouse', code: 0, column: 9, row: 4, pressed: true },
      { kind: 'text', text: 'k' },
      { kind: 'mouse', code: 0, column: 9, row: 4, pressed: false },
    ]);
  });

  test('may arrive in pieces, cut anywhere', () => {
    const report = '\u001b[<64;120;36M';
    for (let cut = 1; cut < report.length; cut++) {
      expect(split(report.slice(0, cut), report.slice(cut)), `cut at ${cut}`).toEqual([
        { kind: 'mouse', code: 64, column: 119, row: 35, pressed: true },
      ]);
    }
  });

  test.each([
    ['numbers too long', '\u001b[<0;99999999999;1M'],
    ['a number too few', '\u001b[<0;1M'],
    ['another end', '\u001b[<0;1;1q'],
    ['blanks in it', '\u001b[<0; 2 q'],
    ['no numbers', '\u001b[<M'],
    ['the form of X11', '\u001b[M !!'],
    ['the form of rxvt', '\u001b[32;10;5M'],
  ])('that are none are dropped whole: %s', (_, input) => {
    expect(split(`${input}`)).toEqual([]);
    expect(split(`a${input}b`)).toEqual([{ kind: 'text', text: 'ab' }]);
  });

  test('without an end keep no more than a few characters, and what ends them is dropped', () => {
    const { pieces, pending } = splitInput(`\u001b[<${'1'.repeat(100_000)}`);
    expect(pieces).toEqual([]);
    expect(pending.length).toBeLessThan(50);
    expect(split(`\u001b[<${'1'.repeat(1000)}`, '2M', 'q')).toEqual([{ kind: 'text', text: 'q' }]);
  });

  test('never become keys, in whatever pieces they come', () => {
    const report = fc
      .tuple(fc.nat(9999), fc.nat(9999), fc.nat(9999), fc.constantFrom('M', 'm'))
      .map(([code, column, row, end]) => `\u001b[<${code};${column};${row}${end}`);
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 5 }), fc.array(fc.nat(80)), (reports, cuts) => {
        const whole = reports.join('');
        const edges = [0, ...cuts.map((cut) => cut % whole.length).sort((a, b) => a - b), whole.length];
        const pieces = split(...edges.slice(1).map((edge, index) => whole.slice(edges[index], edge)));
        expect(text(pieces)).toBe('');
        expect(pieces).toHaveLength(reports.length);
      }),
    );
  });

  test('are known by their rest, after an Escape that nothing followed in time', () => {
    expect(continuesReport('\u001b', '[<0;1;1M')).toBe(true);
    expect(continuesReport('\u001b[', '<0;1;1M')).toBe(true);
    expect(continuesReport('\u001b', 'j')).toBe(false);
    expect(continuesReport('', '[<0;1;1M')).toBe(false);
  });
});

describe('what is no mouse report', () => {
  test.each(['abc', '\u001b[A', '\u001b[1;2D', '\u001b\u001b[A', '\u001bx', '\u001b[5~', '日本語'])(
    'is passed on: %j',
    (input) => {
      expect(split(input)).toEqual([{ kind: 'text', text: input }]);
    },
  );

  test.each([
    ['\u001bOP', 'f1'],
    ['\u001b[11~', 'f1'],
    ['\u001b[[A', 'f1'],
    ['\u001bOS', 'f4'],
    ['\u001b[15~', 'f5'],
    ['\u001b[17~', 'f6'],
    ['\u001b[21~', 'f10'],
    ['\u001b[24~', 'f12'],
  ])('is a function key: %j', (input, name) => {
    expect(split(input)).toEqual([{ kind: 'key', name }]);
  });

  test('waits for its rest only at the end of a read', () => {
    expect(splitInput('\u001b')).toEqual({ pieces: [], pending: '\u001b' });
    expect(split('\u001b', '[A')).toEqual([{ kind: 'text', text: '\u001b[A' }]);
    expect(split('\u001b', '\u001b')).toEqual([{ kind: 'text', text: '\u001b' }]);
  });
});
