import { afterEach, describe, expect, test } from 'vitest';
import { utc } from '../../src/base/zone.ts';
import type { Sample } from '../../src/sample/sample.ts';
import { RecordedSource, type RecordedSourceOptions } from '../../src/timeline/recorded-source.ts';
import { timeMessage } from '../../src/view/terminal/state/time-message.ts';
import { noon } from '../support/samples.ts';
import { type Story, samplesOf, storeOf } from '../support/stories.ts';
import { waitFor } from '../support/wait-for.ts';

let replay: RecordedSource;
afterEach(() => replay?.close());

interface Opened {
  readonly said: string[];
  readonly second: () => number;
  /** Waits until the moment is shown that the cursor is at. */
  readonly settled: () => Promise<void>;
  /** Waits until the whole has been read. */
  readonly scanned: () => Promise<void>;
}

function open(
  story: Story,
  options: Partial<RecordedSourceOptions> = {},
  samples: readonly Sample[] = [...samplesOf(story)],
): Opened {
  const said: string[] = [];
  replay = new RecordedSource({
    store: storeOf(samples),
    historyMs: 600_000,
    playing: false,
    ...options,
  });
  replay.start((notice) => said.push(timeMessage(notice, utc)?.text ?? ''));
  const first = replay.getSnapshot();
  expect(first.model.at).toBe(0);
  return {
    said,
    second: () => (replay.getSnapshot().timeline.cursor - noon) / 1000,
    settled: async () => {
      await waitFor('the moment', () => {
        const { model, timeline } = replay.getSnapshot();
        return !timeline.reading && timeline.cursor - model.at < 1100 && timeline.cursor >= model.at;
      });
    },
    scanned: async () => {
      await waitFor('the scan', () => replay.getSnapshot().timeline.markedTo === Number.POSITIVE_INFINITY);
    },
  };
}

const short: Story = { seconds: 60, blocked: [[10, 30]] };

describe('a recording that is played', () => {
  test('goes on at its speed, and stops at its end', async () => {
    const { second } = open({ seconds: 20, blocked: [] }, { playing: true });
    for (let faster = 0; faster < 9; faster++) replay.obey('play-faster');
    expect(replay.getSnapshot().timeline.speed).toBe(64);
    await waitFor('the end', () => replay.getSnapshot().timeline.status === 'paused');
    expect(second()).toBeCloseTo(20, 0);
    expect(replay.getSnapshot().model.at).toBeGreaterThan(noon + 19_900);
  });

  test('begins anew when it is played again after its end', async () => {
    const { second, settled } = open(short, { at: noon + 60_050 });
    await settled();
    replay.obey('pause');
    expect(second()).toBeLessThan(1);
    expect(replay.getSnapshot().timeline.status).toBe('playing');
  });

  test('passes over stretches in which nothing was recorded', async () => {
    const story = { seconds: 7300, blocked: [], silent: [10, 7290] as const };
    const { said, second } = open({ ...story, silent: [10, 7290] }, { playing: true, at: noon + 8500 });
    // Where this process has to wait, more of the stretch passes before it is skipped: not so fast that it would be a minute.
    for (let faster = 0; faster < 2; faster++) replay.obey('play-faster');
    await waitFor('what comes after', () => second() > 7290);
    expect(said).toContain('skipped 2h 1m without samples');
  });
});

describe('a key', () => {
  test('steps by a second, by ten, by a minute, and holds it', async () => {
    const { second, settled } = open({ seconds: 200, blocked: [] }, { at: noon + 100_000, playing: true });
    replay.obey('step-on');
    expect(replay.getSnapshot().timeline.status).toBe('paused');
    expect(second()).toBe(101);
    for (const command of ['step-back', 'leap-back', 'minute-on', 'minute-back', 'leap-on'] as const)
      replay.obey(command);
    expect(second()).toBe(100);
    await settled();
    expect(Math.floor((replay.getSnapshot().model.at - noon) / 1000)).toBe(99);
  });

  test('does not lead out of the recording', async () => {
    const { second } = open(short);
    replay.obey('minute-back');
    expect(second()).toBeCloseTo(0, 1);
    for (let i = 0; i < 3; i++) replay.obey('minute-on');
    expect(second()).toBeCloseTo(60, 0);
  });

  test('goes from marker to marker', async () => {
    const { second, scanned, settled, said } = open(short);
    await scanned();
    replay.obey('next-marker');
    await settled();
    expect(Math.floor(second())).toBe(10);
    expect(replay.getSnapshot().verdicts.findings).toMatchObject([{ id: 'blocked-process' }]);
    replay.obey('next-marker');
    await settled();
    expect(replay.getSnapshot().verdicts.resolved).toMatchObject([{ id: 'blocked-process' }]);
    replay.obey('next-marker');
    expect(said).toEqual(['no finding opened or resolved after this']);
    replay.obey('previous-marker');
    expect(Math.floor(second())).toBe(10);
  });

  test('goes to a moment that is typed, and says when it is none', () => {
    const { second, said } = open(short);
    replay.seek('12:00:30', utc);
    expect(second()).toBe(30);
    replay.seek('50%', utc);
    expect(second()).toBeCloseTo(30, 0);
    replay.seek('teatime', utc);
    expect(said.at(-1)).toMatch(/"teatime" is not a time. Examples: 12:00:05/);
  });

  test('before the whole has been read says how far it is known', () => {
    const { said } = open({ seconds: 3000, blocked: [] });
    replay.obey('next-marker');
    expect(said.at(-1)).toMatch(/up to 12:00:\d\dZ; the rest is still being read/);
  });
});

test('captions stand until the next one', () => {
  const captions = [
    { second: 0, text: 'All is well.' },
    { second: 12, text: 'The disk is gone.' },
  ];
  open(short, { captions });
  expect(replay.getSnapshot().timeline.caption).toBe('All is well.');
  replay.seek('12:00:12.5', utc);
  expect(replay.getSnapshot().timeline.caption).toBe('The disk is gone.');
});

test('a recording that cannot be read says why, and stands still', async () => {
  const broken = {
    ...storeOf([...samplesOf(short)]),
    async *samplesFrom(): AsyncGenerator<Sample> {
      yield* await Promise.reject<Sample[]>(new Error('/r.zst cannot be read at byte 7: EIO'));
    },
  };
  const { said } = open(short, { store: broken, playing: true });
  await waitFor('the words', () => said.includes('/r.zst cannot be read at byte 7: EIO'));
  expect(replay.getSnapshot().timeline.status).toBe('paused');
});
