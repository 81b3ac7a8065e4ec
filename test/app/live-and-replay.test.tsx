import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import { type Judged, NodeFollower } from '../../src/timeline/node-follower.ts';
import { PastRing } from '../../src/timeline/past-ring.ts';
import { type Moment, Seeker } from '../../src/timeline/seeker.ts';
import { openRecording, replayHistoryMs } from '../../src/wire/recording/reader.ts';
import { RecordingWriter } from '../../src/wire/recording/writer.ts';
import { decodeLoneLine } from '../support/decode-line.ts';
import { expectSame } from '../support/expect-same.ts';
import { screenText } from '../support/render.tsx';
import { samplesOf } from '../support/stories.ts';
import { waitFor } from '../support/wait-for.ts';
import { nodeStream } from '../wire/recording/streams.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-replay-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const earlier = path.join(import.meta.dirname, '../recordings/wire-v1/stream.ndjson.gz');
const streams: Readonly<Record<string, () => Iterable<Sample>>> = {
  'a real node': () =>
    gunzipSync(fs.readFileSync(earlier))
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => decodeLoneLine(line).sample),
  'findings that come and go': () =>
    samplesOf({
      seconds: 70,
      blocked: [
        [10, 20],
        [30, 32],
        [45, 60],
      ],
      silent: [34, 40],
    }),
  'many containers': () => nodeStream({ containers: 40, seconds: 30 }),
};

/**
 * What a person sees of the node: how its Samples come in (live, held still, from a file) is told in the right of the header
 * and below, and is the only thing that differs.
 */
const frameOf = ({ model, verdicts }: Judged): string =>
  screenText(model, '120x36', { verdicts, connection: { selfCost: null } });

/** The whole seconds of a stream, and its end. */
function momentsOf(samples: readonly Sample[]): number[] {
  const [from = 0, to = 0] = [samples[0]?.at, samples.at(-1)?.at];
  const seconds = Array.from({ length: Math.floor((to - from) / 1000) }, (_, second) => from + second * 1000 + 500);
  return [...seconds, to];
}

/** As the live screen has it, with drawing at other moments in between; and the past that it keeps. */
function live(samples: readonly Sample[]): { frames: Map<number, Judged>; ring: PastRing } {
  const ring = new PastRing();
  const follower = new NodeFollower();
  const frames = new Map<number, Judged>();
  let index = 0;
  for (const at of momentsOf(samples)) {
    for (; (samples[index]?.at ?? Number.POSITIVE_INFINITY) <= at; index++) {
      const sample = samples[index];
      if (sample === undefined) break;
      ring.take(sample, follower);
      follower.take(sample);
      if (index % 3 === 0) follower.judge();
    }
    frames.set(at, follower.judge());
  }
  return { frames, ring };
}

async function expectSameMoments(
  machine: (onMoment: (moment: Moment) => void) => Seeker,
  frames: Map<number, Judged>,
  drawn: Map<number, string>,
  drawEvery: number,
) {
  const shown = new Map<number, Moment>();
  const opened = machine((moment) => shown.set(moment.at, moment));
  // On, and back again.
  const moments = [...frames.keys()];
  for (const [index, at] of [...moments, ...moments.filter((_, index) => index % 9 === 0).reverse()].entries()) {
    shown.delete(at);
    opened.goTo(at);
    const moment = await waitFor('the moment', () => shown.get(at));
    const { model, verdicts } = frames.get(at) ?? moment;
    expect(moment.whole).toBe(true);
    expectSame(moment.verdicts, verdicts);
    expectSame(moment.model, model);
    if (index % drawEvery !== 0) continue;
    // Of the live screen each frame is drawn once for all that is compared with it.
    const frame = drawn.get(at) ?? frameOf({ model, verdicts });
    drawn.set(at, frame);
    expect(frameOf(moment)).toBe(frame);
  }
  opened.close();
}

describe.each(Object.entries(streams))('of %s', (_, stream) => {
  const samples = [...stream()];
  const drawn = new Map<number, string>();
  let followed: ReturnType<typeof live> | null = null;
  const asItWas = (): ReturnType<typeof live> => {
    followed ??= live(samples);
    return followed;
  };
  const onFailed = (because: string): void => expect.unreachable(because);

  // A frame is drawn from nothing but the model and the verdicts, which are compared at each moment in all three. So every second frame
  // drawn in one of them, and a few in the others.
  test.each([
    ['node.zst', 2],
    ['node.ndjson', 7],
  ])('a recording shows, byte for byte, what was on the live screen: %s', async (name, drawEvery) => {
    const file = path.join(folder, name);
    const writer = new RecordingWriter(file, { maxBytes: null, maxAgeMs: null });
    for (const sample of samples) writer.add(sample);
    await writer.close();
    const store = await openRecording(file);
    const { frames } = asItWas();
    await expectSameMoments(
      (onMoment) => new Seeker({ store, historyMs: replayHistoryMs, known: () => [], onMoment, onFailed }),
      frames,
      drawn,
      drawEvery,
    );
    await store.close();
  });

  test('so does the past of the live screen', async () => {
    const { frames, ring } = asItWas();
    await expectSameMoments(
      (onMoment) =>
        new Seeker({ store: ring, historyMs: replayHistoryMs, known: () => ring.known, onMoment, onFailed }),
      frames,
      drawn,
      7,
    );
  });
});
