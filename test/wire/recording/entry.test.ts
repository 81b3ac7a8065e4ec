import { expect, test } from 'vitest';
import { encodeSample } from '../../../src/wire/ndjson.ts';
import { entryLine, entryOf, parseEntryLine } from '../../../src/wire/recording/entry.ts';
import { RecordingEncoder } from '../../../src/wire/recording/lines.ts';
import { nodeStream } from './streams.ts';

const samples = [...nodeStream({ containers: 4, seconds: 30 })];

test('the writer is sent what it must know of a Sample, and the Sample as it is', () => {
  for (const sample of samples) {
    const sent = parseEntryLine(entryLine(sample).slice(0, -1));
    const { at, monoMs, readings } = entryOf(sample);
    expect({ at: sent.at, monoMs: sent.monoMs, readings: sent.readings }).toEqual({ at, monoMs, readings });
    expect(sent.encode()).toBe(encodeSample(sample));
    expect(sent.decode()).toEqual(JSON.parse(encodeSample(sample)));
  }
});

test('what was sent is recorded as what was not', () => {
  const [sent, whole] = [new RecordingEncoder(), new RecordingEncoder()];
  for (const [i, sample] of samples.entries()) {
    if (i % 20 === 0) expect(sent.begin(sample)).toBe(whole.begin(sample));
    expect(sent.take(parseEntryLine(entryLine(sample).slice(0, -1)))).toBe(whole.add(sample));
  }
});

test('a plain Sample is no such line', () => {
  for (const sample of samples.slice(0, 1)) expect(() => parseEntryLine(encodeSample(sample))).toThrow(SyntaxError);
});
