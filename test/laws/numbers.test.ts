import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/rules/engine/run.ts';
import { rules } from '../../src/rules/rules.ts';
import { reportText } from '../../src/view/report/text.ts';
import { cases } from '../corpus/cases.ts';
import { modelOf } from '../support/scenes.ts';

const root = path.join(import.meta.dirname, '../..');

/** Shapes of numbers that `src/base` never writes; what stands in a text is one of them only by another hand. */
const foreign: readonly (readonly [name: string, shape: RegExp])[] = [
  ['a space before %', /\d %/],
  ['a decimal of a percentage above one', /[1-9]\d*\.\d+%/],
  ['a space before the unit of a duration', /(?<![\w.:/-])\d+(?:\.\d+)? (?:ms|s|min|h)(?![\w/])/],
  ['a long duration in seconds', /(?<![\w.])\d{3,}s\b/],
  ['bytes in powers of ten', /\d [kMGT]B\b/],
  [
    'a count without commas',
    /(?<![\w.:/=-])\d{4,} (?:goroutines|descriptors|files|requests|processes|containers|lines)\b/,
  ],
  ['a moment in ISO 8601', /\d{4}-\d\d-\d\dT\d\d:\d\d/],
  ['no number', /\b(?:NaN|Infinity|undefined)\b/],
];

/** What others wrote and rtwatch only shows: an inspect as JSON, lines of logs. */
const isQuoted = (line: string): boolean => /": |^\W*"|level=|msg=/.test(line);

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

function strange(file: string, text: string, shapes: typeof foreign): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      isQuoted(line)
        ? []
        : shapes
            .filter(([, shape]) => shape.test(line))
            .map(([name, shape]) => `${file}:${index + 1}: ${name}: ${shape.exec(line)?.[0]}`),
    );
}

describe('each number is said one way', () => {
  test('on every screen and in every report', () => {
    const found = filesBelow('snapshots', /\.txt$/).flatMap((file) =>
      strange(file, fs.readFileSync(path.join(root, file), 'utf8'), foreign),
    );
    expect(found).toEqual([]);
  });

  test('in what is found on every node of the corpus', () => {
    const found = cases.flatMap(({ name, scene }) => {
      const model = modelOf(scene());
      return strange(name, reportText(model, run(rules, model)), foreign);
    });
    expect(found).toEqual([]);
  });

  test('by src/base alone', () => {
    const files = filesBelow('src', /\.tsx?$/).filter((file) => !file.startsWith('src/base/'));
    const found = files.flatMap((file) => {
      const code = fs.readFileSync(path.join(root, file), 'utf8').replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '');
      return strange(file, code, byHand);
    });
    expect(found).toEqual([]);
  });
});
