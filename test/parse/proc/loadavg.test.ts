import { expect, test } from 'vitest';
import { parseTasks } from '../../../src/parse/proc/loadavg.ts';

test('what the kernel says of its tasks is their number and the newest pid, not how many run', () => {
  expect(parseTasks('0.65 0.48 0.21 1/345 12345\n')).toEqual({ count: 345, newest: 12_345 });
  expect(parseTasks('0.65 0.48 0.21 7/345 12345\n')).toEqual(parseTasks('9.65 0.48 0.21 1/345 12345\n'));
});

test('it is unknown in another form', () => {
  for (const text of ['', '0.1 0.2 0.3', '0.1 0.2 0.3 1/2', 'a b c d e']) expect(parseTasks(text)).toBeNull();
});
