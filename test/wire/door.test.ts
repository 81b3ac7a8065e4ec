import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok } from '../../src/sample/reading.ts';
import { NoSample } from '../../src/wire/door.ts';
import { encodeSample, NewerWire } from '../../src/wire/ndjson.ts';
import { decodeLoneLine } from '../support/decode-line.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';
import { nodeStream } from './recording/streams.ts';

const sampleOf = (readings: object, change: object = {}): string =>
  JSON.stringify({ ...make.sampleAt(0, {}), readings, ...change });
const fieldsOf = (line: string): string[] => decodeLoneLine(line).misfits.map(({ path }) => path.join('.'));

/** Any JSON value as a line gives a Sample, or an error that says why there is none. */
function readOrRefuse(line: string): void {
  try {
    const { sample, misfits } = decodeLoneLine(line);
    expect(sample.at).toEqual(expect.any(Number));
    expect(misfits.length).toBeLessThanOrEqual(11);
  } catch (error) {
    expect(error instanceof NoSample || error instanceof SyntaxError || error instanceof NewerWire).toBe(true);
  }
}

describe('a Sample through a foreign door', () => {
  test('passes unchanged, whatever a scene holds', () => {
    const all = [...Object.values(scenes).filter(Array.isArray).flat(), ...nodeStream({ containers: 5, seconds: 3 })];
    expect(all.length).toBeGreaterThan(50);
    for (const sample of all) {
      expect(decodeLoneLine(encodeSample(sample))).toEqual({
        sample: JSON.parse(encodeSample(sample)),
        misfits: [],
        carried: false,
      });
    }
  });

  test('loses the reading that has the wrong shape, and keeps the others', () => {
    const disks = ok(
      { ...make.disks([make.disk('vda'), { ...make.disk('vdb'), reads: 'x' as unknown as number }]) },
      1,
    );
    const { sample, misfits } = decodeLoneLine(sampleOf({ disks, host: ok(make.host(), 1) }));
    expect(sample.readings).toEqual({ host: ok(make.host(), 1) });
    expect(misfits).toEqual([
      { path: ['readings', 'disks', 'value', 'disks', 1, 'reads'], expected: 'a number', found: 'x' },
    ]);
  });

  test('gets defaults for the fields that an older sampler does not send', () => {
    const { others: _, ...daemons } = make.daemons();
    const older = daemons.daemons.map(({ named: _, ...daemon }) => daemon);
    const { pidNamespace: _ns, ...host } = make.host();
    const { sample, misfits } = decodeLoneLine(
      sampleOf({ daemons: ok({ ...daemons, daemons: older }, 1), host: ok(host, 1) }),
    );
    expect(misfits).toEqual([]);
    expect(sample.readings).toEqual({ daemons: ok(make.daemons(), 1), host: ok(make.host(), 1) });
  });

  test('keeps fields that a newer sampler sends, unless they are nested without an end', () => {
    const newer = { ...make.host(), coffee: { cups: [3] } };
    expect(decodeLoneLine(sampleOf({ host: ok(newer, 1) })).sample.readings.host).toEqual(ok(newer, 1));
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const line = sampleOf({ host: ok({ ...make.host(), coffee: 'DEEP' }, 1) }).replace('"DEEP"', deep);
    expect(fieldsOf(line)).toEqual(['readings.host.value.coffee']);
    expect(() => decodeLoneLine(sampleOf({}, { coffee: 'DEEP' }).replace('"DEEP"', deep))).toThrow(NoSample);
  });

  test('brings no source that nothing reads', () => {
    expect(Object.keys(decodeLoneLine(sampleOf({ coffee: ok(3, 1), constructor: ok(3, 1) })).sample.readings)).toEqual(
      [],
    );
    const line = sampleOf({ host: ok({ ...make.host(), X: { evil: true } }, 1) }).replaceAll('"X"', '"__proto__"');
    const host = decodeLoneLine(line).sample.readings.host;
    expect(host).toEqual(ok(make.host(), 1));
    expect((host as unknown as { evil?: boolean }).evil).toBeUndefined();
  });

  test.each<[string, object, string]>([
    ['a number as text', { host: ok({ ...make.host(), cpus: '8' }, 1) }, 'readings.host.value.cpus'],
    ['a status that there is not', { host: { status: 'fine' } }, 'readings.host.status'],
    ['no value', { host: { status: 'ok', tookMs: 1 } }, 'readings.host.value'],
    ['a list for a reading', { host: [] }, 'readings.host.status'],
    ['null for a reading', { host: null }, 'readings.host'],
    ['no detail', { host: { status: 'failed' } }, 'readings.host.detail'],
    [
      'a moment that no date can hold',
      { containers: ok(make.containers([make.container('a', 'web-1', { createdAt: 1e300 })]), 1) },
      'readings.containers.value.containers.0.createdAt',
    ],
  ])('with %s loses that reading', (_, readings, field) => {
    expect(fieldsOf(sampleOf(readings))).toEqual([field]);
  });

  test('with a number that is too large loses that reading', () => {
    const line = sampleOf({ host: ok({ ...make.host(), cpus: 'LARGE' }, 1) }).replace('"LARGE"', '1e999');
    expect(fieldsOf(line)).toEqual(['readings.host.value.cpus']);
  });

  test('names one of a million faults, and is done', () => {
    const daemons = ok({ ...make.daemons(), daemons: Array.from({ length: 1_000_000 }, () => 7) }, 1);
    expect(fieldsOf(sampleOf({ daemons }))).toEqual(['readings.daemons.value.daemons.0']);
  });

  test('is none without what every line must have', () => {
    const wrong = [
      { at: 1e16 },
      { seq: null },
      { monoMs: 'x' },
      { sampler: [] },
      { readings: [] },
      { begin: { source: 'x' } },
    ];
    for (const change of wrong)
      expect(() => decodeLoneLine(sampleOf({}, change)), JSON.stringify(change)).toThrow(NoSample);
    for (const line of ['null', '7', '"x"', '[]', '{}']) expect(() => decodeLoneLine(line), line).toThrow(NoSample);
    expect(() => decodeLoneLine(sampleOf({}, { v: 99 }))).toThrow(NewerWire);
  });

  test('is read or refused, whatever JSON the line holds', () => {
    fc.assert(fc.property(fc.json(), readOrRefuse), { numRuns: 300 });
  });

  test('is read or refused, whatever stands in the place of any of its values', () => {
    const sample = JSON.parse(
      encodeSample({ ...make.sampleAt(0, Object.assign({}, ...scenes.stopLeak.map((one) => one.readings))) }),
    );
    const places = placesOf(sample);
    expect(places.length).toBeGreaterThan(200);
    fc.assert(
      fc.property(fc.nat(places.length - 1), fc.jsonValue(), (n, value) => {
        const path = places[n] ?? [];
        readOrRefuse(JSON.stringify(replaced(sample, path, value)));
      }),
      { numRuns: 500 },
    );
  });
});

type Path = readonly (string | number)[];

function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? value.slice(0, 2).map((one, i) => [i, one] as const) : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((one, i) => (i === key ? replaced(one, rest, by) : one));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, by) };
}
