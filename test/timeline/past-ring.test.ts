import { describe, expect, test } from 'vitest';
import { ok, okValue } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import { PastRing } from '../../src/timeline/past-ring.ts';
import { expectSame } from '../support/expect-same.ts';
import * as make from '../support/samples.ts';
import { samplesOf } from '../support/stories.ts';
import { nodeStream } from '../wire/recording/streams.ts';

/** What the follower knows does not matter here: it takes one Sample of 200, since judging is most of the work. */
function taken(samples: Iterable<Sample>, ring = new PastRing()): PastRing {
  const follower = new NodeFollower();
  let count = 0;
  for (const sample of samples) {
    ring.take(sample, follower);
    if (count++ % 200 === 0) follower.take(sample);
  }
  return ring;
}

async function all(samples: AsyncIterable<Sample>): Promise<Sample[]> {
  const found: Sample[] = [];
  for await (const sample of samples) found.push(sample);
  return found;
}

const withReadings = (samples: readonly Sample[]): Sample[] =>
  samples.filter(({ readings }) => Object.keys(readings).length > 0);

describe('the past of the live screen', () => {
  const story = [...samplesOf({ seconds: 400, blocked: [[10, 30]] })];

  test('gives back what was taken, across its blocks', async () => {
    const ring = taken(story);
    expectSame(withReadings(await all(ring.samplesFrom(ring.from))), withReadings(story));
    expect(ring.from).toBe(story[0]?.at);
    expect(ring.to).toBe(withReadings(story).at(-1)?.at);
  });

  test('begins in the middle with the newest of every source', async () => {
    const ring = taken(story);
    const at = ring.from + 250_000;
    const samples = await all(ring.samplesFrom(at));
    const later = samples.filter((sample) => sample.at > at);
    expectSame(withReadings(later), withReadings(story.filter((sample) => sample.at > at)));
    const before = samples.filter((sample) => sample.at <= at).flatMap(({ readings }) => Object.keys(readings));
    expect(new Set(before)).toContain('host');
    expect(samples.length).toBeLessThan(story.length / 2);
  });

  test('is no longer than asked, to a block', async () => {
    const ring = taken(samplesOf({ seconds: 800, blocked: [] }), new PastRing({ maxAgeMs: 300_000 }));
    expect(ring.to - ring.from).toBeGreaterThanOrEqual(300_000);
    expect(ring.to - ring.from).toBeLessThanOrEqual(540_000);
    expect(await all(ring.samplesFrom(0))).not.toHaveLength(0);
  });

  test('keeps to its bytes, and to the whole looks that it holds on to', () => {
    const stream = [...nodeStream({ containers: 100, seconds: 600 })];
    const [wide, narrow] = [taken(stream), taken(stream.slice(0, 1600), new PastRing({ maxBytes: 200_000 }))];
    expect(wide.to - wide.from).toBeGreaterThan(590_000);
    expect(wide.bytes).toBeLessThan(3.5 * 1024 * 1024);
    expect(narrow.to - narrow.from).toBeLessThan(100_000);
    expect(wide.known.length).toBeGreaterThanOrEqual(2);
    expect(wide.known.length).toBeLessThanOrEqual(8);
  });

  test('packs lines long before their block is over, also while they are read', async () => {
    const stream = [...nodeStream({ containers: 200, seconds: 100 })];
    const half = Math.floor(stream.length / 2);
    const ring = taken(stream.slice(0, half));
    const text = stream.reduce((sum, sample) => sum + JSON.stringify(sample).length, 0);
    const read: Sample[] = [];
    for await (const sample of ring.samplesFrom(0)) {
      read.push(sample);
      if (read.length === 20) taken(stream.slice(half), ring);
    }
    expect(text).toBeGreaterThan(3 * 1024 * 1024);
    expect(ring.bytes).toBeLessThan(text / 4);
    expectSame(withReadings(read), withReadings(stream));
  });

  test('holds a list that does not change once for each block, and gives it back as one object', async () => {
    const list = Array.from({ length: 500 }, (_, i) => make.container(make.idOf(`${i}`), `web-${i}`));
    const value = make.containers(list);
    const stream = Array.from({ length: 200 }, (_, second) =>
      make.sampleAt(second, { containers: ok(value, 1) }, { seq: second }),
    );
    const samples = await all(taken(stream).samplesFrom(0));
    expectSame(samples, stream);
    const lists = new Set(samples.map(({ readings }) => okValue(readings.containers)?.containers));
    expect(lists.size).toBe(2);
  });

  test('gives the last while up to now, and nothing that comes while it is read', async () => {
    const ring = taken(story.slice(0, 800));
    const last = ring.last(60_000);
    const follower = new NodeFollower();
    for (const sample of story.slice(800)) ring.take(sample, follower);
    const samples = await all(last);
    expect(samples.at(-1)?.monoMs).toBeLessThanOrEqual(story[799]?.monoMs ?? 0);
    expect(withReadings(samples).at(-1)).toEqual(withReadings(story.slice(0, 800)).at(-1));
  });
});
