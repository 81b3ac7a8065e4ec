import { Command } from 'commander';
import { expect, test } from 'vitest';
import { passOnBounds, type RecordingBounds, withRecordingBounds } from '../../../src/cli/options/recording-bounds.ts';

const parsed = (...args: string[]): RecordingBounds => {
  const command = withRecordingBounds(new Command('record'));
  command.parse(args, { from: 'user' });
  return command.opts();
};

test.each([
  [[], { maxSize: 1e9, maxAge: null }],
  [['--max-size', 'none'], { maxSize: Number.POSITIVE_INFINITY, maxAge: null }],
  [['--max-size', '200MB', '--max-age', '72h'], { maxSize: 200e6, maxAge: 72 * 3_600_000 }],
])('%j are the bounds, and reach the child that writes as they are', (args, bounds) => {
  expect(parsed(...args)).toEqual(bounds);
  expect(parsed(...passOnBounds(bounds))).toEqual(bounds);
});
