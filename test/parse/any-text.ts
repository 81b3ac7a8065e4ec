import fc from 'fast-check';
import { expect } from 'vitest';
import { threadMsOf } from '../support/cpu-time.ts';

/** Of the processor. A parser needs more only when it goes over the same text again and again. */
const patienceMs = 1000;
const longLength = 128 * 1024;

/** Any UTF-16 code unit, even half a character; mostly ASCII. */
export const anyCharacter: fc.Arbitrary<string> = fc
  .oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.nat(0x1f), fc.nat(0xffff))
  .map((code) => String.fromCharCode(code));

/**
 * What a parser must bear: arbitrary text, and its own samples cut short, with a piece replaced, or after one another.
 */
export function anyText(samples: readonly string[]): fc.Arbitrary<string> {
  const sample = fc.constantFrom(...samples);
  const noise = fc.string({ unit: anyCharacter, maxLength: 60 });
  const cut = fc.tuple(sample, fc.nat(), fc.nat()).map(([text, from, length]) => {
    const start = from % (text.length + 1);
    return text.slice(start, start + (length % (text.length + 1)));
  });
  const damaged = fc.tuple(sample, fc.nat(), fc.nat(12), noise).map(([text, place, length, insert]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + insert + text.slice(at + length);
  });
  return fc.oneof(
    noise,
    fc.string({ unit: anyCharacter }),
    cut,
    damaged,
    fc.tuple(cut, damaged).map(([a, b]) => a + b),
  );
}

/** Any text gives a value, or an Error that the parser threw on purpose; a TypeError is a crash. */
export function expectToBear(parse: (text: string) => unknown, samples: readonly string[], numRuns = 1000): void {
  fc.assert(
    fc.property(anyText(samples), (text) => {
      try {
        parse(text);
      } catch (error) {
        expectDeliberate(error);
      }
    }),
    { numRuns },
  );
}

/** An eighth of a mebibyte of any of these fragments is done with in no time. */
export function expectNoHang(parse: (text: string) => unknown, fragments: readonly string[]): void {
  for (const fragment of [...fragments, ' ', '\n', '0', 'a', '(', '\\', '/']) {
    const text = fragment.repeat(Math.ceil(longLength / fragment.length));
    const round = (): number =>
      threadMsOf(() => {
        try {
          parse(text);
        } catch (error) {
          expectDeliberate(error);
        }
      });
    // V8 may collect what other tests left in one round, which takes a second; what goes over the text again and again does so in each.
    let tookMs = round();
    for (let again = 0; again < 2 && tookMs >= patienceMs; again++) tookMs = Math.min(tookMs, round());
    expect(tookMs, `a long run of ${JSON.stringify(fragment.slice(0, 40))}`).toBeLessThan(patienceMs);
  }
}

function expectDeliberate(error: unknown): void {
  expect(error).toBeInstanceOf(Error);
  for (const crash of [TypeError, RangeError, ReferenceError]) expect(error).not.toBeInstanceOf(crash);
}
