import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runTool } from './root.ts';

const bin = path.join(import.meta.dirname, '../../bin');
const places = ['release/start', 'pages'];
const names = [
  ...['release/start/start-x64.bin', 'release/start/start-arm64.bin'],
  ...['release/start/unpack-x64.bin', 'release/start/unpack-arm64.bin'],
  ...['pages/unmap-x64.node', 'pages/unmap-arm64.node'],
];

let folder = '';
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rtwatch-start-'));
  for (const place of places) {
    fs.mkdirSync(path.join(folder, place), { recursive: true });
    runTool(path.join(bin, place, 'build'), [path.join(folder, place)]);
  }
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** gcc 12.2 of Debian 12 made them. Another one makes other bytes. */
const isSameCompiler = runTool('gcc', ['-dumpfullversion']).trim() === '12.2.0';

test.skipIf(!isSameCompiler).each(names)('%s is what its source compiles to', (name) => {
  const [built, kept] = [folder, bin].map((place) => fs.readFileSync(path.join(place, name)));
  expect(built?.equals(kept ?? Buffer.alloc(0))).toBe(true);
});

test.each(names)('%s is small enough to be checked in', (name) => {
  expect(fs.statSync(path.join(bin, name)).size).toBeLessThan(8 * 1024);
});
