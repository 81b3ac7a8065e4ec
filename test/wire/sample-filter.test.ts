import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absent } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { RecordingEncoder } from '../../src/wire/recording/lines.ts';
import { SampleFilter } from '../../src/wire/sample-filter.ts';
import { decodeLoneLine } from '../support/decode-line.ts';
import * as make from '../support/samples.ts';

const filtered = (samples: readonly Sample[]): Sample[] => {
  const filter = new SampleFilter();
  return samples.flatMap((sample) => filter.take(sample));
};

function recorded(samples: readonly Sample[]): Sample[] {
  const encoder = new RecordingEncoder();
  const lines = samples.map((sample) => encoder.add(sample)).join('');
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => decodeLoneLine(line).sample);
}

/**
 * Some with readings and some without, with pauses of all lengths between. The last has some: whether a line was the last
 * before a silence is told by what follows.
 */
const streams = fc.array(fc.tuple(fc.integer({ min: 1, max: 7000 }), fc.boolean()), { maxLength: 60 }).map((steps) => {
  let ms = 0;
  const all = [...steps, [1, true] as const];
  return all.map(([afterMs, hasReadings], index) => {
    ms += afterMs;
    return make.sampleAt(ms / 1000, hasReadings ? { logs: absent('none') } : {}, { seq: index });
  });
});

describe('what counts of a stream', () => {
  test('is what a recording of it holds, and all of that', () => {
    fc.assert(
      fc.property(streams, (samples) => {
        expect(filtered(samples)).toEqual(recorded(samples));
        expect(filtered(recorded(samples))).toEqual(recorded(samples));
      }),
    );
  });

  test('leaves out what only announces a poll, but not the last word before a silence', () => {
    const looked = (second: number): Sample => make.sampleAt(second, { logs: absent('none') });
    const quiet = (second: number): Sample => make.sampleAt(second, {}, { begin: { source: 'mounts' } });
    const samples = [looked(0), quiet(0.1), looked(1), quiet(1.1), looked(3), quiet(3.1), quiet(7), quiet(8.5)];
    expect(filtered(samples).map(({ at }) => (at - make.noon) / 1000)).toEqual([0, 1, 1.1, 3, 3.1, 7]);
  });
});
