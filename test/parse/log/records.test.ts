import { describe, expect, test } from 'vitest';
import { entriesOf } from '../../../src/parse/log/records.ts';
import { expectToBear } from '../any-text.ts';

const message = 'nfs: server 10.0.0.9 not responding, still trying';
const at = 1_795_262_405_123_456;
const fields = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', MESSAGE: message };
const entry = { __CURSOR: 's=1;i=2', __REALTIME_TIMESTAMP: String(at), ...fields };

/** All that comes out, whether the text comes at once or a few characters at a time. */
function lines(text: string): string[] {
  const read = (each: number): string => {
    const entries = entriesOf(text);
    if (entries === null) return text;
    let made = '';
    for (let from = 0; from < text.length; from += each) made += entries.take(text.slice(from, from + each));
    return made + entries.end();
  };
  const whole = read(text.length);
  expect(read(7)).toBe(whole);
  return whole.split('\n').filter((line) => line !== '');
}

const parsed = (text: string): unknown[] => lines(text).map((line) => JSON.parse(line) as unknown);
const exported = (one: Readonly<Record<string, string>>): string =>
  `${Object.entries(one)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n\n`;

describe('entries of the journal become a line of JSON each', () => {
  test('of -o export', () => {
    expect(parsed(exported(entry).repeat(2))).toEqual([entry, entry].map((one) => expect.objectContaining(one)));
  });

  test('of -o export, with a field over several lines', () => {
    const long = `MESSAGE\n\x14${'\0'.repeat(7)}panic: boom\n\ngoroutine 1 [running]:\n`;
    expect(parsed(`__REALTIME_TIMESTAMP=${at}\n${long}\n`)).toEqual([
      { __REALTIME_TIMESTAMP: String(at), MESSAGE: 'panic: boom' },
    ]);
  });

  test('of -o verbose, behind the note of where the journal begins', () => {
    const one = `Sat 2026-11-21 12:00:05.123456 UTC [s=ab12;i=2;b=cd;m=1;t=${at.toString(16)};x=ef]\n${Object.entries(
      fields,
    )
      .map(([key, value]) => `    ${key}=${value}\n`)
      .join('')}`;
    expect(parsed(`-- Logs begin at Sat 2026-11-21 11:00:00 UTC. --\n${one}${one}`)).toEqual(
      [1, 2].map(() => ({ __REALTIME_TIMESTAMP: String(at), ...fields })),
    );
  });

  test.each([
    ['-o json-pretty', `${JSON.stringify(entry, null, '\t')}\n`.repeat(2)],
    ['an array', JSON.stringify([entry, entry])],
    ['an array over many lines', JSON.stringify([entry, entry], null, 2)],
    ['a list in an object', JSON.stringify({ entries: [entry, entry] }, null, 2)],
    ['a list in an object on one line', JSON.stringify({ entries: [entry, entry] })],
  ])('of %s', (_, text) => expect(parsed(text)).toEqual([entry, entry]));

  test('of what collectors export', () => {
    const cloud = { timestamp: '2026-11-21T12:00:05Z', jsonPayload: { MESSAGE: `a "quoted" ] ${message}` } };
    expect(parsed(JSON.stringify([cloud, cloud], null, 2))).toEqual([cloud, cloud]);
    const watch = { events: [{ timestamp: at / 1000, message }], nextToken: 'x' };
    expect(parsed(JSON.stringify(watch, null, 4))).toEqual(watch.events);
  });
});

describe('what has no entries of a log stays as it is', () => {
  test('an object of Kubernetes', () => {
    const text = JSON.stringify(
      { status: { conditions: [{ type: 'Ready', message: 'container runtime is down' }] } },
      null,
      2,
    );
    expect(lines(text)).toEqual(text.split('\n'));
  });

  test('text behind an object, and an object that is cut', () => {
    expect(lines('{\n "a": 1\n}\nNov 21 12:00:05 node kernel: x\n')).toEqual([
      '{',
      ' "a": 1',
      '}',
      'Nov 21 12:00:05 node kernel: x',
    ]);
    expect(lines('[{"message": "x",\n "b": ')).toEqual(['{"message": "x",', ' "b": ']);
  });

  test.each([
    ['lines of JSON', `${JSON.stringify(entry)}\n`],
    ['the ring buffer', `[    5.123456] ${message}\n`],
    ['syslog', `Nov 21 12:00:05 node kernel: ${message}\n`],
    ['nothing', ''],
  ])('%s', (_, text) => expect(entriesOf(text)).toBeNull());
});

test('any text is borne', () => {
  for (const head of [
    exported(entry),
    JSON.stringify([entry], null, 1),
    'Sat 2026-11-21 12:00:05 UTC [s=ab;i=2;t=5]\n    MESSAGE=x\n',
  ])
    expectToBear(
      (text) => {
        const entries = entriesOf(head);
        return `${entries?.take(head + text)}${entries?.end()}`;
      },
      [head, '{"a": "\\"]', 'MESSAGE\n\0\0'],
    );
});
