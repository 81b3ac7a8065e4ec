import { expect, test } from 'vitest';
import { Complaints, complaintSummary } from '../../src/wire/complaints.ts';

const misfit = (place: number, found: unknown) => ({
  path: ['readings', 'disks', 'value', 'disks', place, 'reads'],
  expected: 'a number',
  found,
});

test('a complaint names the line, the field, what is expected and what is there', () => {
  const complaints = new Complaints();
  expect(complaints.take('1204', 'line 1204', [misfit(3, 'x')], 'reading')).toEqual([
    'line 1204: readings.disks.value.disks[3].reads: a number is expected, there is "x". The reading is skipped.',
  ]);
});

test('complaints of the same kind are counted, each line once', () => {
  const complaints = new Complaints();
  for (const line of ['1', '2', '2', '3'])
    complaints.take(line, `line ${line}`, [misfit(Number(line), null)], 'reading');
  expect(complaints.list).toEqual([{ words: expect.stringContaining('line 1: '), count: 3 }]);
  expect(complaintSummary(complaints.list)).toMatch(/there is null\. The reading is skipped\. 2 more were skipped\.$/);
  expect(complaintSummary([])).toBeNull();
});

test.each<[unknown, string]>([
  [undefined, 'none'],
  [[], 'a list'],
  [{}, 'an object'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  ['\u001b[31m\u202e', '"\\u001b[31m\\u202e"'],
  ['x'.repeat(1000), `"${'x'.repeat(40)}…"`],
])('what is there is cut and made safe: %j', (found, words) => {
  const [complaint] = new Complaints().take('1', 'line 1', [misfit(0, found)], 'reading');
  expect(complaint).toContain(`there is ${words}.`);
});

test('a name from outside is in quotes, and any number of them is one kind', () => {
  const complaints = new Complaints();
  for (let n = 0; n < 100; n++) {
    const path = ['readings', 'containers', 'value', 'containers', 0, 'labels', `\u001b[${n}m`];
    complaints.take(String(n), `line ${n}`, [{ path, expected: 'text', found: n }], 'reading');
  }
  expect(complaints.list).toHaveLength(1);
  expect(complaints.list[0]?.words).toContain('.labels["\\u001b[0m"]: text is expected, there is 0.');
});
