import { expect, test } from 'vitest';
import { absent } from '../../src/sample/reading.ts';
import type { Sample, SourceName } from '../../src/sample/sample.ts';
import { PollProgress } from '../../src/timeline/poll-progress.ts';
import { sampleAt } from '../support/samples.ts';

/** A line with the answer of one source, and the announcement of the next. */
function line(answered: SourceName | null, begins: SourceName | null, change: Partial<Sample> = {}): Sample {
  const readings = answered === null ? {} : { [answered]: absent('not here') };
  return sampleAt(0, readings, { ...(begins === null ? {} : { begin: { source: begins } }), ...change });
}

test('a poll is over when every announced source has answered, in whatever order', () => {
  const poll = new PollProgress();
  const over = (sample: Sample): boolean => {
    poll.take(sample);
    return poll.isOver;
  };
  expect(over(line(null, 'daemons'))).toBe(false);
  expect(over(line(null, 'processes'))).toBe(false);
  expect(over(line('processes', 'disks'))).toBe(false);
  expect(over(line('disks', null))).toBe(false);
  expect(over(line('daemons', null))).toBe(true);
  expect(over(line(null, 'daemons'))).toBe(false);
});

test('what a sampler that was replaced had announced is waited for no more', () => {
  const poll = new PollProgress();
  poll.take(line(null, 'mounts'));
  poll.take(line('disks', null, { sampler: { pid: 4712, cpuMs: 0, rssBytes: 0 } }));
  expect(poll.isOver).toBe(true);
});

test('without announcements, as in a recording, no poll is known to be over', () => {
  const poll = new PollProgress();
  poll.take(line('disks', null));
  expect(poll.announces).toBe(false);
  expect(poll.isOver).toBe(false);
});
