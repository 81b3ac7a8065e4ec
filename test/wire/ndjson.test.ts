import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSample, encodeSample } from '../../src/wire/ndjson.ts';
import { sampleAt } from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

describe('a Sample', () => {
  test('is one line, and comes back as it was', () => {
    for (const sample of [...scenes.stopLeak, ...scenes.failing, ...scenes.crowded]) {
      const line = encodeSample(sample);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(decodeSample(line)).toEqual(sample);
    }
  });

  test('of a newer version is refused in words that help', () => {
    const line = encodeSample({ ...sampleAt(0, {}), v: 99 });
    expect(() => decodeSample(line)).toThrow(
      'the samples have version 99, this rtwatch reads up to 1. Use a newer rtwatch',
    );
  });

  test('that is something else is refused', () => {
    for (const line of [
      'null',
      '7',
      '"x"',
      '[]',
      '{}',
      '{"v":1}',
      '{"v":1,"seq":0,"at":1,"monoMs":null,"readings":{},"sampler":{}}',
    ]) {
      expect(() => decodeSample(line), line).toThrow(/not a sample|a sample without/);
    }
    expect(() => decodeSample('{"v":')).toThrow();
  });

  test('is read or refused, whatever is cut off or flipped', () => {
    const line = encodeSample(scenes.stopLeak[0] ?? sampleAt(0, {}));
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, char) => {
        for (const damaged of [line.slice(0, at), line.slice(0, at) + char + line.slice(at + 1)]) {
          try {
            decodeSample(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(Error);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
