import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { foreign, strange } from './number-shapes.ts';

const root = path.join(import.meta.dirname, '../..');

/** How the source makes a number by hand: outside of `src/base` there is no reason to. */
const byHand: readonly (readonly [name: string, shape: RegExp])[] = [
  ['toFixed', /\.toFixed\(/],
  ['Intl', /\bIntl\.(?!Segmenter)|toLocale(?:Time|Date)?String/],
  ['a unit behind a value', /`[^`]*\} (?:ms|s|min|h|%|[kKMG]i?B)(?![\w=])/],
  ['a percentage', /Math\.round\([^`]*\)\}%/],
  ['the plural of one', /=== 1 \? '' : '(?:s|es)'/],
  ['once or so many times', /'once' : `/],
];

const filesBelow = (folder: string, shape: RegExp): string[] =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => shape.test(file))
    .map((file) => path.join(folder, file));

describe('each number is said one way', () => {
  test('on every screen and in every report', () => {
    const found = filesBelow('snapshots', /\.txt$/).flatMap((file) =>
      strange(file, fs.readFileSync(path.join(root, file), 'utf8'), foreign),
    );
    expect(found).toEqual([]);
  });

  // Of what is found on every node of the corpus too: `test/corpus/corpus.test.ts`.
  test('by src/base alone', () => {
    const files = filesBelow('src', /\.tsx?$/).filter((file) => !file.startsWith('src/base/'));
    const found = files.flatMap((file) => {
      const code = fs.readFileSync(path.join(root, file), 'utf8').replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '');
      return strange(file, code, byHand);
    });
    expect(found).toEqual([]);
  });
});
