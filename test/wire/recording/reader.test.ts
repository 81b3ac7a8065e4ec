import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ok } from '../../../src/sample/reading.ts';
import type { Sample } from '../../../src/sample/sample.ts';
import { findBlocks } from '../../../src/wire/recording/markers.ts';
import { packingOfBytes } from '../../../src/wire/recording/packing.ts';
import { openRecording } from '../../../src/wire/recording/reader.ts';
import { RecordingWriter } from '../../../src/wire/recording/writer.ts';
import { expectSame } from '../../support/expect-same.ts';
import { container, containers, host, sampleAt } from '../../support/samples.ts';

/** Damages of each kind, for each packing: more of them in `npm run fuzz`. */
const places = process.env['FUZZ_SEED'] === undefined ? 200 : 1000;

/** Five blocks of five minutes; every figure differs from the one before. */
const samples: readonly Sample[] = Array.from({ length: 25 }, (_, minute) =>
  sampleAt(minute * 60, {
    host: ok(host({ uptimeSeconds: 1000 + minute ** 2 }), minute / 7),
    ...(minute % 3 === 0 ? { containers: ok(containers([container('a', `web-${minute}`)]), 1) } : {}),
  }),
);

/** By reading: what a block repeats from before has only some of those of its Sample. */
const textsOf = ({ at, readings }: Sample): string[] =>
  Object.entries(readings).map(([name, reading]) => `${at} ${name} ${JSON.stringify(reading)}`);
const want = samples.flatMap(textsOf);

/** How many readings stand before the last block. */
const lastBlock = samples.slice(0, 20).flatMap(textsOf).length;

interface ReadBack {
  readonly got: readonly string[];
  readonly damage: string | null;
}

/** Nothing was read: the file was refused, in words that say why. */
const refused: ReadBack = { got: [], damage: 'refused' };

async function readBack(bytes: Buffer): Promise<ReadBack> {
  const got: string[] = [];
  const recording = await openRecording('node', bytes).catch((error: Error) => {
    expect(error.message).toMatch(/^node: (?:the file is empty|no samples in it)/);
    return null;
  });
  if (recording === null) return refused;
  for await (const sample of recording.samplesFrom(0)) got.push(...textsOf(sample));
  return { got, damage: recording.damage().first };
}

/** The first that is not an original, or stands before one that it followed. */
function firstFalse(got: readonly string[]): string | null {
  let next = 0;
  for (const text of got) {
    const at = want.indexOf(text, next);
    if (at === -1) return text;
    next = at + 1;
  }
  return null;
}

describe.each(['', '.gz', '.zst'])('a recording named node%s', (ending) => {
  let bytes = Buffer.alloc(0);
  let folder = '';

  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-damage-'));
    const file = path.join(folder, `node${ending}`);
    const writer = new RecordingWriter(file, { maxBytes: null, maxAgeMs: null });
    for (const sample of samples) {
      writer.add(sample);
      await writer.flush();
    }
    await writer.close();
    bytes = fs.readFileSync(file);
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  test('is read to the cut, and no damage is reported: at the borders of all blocks, and anywhere', async () => {
    const borders = findBlocks(packingOfBytes(bytes), bytes, 0, false).flatMap(({ offset, dataOffset }) =>
      [offset - 1, offset, offset + 1, dataOffset - 1, dataOffset, dataOffset + 1].filter((at) => at >= 0),
    );
    expect(borders.length).toBeGreaterThan(20);
    const lengths = [...borders, bytes.length, ...fc.sample(fc.nat(bytes.length), places)].sort((a, b) => a - b);
    let before = 0;
    for (const length of lengths) {
      const { got, damage } = await readBack(bytes.subarray(0, length));
      expectSame(got, want.slice(0, got.length), `cut at ${length}`);
      expect(got.length, `cut at ${length}`).toBeGreaterThanOrEqual(before);
      if (got.length > 0) expect(damage, `cut at ${length}`).toBeNull();
      before = got.length;
    }
    expect(before).toBe(want.length);
  });

  test('gives nothing false after a bit was flipped, and says where what is missing was', async () => {
    const flips = fc.sample(fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)), places);
    for (const [at, bit] of flips) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      const { got, damage } = await readBack(damaged);
      const where = `bit ${bit} of byte ${at}`;
      expect(firstFalse(got), where).toBeNull();
      // A last block of which the end cannot be read is like one that was cut off.
      const isCut = got.every((text, i) => text === want[i]) && got.length >= lastBlock;
      if (got.length < want.length && !isCut) expect(damage, where).not.toBeNull();
    }
  });

  test('gives nothing false after some bytes were overwritten', async () => {
    const damages = fc.sample(
      fc.tuple(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 300 })),
      places,
    );
    for (const [at, noise] of damages) {
      const damaged = Buffer.from(bytes);
      damaged.set(noise.subarray(0, bytes.length - at), at);
      expect(firstFalse((await readBack(damaged)).got), `${noise.length} bytes at ${at}`).toBeNull();
    }
  });
});
