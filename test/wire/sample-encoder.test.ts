import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ContainerValue } from '../../src/sample/containers.ts';
import { ok, okValue } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { decodeLine } from '../../src/wire/door.ts';
import { ListMemory } from '../../src/wire/list-memory.ts';
import { encodeSample } from '../../src/wire/ndjson.ts';
import { SampleDecoder } from '../../src/wire/sample-decoder.ts';
import { SampleEncoder } from '../../src/wire/sample-encoder.ts';
import { decodeLoneLine } from '../support/decode-line.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

const containers = (count: number): ContainerValue[] =>
  Array.from({ length: count }, (_, i) => make.container(make.idOf(String(i)), `web-${i}`));
const sampleOf = (second: number, list: readonly ContainerValue[]): Sample =>
  make.sampleAt(second, { containers: ok(make.containers([...list], { containers: list }), second) }, { seq: second });
const listOf = ({ readings }: Sample): unknown => okValue(readings.containers)?.containers;
const parsed = (sample: Sample): unknown => JSON.parse(encodeSample(sample));

describe('a list that is the same object as before', () => {
  const list = containers(200);

  test('is written once, and read as one object', () => {
    const [encoder, decoder] = [new SampleEncoder(), new SampleDecoder()];
    const [first = '', ...later] = [0, 1, 2].map((second) => encoder.encode(sampleOf(second, list)));
    expect(first).toBe(encodeSample(sampleOf(0, list)));
    for (const line of later) expect(line).toContain('"containers":{"unchangedSince":0}');
    const read = [first, ...later].map((line) => decoder.decode(line));
    expect(read).toEqual([0, 1, 2].map((second) => parsed(sampleOf(second, list))));
    expect(new Set(read.map(listOf)).size).toBe(1);
  });

  test('is checked once at a foreign door, and is one object there too', () => {
    const [encoder, lists] = [new SampleEncoder(), new ListMemory()];
    const read = [0, 1].map((second) => decodeLine(encoder.encode(sampleOf(second, list)), lists));
    expect(read.map(({ misfits }) => misfits)).toEqual([[], []]);
    expect(read.map(({ sample }) => sample)).toEqual([0, 1].map((second) => parsed(sampleOf(second, list))));
    expect(new Set(read.map(({ sample }) => listOf(sample))).size).toBe(1);
  });

  test('is written whole again after what was written is forgotten', () => {
    const encoder = new SampleEncoder();
    encoder.encode(sampleOf(0, list));
    encoder.forget();
    expect(encoder.encode(sampleOf(1, list))).toBe(encodeSample(sampleOf(1, list)));
  });
});

test('of a list with a few other items, only those are written', () => {
  const [encoder, decoder] = [new SampleEncoder(), new SampleDecoder()];
  const before = containers(2000);
  const [dead, born] = [make.container(make.idOf('500'), 'web-500', { state: 'dead' }), make.container('b', 'born')];
  const after = [born, ...before.slice(0, 500), dead, ...before.slice(501, 1800)];
  const first = decoder.decode(encoder.encode(sampleOf(0, before)));
  const line = encoder.encode(sampleOf(1, after));
  expect(line.length).toBeLessThan(2000);
  expect(line).toContain('{"unchangedSince":0,"items":[{');
  expect(line).toContain('},[0,500],{');
  const second = decoder.decode(line);
  expect(second).toEqual(parsed(sampleOf(1, after)));
  expect(okValue(second.readings.containers)?.containers[1]).toBe(okValue(first.readings.containers)?.containers[0]);
  // The next line goes by this one.
  expect(decoder.decode(encoder.encode(sampleOf(2, after)))).toEqual(parsed(sampleOf(2, after)));
  expect(decoder.decode(encoder.encode(sampleOf(3, before)))).toEqual(parsed(sampleOf(3, before)));
});

test('whatever a stream of Samples holds, what is read is what was written', () => {
  const pool = containers(40);
  const indices = fc.array(fc.uniqueArray(fc.nat(39), { maxLength: 40 }), { maxLength: 12 });
  fc.assert(
    fc.property(indices, (lists) => {
      const [encoder, decoder, door] = [new SampleEncoder(), new SampleDecoder(), new ListMemory()];
      let kept: ContainerValue[] = [];
      for (const [second, some] of lists.entries()) {
        // Every third is the object that came before.
        if (second % 3 < 2) kept = some.flatMap((i) => pool[i] ?? []);
        const sample = sampleOf(second, kept);
        const line = encoder.encode(sample);
        expect(decoder.decode(line)).toEqual(parsed(sample));
        expect(decodeLine(line, door)).toEqual({ sample: parsed(sample), misfits: [], missing: [], carried: false });
      }
    }),
  );
});

test('all scenes pass, each as one stream', () => {
  for (const scene of Object.values(scenes).filter(Array.isArray)) {
    const [encoder, decoder] = [new SampleEncoder(), new SampleDecoder()];
    for (const sample of scene.flat() as Sample[]) {
      expect(decoder.decode(encoder.encode(sample))).toEqual(parsed(sample));
    }
  }
});

describe('a line that goes by another', () => {
  const lines = (): string[] => {
    const encoder = new SampleEncoder();
    const list = containers(20);
    return [0, 1].map((second) =>
      encoder.encode({
        ...sampleOf(second, list),
        readings: { ...sampleOf(second, list).readings, host: ok(make.host(), 1) },
      }),
    );
  };

  test('without it loses that reading, and says which', () => {
    const { sample, missing } = decodeLine(lines()[1] ?? '', new ListMemory());
    expect(Object.keys(sample.readings)).toEqual(['host']);
    expect(missing).toEqual([
      {
        path: ['readings', 'containers', 'value', 'containers'],
        expected: 'a list of an earlier line that was read',
        found: { unchangedSince: 0 },
      },
    ]);
    expect(() => new SampleDecoder().decode(lines()[1] ?? '')).toThrow(
      'readings.containers.value.containers: a list of an earlier line that was read is expected',
    );
  });

  test('on its own is read without that reading', () => {
    expect(Object.keys(decodeLoneLine(lines()[1] ?? '').sample.readings)).toEqual(['host']);
  });

  test.each([
    ['items beyond the list', [[0, 21]]],
    ['items before the list', [[-1, 2]]],
    [
      'more items than there are',
      [
        [0, 20],
        [0, 1],
      ],
    ],
    ['a negative count', [[3, -1]]],
    ['something else', ['x']],
    ['a run of three numbers', [[0, 1, 2, 3]]],
    ['no list', 7],
  ])('with %s loses that reading', (_, items) => {
    const lists = new ListMemory();
    const [first = '', second = ''] = lines();
    decodeLine(first, lists);
    const line = second.replace('{"unchangedSince":0}', JSON.stringify({ unchangedSince: 0, items }));
    const { sample, misfits, missing } = decodeLine(line, lists);
    expect(Object.keys(sample.readings)).toEqual(['host']);
    expect([...misfits, ...missing].length).toBe(1);
  });
});

test('of many runtimes only the first are remembered', () => {
  const lists = new ListMemory();
  const encoder = new SampleEncoder();
  const containers = [make.criContainer('a')];
  const runtimes = Array.from({ length: 40 }, () => make.cri({ containers }).runtimes).flat();
  const of = (seq: number): Sample => make.sampleAt(seq, { cri: ok({ runtimes }, 1) }, { seq });
  const [first, second] = [encoder.encode(of(0)), encoder.encode(of(1))];
  expect(second.split('unchangedSince').length - 1).toBe(2 * 16);
  const read = [first, second].map((line) => decodeLine(line, lists).sample);
  expect(read).toEqual([parsed(of(0)), parsed(of(1))]);
});
