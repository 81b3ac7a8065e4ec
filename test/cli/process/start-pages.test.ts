import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const source = path.join(import.meta.dirname, '../../../src/cli/process/start-pages.ts');
/** How much of files is mapped, before and after; then work that needs what was unmapped. */
const script = `
import fs from 'node:fs';
import zlib from 'node:zlib';
import { loadUnmap } from ${JSON.stringify(source)};
const mapped = () => Number(/RssFile:\\s+(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);
const unmap = loadUnmap();
const before = mapped();
unmap();
const after = mapped();
const words = 'ä naïve text'.normalize('NFD').replace(/\\p{M}/gu, '');
console.log(JSON.stringify({ before, after, words: zlib.gunzipSync(zlib.gzipSync(words)).toString() }));
`;

test('a process maps less of its files once the pages of its start are unmapped, and works on', () => {
  const flags = ['--single-threaded', '--input-type=module', '--eval', script];
  const { before, after, words } = JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' }));
  expect(after).toBeLessThan(before / 2);
  expect(words).toBe('a naive text');
});
