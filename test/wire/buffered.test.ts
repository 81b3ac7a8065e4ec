import { expect, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import { openBuffered } from '../../src/wire/buffered.ts';
import { type LinkHandlers, type LinkState, startingState } from '../../src/wire/link.ts';
import { sampleAt } from '../support/samples.ts';

test('what a link said before anyone listened is reported first, then what it says', () => {
  let feed: LinkHandlers | undefined;
  const link = { close: () => {}, setInterval: null };
  const open = openBuffered((handlers) => {
    feed = handlers;
    return link;
  });
  feed?.onSample(sampleAt(0, {}));
  feed?.onState({ ...startingState, status: 'live' });
  feed?.onSample(sampleAt(1, {}));
  const heard: (Sample | LinkState)[] = [];
  expect(open({ onSample: (sample) => heard.push(sample), onState: (state) => heard.push(state) })).toBe(link);
  feed?.onSample(sampleAt(2, {}));
  expect(heard).toEqual([{ ...startingState, status: 'live' }, sampleAt(0, {}), sampleAt(1, {}), sampleAt(2, {})]);
});
