import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Sample } from '../../src/sample/sample.ts';
import type { LinkState } from '../../src/wire/link.ts';
import { encodeSample } from '../../src/wire/ndjson.ts';
import { openStream } from '../../src/wire/stdin.ts';
import { healthy } from '../support/scenes.ts';
import { waitFor } from '../support/wait-for.ts';

function open() {
  const input = new PassThrough();
  const samples: Sample[] = [];
  const states: LinkState[] = [];
  const link = openStream(input, {
    onSample: (sample) => samples.push(sample),
    onState: (state) => states.push(state),
  });
  return { input, samples, states, link };
}

test('the samples of a stream arrive as they were sent', async () => {
  const { input, samples, states } = open();
  input.write(healthy.map(encodeSample).join(''));
  await waitFor('all samples', () => samples.length === healthy.length);
  expect(samples).toEqual(healthy);
  expect(states).toHaveLength(1);
  expect(states[0]?.status).toBe('live');
});

test('the end of a stream is told, and whether anything came', async () => {
  const { input, states } = open();
  input.end();
  await waitFor('the end', () => states.at(-1)?.status === 'ended');
  expect(states.at(-1)?.detail).toBe('no sample came');
});

test('a stream of something else ends with the reason', async () => {
  const { input, states } = open();
  input.write('<html>\n');
  await waitFor('the end', () => states.at(-1)?.status === 'ended');
  expect(states.at(-1)?.detail).toMatch(/^standard input: .*JSON/);
});

test('the interval of a stream cannot be set from here', () => {
  const { link } = open();
  expect(link.setInterval).toBeNull();
  link.close();
});
