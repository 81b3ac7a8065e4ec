import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { absent, ok } from '../../src/sample/reading.ts';
import type { Sample } from '../../src/sample/sample.ts';
import type { LinkState } from '../../src/wire/link.ts';
import { encodeSample } from '../../src/wire/ndjson.ts';
import { RecordingEncoder } from '../../src/wire/recording/lines.ts';
import { openStream } from '../../src/wire/stdin.ts';
import * as make from '../support/samples.ts';
import { sampleAt } from '../support/samples.ts';
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

test('the end of a stream is reported, and whether anything came', async () => {
  const { input, states } = open();
  input.end();
  await waitFor('the end', () => states.at(-1)?.status === 'ended');
  expect(states.at(-1)?.detail).toBe('no sample came');
});

test('a stream of something else ends with the reason', async () => {
  const { input, states } = open();
  input.write('<html>\n');
  await waitFor('the end', () => states.at(-1)?.status === 'ended');
  expect(states.at(-1)?.detail).toBe('standard input: line 1 is not JSON, as rtwatch sample writes it');
});

test('a reading of the wrong shape is skipped and named, and the stream goes on', async () => {
  const { input, samples, states } = open();
  const wrong = { ...sampleAt(1, {}), readings: { host: { status: 'ok', tookMs: 1, value: { hostname: 7 } } } };
  for (const line of [sampleAt(0, {}), wrong, [], sampleAt(2, {})]) input.write(`${JSON.stringify(line)}\n`);
  await waitFor('all samples', () => samples.length === 3);
  expect(samples).toEqual([0, 1, 2].map((second) => sampleAt(second, {})));
  expect(states.at(-1)).toMatchObject({
    status: 'live',
    complaints: [
      {
        words: 'line 2: readings.host.value.hostname: text is expected, there is 7. The reading is skipped.',
        count: 1,
      },
      { words: 'line 3: a sample is expected, there is a list. The line is skipped.', count: 1 },
    ],
  });
});

test('a stream of some other JSON ends with the reason', async () => {
  const { input, states } = open();
  input.write('{"v":1}\n');
  await waitFor('the end', () => states.at(-1)?.status === 'ended');
  expect(states.at(-1)?.detail).toMatch(/^standard input: line 1: readings: an object is expected, there is none\./);
});

test('a recording is a stream too: what its later blocks repeat is passed over', async () => {
  const encoder = new RecordingEncoder();
  const host = { host: ok(make.host(), 1) };
  const all = [sampleAt(0, host), sampleAt(1, { logs: absent('none') }), sampleAt(2, host), sampleAt(3, host)];
  const text = all.map((sample, i) => (i > 0 ? encoder.begin(sample) : '') + encoder.add(sample)).join('');
  expect(text.match(/"carried":true/g)).toHaveLength(5);
  const whole = open();
  whole.input.write(text);
  await waitFor('all samples', () => whole.samples.length >= 4);
  expect(whole.samples).toEqual(all);
  // From its second block on: what that repeats is news, what the third repeats is not.
  const lines = text.split(/(?<=\n)/);
  const second = open();
  second.input.write(lines.slice(lines.findIndex((line) => line.includes('"carried":true'))).join(''));
  await waitFor('all samples', () => second.samples.length >= 4);
  expect(second.samples).toEqual(all);
});

test('the interval of a stream cannot be set from here', () => {
  const { link } = open();
  expect(link.setInterval).toBeNull();
  link.close();
});
