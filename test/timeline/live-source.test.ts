import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { utc } from '../../src/base/zone.ts';
import { LiveSource } from '../../src/timeline/live-source.ts';
import type { TimeNotice } from '../../src/timeline/time-notice.ts';
import { type LinkHandlers, type OpenLink, startingState } from '../../src/wire/link.ts';
import * as make from '../support/samples.ts';
import * as scenes from '../support/scenes.ts';

beforeEach(() =>
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] }),
);
afterEach(() => vi.useRealTimers());

interface Opened {
  readonly source: LiveSource;
  readonly feed: LinkHandlers;
  readonly notices: TimeNotice[];
  readonly asked: number[];
  /** How often the source said that something changed. */
  readonly changes: () => number;
  readonly closed: () => boolean;
}

function open(isOurs = true): Opened {
  let feed: LinkHandlers | undefined;
  let closed = false;
  let changes = 0;
  const asked: number[] = [];
  const notices: TimeNotice[] = [];
  const openLink: OpenLink = (handlers) => {
    feed = handlers;
    return {
      close: () => {
        closed = true;
      },
      setInterval: isOurs ? (ms) => void asked.push(ms) : null,
    };
  };
  const source = new LiveSource({ open: openLink, intervalMs: 1000 });
  source.subscribe(() => changes++);
  source.start((notice) => notices.push(notice));
  if (feed === undefined) throw new Error('the link was not opened');
  return { source, feed, notices, asked, changes: () => changes, closed: () => closed };
}

function begun(): Opened {
  const opened = open();
  for (const sample of scenes.healthy) opened.feed.onSample(sample);
  vi.advanceTimersByTime(300);
  return opened;
}

describe('the snapshot of a live node', () => {
  test('is the same object until something changes', () => {
    const { source, feed } = open();
    const before = source.getSnapshot();
    expect(source.getSnapshot()).toBe(before);
    for (const sample of scenes.healthy) feed.onSample(sample);
    expect(source.getSnapshot()).toBe(before);
    vi.advanceTimersByTime(30);
    const after = source.getSnapshot();
    expect(after).not.toBe(before);
    expect(after.model.host).not.toBeNull();
    expect(source.getSnapshot()).toBe(after);
  });

  test('changes four times a second at most, however many Samples come', () => {
    const { feed, changes } = begun();
    const before = changes();
    for (let n = 0; n < 200; n++) {
      feed.onSample(make.sampleAt(20 + n / 100, scenes.healthy[0]?.readings ?? {}));
      vi.advanceTimersByTime(10);
    }
    expect(changes() - before).toBeGreaterThanOrEqual(7);
    expect(changes() - before).toBeLessThanOrEqual(8);
  });

  test('changes once a poll, when the last announced source has answered', () => {
    const { feed, changes } = begun();
    const { disks, host } = scenes.healthy[0]?.readings ?? {};
    feed.onSample(make.sampleAt(20, {}, { begin: { source: 'disks' } }));
    vi.advanceTimersByTime(1000);
    const before = changes();
    feed.onSample(make.sampleAt(21, {}, { begin: { source: 'disks' } }));
    feed.onSample(make.sampleAt(21.1, disks === undefined ? {} : { disks }, { begin: { source: 'host' } }));
    vi.advanceTimersByTime(100);
    expect(changes()).toBe(before);
    feed.onSample(make.sampleAt(21.2, host === undefined ? {} : { host }));
    // Without a timer: the process would sleep for a millisecond.
    vi.advanceTimersByTime(0);
    expect(changes()).toBe(before + 1);
    vi.advanceTimersByTime(700);
    expect(changes()).toBe(before + 1);
  });

  test('shows a poll as far as it is when a source does not answer', () => {
    const { feed, changes } = begun();
    const { disks } = scenes.healthy[0]?.readings ?? {};
    feed.onSample(make.sampleAt(20, {}, { begin: { source: 'disks' } }));
    const before = changes();
    feed.onSample(make.sampleAt(20.1, disks === undefined ? {} : { disks }, { begin: { source: 'host' } }));
    vi.advanceTimersByTime(249);
    expect(changes()).toBe(before);
    vi.advanceTimersByTime(1);
    expect(changes()).toBe(before + 1);
  });

  test('does not change for a Sample that only announces a read', () => {
    const { feed, changes } = begun();
    const before = changes();
    feed.onSample(make.sampleAt(20, {}, { begin: { source: 'mounts' } }));
    vi.advanceTimersByTime(1000);
    expect(changes()).toBe(before);
  });

  test('changes when the link does', () => {
    const { source, feed } = begun();
    feed.onState({ ...startingState, status: 'silent' });
    vi.advanceTimersByTime(300);
    expect(source.getSnapshot().feed).toMatchObject({ kind: 'live', link: { status: 'silent' } });
  });
});

describe('a live node that is held still', () => {
  test('keeps its moment while Samples come in, and goes on with the newest', () => {
    const { source, feed } = begun();
    const { model } = source.getSnapshot();
    source.obey('pause');
    feed.onSample(make.sampleAt(30, scenes.healthy[0]?.readings ?? {}));
    vi.advanceTimersByTime(300);
    const held = source.getSnapshot();
    expect(held.model).toBe(model);
    expect(held.timeline).toMatchObject({ kind: 'past', cursor: model.at, to: make.noon + 30_000 });
    expect(held.feed).toMatchObject({ pastMs: make.noon + 30_000 - model.at });
    source.obey('pause');
    expect(source.getSnapshot()).toMatchObject({ timeline: null, model: { at: make.noon + 30_000 } });
  });

  test('needs a first Sample', () => {
    const { source, notices } = open();
    source.obey('step-back');
    source.seek('50%', utc);
    expect(notices).toEqual([{ kind: 'nothing-yet' }, { kind: 'nothing-yet' }]);
    expect(source.getSnapshot().timeline).toBeNull();
  });

  test('says when there is no marker, and when what was typed is no moment', () => {
    const { source, notices } = begun();
    source.obey('next-marker');
    source.seek('teatime', utc);
    expect(notices).toEqual([
      { kind: 'no-marker', of: 'past', direction: 'next' },
      { kind: 'not-a-moment', text: 'teatime' },
    ]);
  });
});

describe('the interval', () => {
  test('is asked for, within what is allowed', () => {
    const { source, asked } = open();
    for (const command of ['slower', 'faster', 'faster', 'faster', 'faster'] as const) source.obey(command);
    expect(asked).toEqual([2000, 1000, 500, 250]);
    expect(source.getSnapshot().feed).toMatchObject({ intervalMs: 250 });
  });

  test('is set elsewhere when the sampler is not ours', () => {
    const { source, notices } = open(false);
    source.obey('slower');
    expect(notices).toEqual([{ kind: 'interval-elsewhere' }]);
  });
});

test('what cannot be done says so', () => {
  const { source, notices } = open();
  source.obey('play-faster');
  source.obey('record');
  expect(notices).toEqual([{ kind: 'not-played' }, { kind: 'no-recorder' }]);
});

test('nothing changes after the end', () => {
  const { source, feed, changes, closed } = open();
  for (const sample of scenes.healthy) feed.onSample(sample);
  source.close();
  vi.advanceTimersByTime(1000);
  expect(closed()).toBe(true);
  expect(changes()).toBe(0);
});
