import { describe, expect, test } from 'vitest';
import { absent, ok } from '../../../src/sample/reading.ts';
import type { Sample } from '../../../src/sample/sample.ts';
import { encodeSample } from '../../../src/wire/ndjson.ts';
import { headOf, numberOf, RecordingEncoder } from '../../../src/wire/recording/lines.ts';
import { decodeLoneLine } from '../../support/decode-line.ts';
import { lockedWhole } from '../../support/locked-daemon.ts';
import * as make from '../../support/samples.ts';
import * as scenes from '../../support/scenes.ts';

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Two blocks of a recording, the second begun for the Sample with this number. */
function twoBlocks(samples: readonly Sample[], second: number): { first: string[]; second: string[] } {
  const encoder = new RecordingEncoder();
  const texts = samples.map(
    (sample, i) => (i === 0 || i === second ? encoder.begin(sample) : '') + encoder.add(sample),
  );
  return { first: linesOf(texts.slice(0, second).join('')), second: linesOf(texts.slice(second).join('')) };
}

const list = (...names: string[]): Sample['readings'] => ({
  containers: ok(make.containers(names.map((name, i) => make.container(`${i}`, name))), 2),
});

describe('a line', () => {
  test('is the Sample as it came, and only the first of a block says more', () => {
    const samples = [make.sampleAt(0, list('a')), make.sampleAt(1, list('a'))];
    const { first } = twoBlocks(samples, 9);
    expect(first[0]).toBe(
      `{"block":{"at":${make.noon},"line":1},${encodeSample(samples[0] ?? make.sampleAt(0, {}))
        .trim()
        .slice(1)}`,
    );
    expect(`${first[1]}\n`).toBe(encodeSample(samples[1] ?? make.sampleAt(0, {})));
    expect(first.map((line) => decodeLoneLine(line).sample)).toEqual(samples);
  });

  test('shows when it was taken without being read whole', () => {
    for (const sample of [...scenes.stopLeak, ...scenes.odd, ...scenes.failing]) {
      expect(headOf(encodeSample(sample))).toEqual({ carried: false, at: sample.at });
    }
    const { second } = twoBlocks([make.sampleAt(0, list('a')), make.sampleAt(1, list('b'))], 1);
    expect(second.map(headOf)).toEqual([
      { carried: true, at: make.noon },
      { carried: false, at: make.noon + 1000 },
    ]);
    expect(headOf('{"at":1,"v":1}')).toBeNull();
  });

  test('that begins a block says which of its file it is', () => {
    const { first, second } = twoBlocks(
      [0, 1, 2].map((second) => make.sampleAt(second, list('a'))),
      2,
    );
    expect([...first, ...second].map(numberOf)).toEqual([1, null, 3, null]);
    const encoder = new RecordingEncoder();
    for (const second of [0, 1]) encoder.add(make.sampleAt(second, list('a')));
    expect(numberOf(encoder.begin(make.sampleAt(2, {}), true))).toBe(1);
  });

  test('of a newer wire is refused in words that help', () => {
    const line = encodeSample({ ...make.sampleAt(0, {}), v: 99 });
    for (const read of [headOf, decodeLoneLine]) {
      expect(() => read(line)).toThrow('the samples have version 99, this rtwatch reads up to 1. Use a newer rtwatch');
    }
  });
});

describe('a block', () => {
  test('can be read without those before it, and begins with the newest of every source', () => {
    const host = { host: ok(make.host(), 1) };
    const samples = [
      make.sampleAt(0, { ...host, ...list('a') }),
      make.sampleAt(1, list('b')),
      make.sampleAt(2, list('c')),
    ];
    const { second } = twoBlocks(samples, 2);
    expect(second.map(decodeLoneLine)).toEqual([
      { carried: true, sample: make.sampleAt(0, host), misfits: [] },
      { carried: true, sample: make.sampleAt(1, list('b')), misfits: [] },
      { carried: false, sample: make.sampleAt(2, list('c')), misfits: [] },
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
    const carried = twoBlocks(samples, 3)
      .second.map(decodeLoneLine)
      .filter((decoded) => decoded.carried);
    expect(carried.map(({ sample }) => sample)).toEqual(samples.slice(0, 3));
  });

  test('begins with the whole dump of a daemon too, and the folded stacks beside it', () => {
    const groups = ok(make.stacks({ dockerd: [make.dockerMain()] }), 1);
    const [dockerd] = groups.status === 'ok' ? groups.value.daemons : [];
    const sent = (whole: object) => ({
      stacks: ok({ daemons: dockerd === undefined ? [] : [{ ...dockerd, ...whole }] }, 1),
    });
    const samples = [
      make.sampleAt(0, sent({ whole: ok(lockedWhole(3), 12) })),
      make.sampleAt(30, sent({ look: 2 })),
      make.sampleAt(60, {}),
    ];
    const decoded = twoBlocks(samples, 2).second.map(decodeLoneLine);
    expect(decoded.slice(0, 2)).toEqual(samples.slice(0, 2).map((sample) => ({ carried: true, sample, misfits: [] })));
  });

  test('carries readings that failed as they are', () => {
    const broken = make.sampleAt(0, { logs: absent('no journal') });
    const { second } = twoBlocks([broken, make.sampleAt(1, list('a'))], 1);
    expect(decodeLoneLine(second[0] ?? '').sample).toEqual(broken);
  });
});

describe('a Sample without readings', () => {
  const beginAt = (seconds: number): Sample => make.sampleAt(seconds, {}, { begin: { source: 'mounts' } });
  const kept = (samples: readonly Sample[]): Sample[] => {
    const encoder = new RecordingEncoder();
    const text = samples.map((sample) => encoder.add(sample)).join('') + encoder.end();
    return linesOf(text).map((line) => decodeLoneLine(line).sample);
  };

  test('is dropped when another follows at once', () => {
    const samples = [make.sampleAt(0, list('a')), beginAt(0.5), make.sampleAt(0.6, list('b'))];
    expect(kept(samples)).toEqual([samples[0], samples[2]]);
  });

  test('is kept before a silence, and at the end', () => {
    const samples = [make.sampleAt(0, list('a')), beginAt(0.5), make.sampleAt(7, list('b')), beginAt(7.1)];
    expect(kept(samples)).toEqual(samples);
  });

  test('is kept every five seconds, to show that the sampler lives', () => {
    const beats = Array.from({ length: 61 }, (_, second) => make.sampleAt(second, {}));
    expect(kept(beats).map(({ monoMs }) => (monoMs - 5_000_000) / 1000)).toEqual([
      0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60,
    ]);
  });
});
