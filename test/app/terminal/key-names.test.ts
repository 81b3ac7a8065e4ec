import type { Key } from 'ink';
import { expect, test } from 'vitest';
import { keyNames } from '../../../src/app/terminal/key-names.ts';

const key = (change: Partial<Key> = {}): Key =>
  ({ meta: false, ctrl: false, shift: false, tab: false, ...change }) as Key;

test('several keys that arrive at once each count', () => {
  expect(keyNames('0j\r', key())).toEqual(['0', 'j', 'return']);
});

test('keys with Ctrl count too when several arrive at once', () => {
  expect(keyNames('\u000f\u0004j', key())).toEqual(['ctrl+o', 'ctrl+d', 'j']);
});

test('Esc and the key after it count, though they arrive as Alt and the key', () => {
  expect(keyNames('g', key({ meta: true }))).toEqual(['escape', 'g']);
});

test('the rest of an unknown sequence is no key', () => {
  expect(keyNames('[15~', key({ meta: true }))).toEqual([]);
});
