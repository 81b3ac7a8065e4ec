import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runTool } from './root.ts';

const checkedIn = path.join(import.meta.dirname, '../../bin/release/start');
const names = ['start-x64.bin', 'start-arm64.bin', 'unpack-x64.bin', 'unpack-arm64.bin'];

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-start-'));
  runTool(path.join(checkedIn, 'build'), [folder]);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** gcc 12.2 of Debian 12 made them. Another one makes other bytes. */
const isSameCompiler = runTool('gcc', ['-dumpfullversion']).trim() === '12.2.0';

test.skipIf(!isSameCompiler).each(names)('%s is what its source compiles to', (name) => {
  const [built, kept] = [folder, checkedIn].map((place) => fs.readFileSync(path.join(place, name)));
  expect(built?.equals(kept ?? Buffer.alloc(0))).toBe(true);
});

test('together they are small', () => {
  const bytes = names.map((name) => fs.statSync(path.join(checkedIn, name)).size);
  expect(bytes.reduce((sum, one) => sum + one)).toBeLessThan(24 * 1024);
});
