import { expect, test } from 'vitest';
import { parseContainerLog } from '../../../src/parse/log/container-line.ts';

const at = Date.parse('2026-11-21T12:00:00.123Z');

test('the lines that a CRI runtime writes, the parts of a long one joined', () => {
  const text = [
    '2026-11-21T12:00:00.123456789Z stdout F listens on :8080',
    '2026-11-21T14:00:00.123456789+02:00 stderr F no such table: users',
    '2026-11-21T12:00:00.123456789Z stdout P a long ',
    '2026-11-21T12:00:00.123456789Z stdout F line',
  ].join('\n');
  expect(parseContainerLog(text)).toEqual([
    { at, stream: 'stdout', text: 'listens on :8080' },
    { at, stream: 'stderr', text: 'no such table: users' },
    { at, stream: 'stdout', text: 'a long line' },
  ]);
});

test('the lines that Docker writes as JSON, the parts of a long one joined', () => {
  const text = [
    '{"log":"listens\\n","stream":"stdout","time":"2026-11-21T12:00:00.123456789Z"}',
    '{"log":"a long ","stream":"stderr","time":"2026-11-21T12:00:00.123456789Z"}',
    '{"log":"line\\n","stream":"stderr","time":"2026-11-21T12:00:00.123456789Z"}',
  ].join('\n');
  expect(parseContainerLog(text)).toEqual([
    { at, stream: 'stdout', text: 'listens' },
    { at, stream: 'stderr', text: 'a long line' },
  ]);
});

test('any other line as it is, and a long one whose end is not there', () => {
  expect(parseContainerLog('plain\n{"level":"info"}\n2026-11-21T12:00:00Z stdout P begun')).toEqual([
    { at: null, stream: null, text: 'plain' },
    { at: null, stream: null, text: '{"level":"info"}' },
    { at: null, stream: null, text: 'begun' },
  ]);
});
