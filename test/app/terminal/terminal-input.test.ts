import { PassThrough } from 'node:stream';
import type tty from 'node:tty';
import { expect, test } from 'vitest';
import { TerminalInput } from '../../../src/app/terminal/terminal-input.ts';
import { waitFor } from '../../support/wait-for.ts';

/** A terminal's input, and all that comes of it in order. */
function open() {
  const source = Object.assign(new PassThrough({ encoding: 'utf8' }), {
    setRawMode: () => {},
    ref: () => {},
    unref: () => {},
  });
  const input = new TerminalInput(source as unknown as tty.ReadStream);
  const got: string[] = [];
  input.subscribe((event) =>
    got.push(event.kind === 'key' ? event.name : `${event.kind} ${event.column},${event.row}`),
  );
  const read = (): void => {
    for (let text = input.read(); text !== null; text = input.read()) got.push(`text ${JSON.stringify(text)}`);
  };
  input.on('readable', read);
  return { source, input, got, read };
}

test('keys, mouse reports and function keys come in the order in which they were typed', async () => {
  const { source, got } = open();
  source.write('j\u001b[<0;3;2Mk\u001bOP');
  await waitFor('all', () => got.length === 4);
  expect(got).toEqual(['text "j"', 'mouse 2,1', 'text "k"', 'f1']);
});

test('Escape alone is a key, a little later', async () => {
  const { source, got } = open();
  source.write('\u001b');
  await waitFor('the key', () => got.length > 0);
  expect(got).toEqual(['text "\\u001b"']);
  // The rest of a report whose Escape was taken for a key.
  source.write('[<0;3;2Mq');
  await waitFor('the rest', () => got.length > 2);
  expect(got.slice(1)).toEqual(['mouse 2,1', 'text "q"']);
});

test('nothing is read from the terminal without a listener: the shell reads then', async () => {
  const { source, input, got, read } = open();
  input.off('readable', read);
  expect(source.listenerCount('readable')).toBe(0);
  input.on('readable', read);
  source.write('x');
  await waitFor('the key', () => got.length > 0);
  expect(got).toEqual(['text "x"']);
});
