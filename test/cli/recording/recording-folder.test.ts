import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expired, newRecordingIn, pruneBeside } from '../../../src/cli/recording/recording-folder.ts';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-into-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const hourMs = 3_600_000;
const recordings = [
  { name: 'old', bytes: 10, changedAt: 0 },
  { name: 'new', bytes: 40, changedAt: 3 * hourMs },
  { name: 'between', bytes: 20, changedAt: 2 * hourMs },
];

test('the oldest recordings that are too many bytes together expire, and those that are too old', () => {
  const at = 4 * hourMs;
  expect(expired(recordings, { maxSize: Number.POSITIVE_INFINITY, maxAge: null }, at)).toEqual([]);
  expect(expired(recordings, { maxSize: 70, maxAge: null }, at)).toEqual([]);
  expect(expired(recordings, { maxSize: 60, maxAge: null }, at)).toEqual(['old']);
  expect(expired(recordings, { maxSize: 59, maxAge: null }, at)).toEqual(['between', 'old']);
  expect(expired(recordings, { maxSize: Number.POSITIVE_INFINITY, maxAge: 3 * hourMs }, at)).toEqual(['old']);
});

test('a new file is named by node and time, and nothing but earlier recordings is pruned', () => {
  const names = ['rtwatch-n-20250101T000000Z.zst', 'notes.zst', 'rtwatch-n-20250101T000000Z.zst.kept'];
  for (const name of names) {
    fs.writeFileSync(path.join(folder, name), 'x');
    fs.utimesSync(path.join(folder, name), 0, 0);
  }
  fs.mkdirSync(path.join(folder, 'rtwatch-d-20250101T000000Z.zst'));
  const file = newRecordingIn(folder);
  pruneBeside(file, { maxSize: Number.POSITIVE_INFINITY, maxAge: hourMs });
  expect(path.basename(file)).toMatch(/^rtwatch-.+-\d{8}T\d{6}Z\.zst$/);
  expect(file).toContain(os.hostname());
  expect(fs.readdirSync(folder).toSorted()).toEqual([
    'notes.zst',
    'rtwatch-d-20250101T000000Z.zst',
    `${names[0]}.kept`,
  ]);
});

test('a directory is made for its owner alone; one that cannot be used is an error', () => {
  const inner = path.join(folder, 'a/b');
  pruneBeside(newRecordingIn(inner), { maxSize: Number.POSITIVE_INFINITY, maxAge: null });
  expect(fs.statSync(inner).mode & 0o777).toBe(0o700);
  fs.writeFileSync(path.join(folder, 'file'), '');
  const file = newRecordingIn(path.join(folder, 'file'));
  expect(() => pruneBeside(file, { maxSize: Number.POSITIVE_INFINITY, maxAge: null })).toThrow(
    /no recordings can be kept in .*file: /,
  );
});
