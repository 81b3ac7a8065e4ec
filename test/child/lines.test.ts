import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lines } from '../../src/child/lines.ts';

describe('a stream of lines', () => {
  test('gives the same lines however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1 }).filter((text) => !text.includes('\n'))),
        fc.array(fc.nat(50)),
        (lines, cuts) => {
          let rest = lines.map((line) => `${line}\n`).join('');
          const cutter = new Lines();
          const got: string[] = [];
          for (const cut of cuts) {
            got.push(...cutter.feed(rest.slice(0, cut)));
            rest = rest.slice(cut);
          }
          got.push(...cutter.feed(rest));
          expect(got).toEqual(lines);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('without an end is given up before it fills the memory', () => {
    const cutter = new Lines();
    const megabyte = 'x'.repeat(1024 * 1024);
    expect(() => {
      for (let i = 0; i < 100; i++) cutter.feed(megabyte);
    }).toThrow('line too long');
  });
});
