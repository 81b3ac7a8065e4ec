import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { hasInput } from '../../../src/cli/screen/inner.ts';

test('what has come is left for the next reader', async () => {
  const input = new PassThrough();
  const found = hasInput(input);
  input.write('first\n');
  expect(await found).toBe(true);
  input.end('second\n');
  const chunks: string[] = [];
  for await (const chunk of input) chunks.push(String(chunk));
  expect(chunks.join('')).toBe('first\nsecond\n');
});

test('a stream that ends without anything has no input', async () => {
  const input = new PassThrough();
  const found = hasInput(input);
  input.end();
  expect(await found).toBe(false);
});

test('neither has one that breaks', async () => {
  const input = new PassThrough();
  const found = hasInput(input);
  input.destroy(new Error('broken'));
  expect(await found).toBe(false);
});
