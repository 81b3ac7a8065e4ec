import { describe, expect, test } from 'vitest';
import { ok } from '../../src/sample/reading.ts';
import { NodeFollower } from '../../src/timeline/node-follower.ts';
import * as make from '../support/samples.ts';
import { over, type Scene, stopLeak } from '../support/scenes.ts';
import { samplesOf } from '../support/stories.ts';

/** A task that is blocked for twenty seconds of a minute. */
const minute: Scene = over(60, (second) => ({
  processes: ok(
    make.processes(second >= 10 && second < 30 ? [make.blocked(7, {}, { offCpuSeconds: 2 + second })] : []),
    1,
  ),
}));

function followed(scene: Scene): NodeFollower {
  const follower = new NodeFollower();
  for (const sample of scene) follower.take(sample);
  return follower;
}

describe('a node that is followed', () => {
  test('is as it was at its newest Sample', () => {
    const { model, verdicts } = followed(stopLeak).judge();
    expect(model.at).toBe(stopLeak.at(-1)?.at);
    expect(verdicts.findings[0]).toMatchObject({ id: 'frozen-filesystem', lifecycle: { state: 'found' } });
    expect(new NodeFollower().hasBegun).toBe(false);
    expect(followed(stopLeak).hasBegun).toBe(true);
  });

  test('shows what came and went, also when all its Samples come at once', () => {
    const { findings, resolved = [] } = followed(minute).judge().verdicts;
    expect(findings).toEqual([]);
    expect(resolved).toMatchObject([{ id: 'blocked-process', lifecycle: { state: 'resolved', returns: 0 } }]);
    const { goneAt } = resolved[0]?.lifecycle ?? {};
    expect(goneAt).toBeGreaterThanOrEqual(make.noon + 30_000);
    expect(goneAt).toBeLessThanOrEqual(make.noon + 32_000);
  });

  test('is another one when the clock goes back', () => {
    const follower = followed(minute);
    for (const sample of minute.slice(0, 5)) follower.take({ ...sample, monoMs: sample.monoMs - 4_000_000 });
    expect(follower.judge().verdicts.resolved).toEqual([]);
  });
});

describe('what is known of a node', () => {
  const story = [
    ...samplesOf({
      seconds: 60,
      blocked: [
        [10, 30],
        [32, 34],
        [45, 60],
      ],
    }),
  ];

  test('does not depend on how often it is asked', () => {
    const [seldom, often] = [new NodeFollower(), new NodeFollower()];
    for (const [index, sample] of story.entries()) {
      seldom.take(sample);
      often.take(sample);
      for (let asked = 0; asked < index % 4; asked++) often.judge();
      if (index % 17 === 0) expect(often.judge()).toEqual(seldom.judge());
    }
    expect(often.judge()).toEqual(seldom.judge());
    expect(often.markers).toEqual(seldom.markers);
  });

  test('does not depend on the lines that only announce a poll', () => {
    const withReadings = story.filter(({ readings }) => Object.keys(readings).length > 0);
    // The very first line of a sampler counts, whatever it says.
    expect(followed(withReadings).judge()).toEqual(followed(story.slice(1)).judge());
  });

  test('goes on from a fork as from the original, and each by itself', () => {
    const follower = followed(story.slice(0, 90));
    const before = follower.judge();
    const fork = follower.fork();
    for (const sample of story.slice(90)) fork.take(sample);
    expect(fork.judge()).toEqual(followed(story).judge());
    expect(follower.judge()).toEqual(before);
    for (const sample of story.slice(90)) follower.take(sample);
    expect(follower.judge()).toEqual(fork.judge());
  });

  test('has markers where findings opened and where they resolved', () => {
    const seconds = followed(story).markers.map(({ at, kind, severity }) => [
      Math.round((at - make.noon) / 1000),
      kind,
      severity,
    ]);
    expect(seconds).toEqual([
      [10, 'opened', 'warning'],
      // Looks that miss it for less than six seconds do not end it.
      [40, 'resolved', 'warning'],
      [45, 'opened', 'warning'],
    ]);
  });
});
