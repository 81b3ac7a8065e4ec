import { describe, expect, test } from 'vitest';
import { absent, ok } from '../../../src/sample/reading.ts';
import type { Sample } from '../../../src/sample/sample.ts';
import { RecordingDecoder, RecordingEncoder } from '../../../src/wire/recording/lines.ts';
import * as make from '../../support/samples.ts';

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Two blocks of a recording, the second begun for the Sample with this number. */
function twoBlocks(samples: readonly Sample[], second: number): { first: string[]; second: string[] } {
  const encoder = new RecordingEncoder();
  const texts = samples.map(
    (sample, i) => (i === 0 || i === second ? encoder.begin(sample) : '') + encoder.add(sample),
  );
  return { first: linesOf(texts.slice(0, second).join('')), second: linesOf(texts.slice(second).join('')) };
}

function decode(lines: readonly string[]): { sample: Sample; carried: boolean }[] {
  const decoder = new RecordingDecoder();
  return lines.map((line) => decoder.decode(line)).filter((decoded) => decoded.header === null);
}

const list = (...names: string[]): Sample['readings'] => ({
  containers: ok(make.containers(names.map((name, i) => make.container(`${i}`, name))), 2),
});

describe('a block', () => {
  test('tells a reading that did not change in a few bytes', () => {
    const { first } = twoBlocks([make.sampleAt(0, list('a', 'b', 'c')), make.sampleAt(1, list('a', 'b', 'c'))], 9);
    expect(first).toHaveLength(3);
    expect(first[2]).toContain('"readings":{"containers":{"~":{}}}');
    expect(decode(first)[1]?.sample).toEqual(make.sampleAt(1, list('a', 'b', 'c')));
  });

  test('can be read without those before it, and begins with the newest of every source', () => {
    const host = { host: ok(make.host(), 1) };
    const samples = [
      make.sampleAt(0, { ...host, ...list('a') }),
      make.sampleAt(1, list('b')),
      make.sampleAt(2, list('c')),
    ];
    const { second } = twoBlocks(samples, 2);
    expect(decode(second)).toEqual([
      { header: null, carried: true, sample: make.sampleAt(0, host) },
      { header: null, carried: true, sample: make.sampleAt(1, list('b')) },
      { header: null, carried: false, sample: make.sampleAt(2, list('c')) },
    ]);
  });

  test('begins with parts that later readings leave out too: devices, and the stacks of each daemon', () => {
    const topology = { disks: ok(make.disks([], { topology: make.topology([make.blockDevice('vda')], []) }), 1) };
    const dockerd = { stacks: ok(make.stacks({ dockerd: [make.dockerMain()] }), 1) };
    const later = {
      disks: ok(make.disks([make.disk('vda')]), 1),
      stacks: ok({ daemons: [{ daemon: 'dockerd', look: 1, stacks: null }] }, 1),
    };
    const samples = [
      make.sampleAt(0, topology),
      make.sampleAt(1, dockerd),
      make.sampleAt(2, later),
      make.sampleAt(3, {}),
    ];
    const carried = decode(twoBlocks(samples, 3).second).filter((decoded) => decoded.carried);
    expect(carried.map(({ sample }) => sample)).toEqual(samples.slice(0, 3));
  });

  test('carries readings that failed as they are', () => {
    const broken = make.sampleAt(0, { logs: absent('no journal') });
    expect(decode(twoBlocks([broken, make.sampleAt(1, list('a'))], 1).second)[0]?.sample).toEqual(broken);
  });
});

describe('a Sample without readings', () => {
  const beginAt = (seconds: number): Sample => make.sampleAt(seconds, {}, { begin: { source: 'mounts' } });
  const kept = (samples: readonly Sample[]): Sample[] => {
    const encoder = new RecordingEncoder();
    const text = samples.map((sample) => encoder.add(sample)).join('') + encoder.end();
    return decode(linesOf(text)).map(({ sample }) => sample);
  };

  test('is left out when another follows at once', () => {
    const samples = [make.sampleAt(0, list('a')), beginAt(0.5), make.sampleAt(0.6, list('b'))];
    expect(kept(samples)).toEqual([samples[0], samples[2]]);
  });

  test('is kept as the last word before a silence, and at the end', () => {
    const samples = [make.sampleAt(0, list('a')), beginAt(0.5), make.sampleAt(7, list('b')), beginAt(7.1)];
    expect(kept(samples)).toEqual(samples);
  });

  test('is kept now and then, to tell that the sampler lives', () => {
    const beats = Array.from({ length: 61 }, (_, second) => make.sampleAt(second, {}));
    expect(kept(beats).map(({ monoMs }) => (monoMs - 5_000_000) / 1000)).toEqual([
      0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60,
    ]);
  });
});

describe('lines that were damaged', () => {
  test('cost what builds on them, and nothing else', () => {
    const { first } = twoBlocks(
      [0, 1, 2].map((second) => make.sampleAt(second, list('a', 'b'))),
      9,
    );
    const decoder = new RecordingDecoder();
    decoder.decode(first[0] ?? '');
    expect(() => decoder.decode((first[1] ?? '').slice(5))).toThrow();
    expect(decoder.decode(first[2] ?? '')).toMatchObject({ sample: { seq: 4, readings: {} } });
    const whole = JSON.stringify(make.sampleAt(9, list('c')));
    expect(decoder.decode(whole)).toMatchObject({ sample: make.sampleAt(9, list('c')) });
  });

  test('of a newer format or wire are refused in words that help', () => {
    const header = { recording: 1, block: 0, at: 1, wire: 1, carried: 0 };
    const decode = (change: object): unknown =>
      new RecordingDecoder().decode(JSON.stringify({ rtwatch: { ...header, ...change } }));
    expect(decode({})).toEqual({ header });
    expect(() => decode({ recording: 2 })).toThrow('the recording is of format 2, this rtwatch reads up to 1');
    expect(() => decode({ wire: 99 })).toThrow('the samples are of version 99');
    expect(() => decode({ at: null })).toThrow('the beginning of a block is damaged');
  });
});
