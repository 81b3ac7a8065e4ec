import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DOMElement, TextNode } from '../../../node_modules/ink/build/dom.js';
import inkLineUpdate from '../../../node_modules/ink/build/line-update.js';
import inkMeasureText from '../../../node_modules/ink/build/measure-text.js';
import InkOutput from '../../../node_modules/ink/build/output.js';
import inkSquash from '../../../node_modules/ink/build/squash-text-nodes.js';
import inkWidestLine from '../../../node_modules/widest-line/index.js';
import lineUpdate from '../../../src/app/ink/line-update.ts';
import measureText from '../../../src/app/ink/measure-text.ts';
import Output from '../../../src/app/ink/output.ts';
import squashTextNodes from '../../../src/app/ink/squash-text-nodes.ts';
import widestLine from '../../../src/app/ink/widest-line.ts';

// What stands in for a module of Ink in the bundle gives what Ink's own module gives, to the byte.

type Write = readonly [x: number, y: number, text: string, mark: string];
interface Frame {
  readonly width: number;
  readonly height: number;
  readonly writes: readonly Write[];
}

/** As a Text with a colour has one. */
const transformerOf = (mark: string) => (line: string, index: number) =>
  mark === '' ? line : `\u001b[${mark}m${line}\u001b[0m${index === 0 ? '' : index}`;

function draw(Kind: typeof InkOutput, { width, height, writes }: Frame): unknown {
  const output = new Kind({ width, height });
  for (const [x, y, text, mark] of writes) output.write(x, y, text, { transformers: [transformerOf(mark)] });
  return output.get();
}

function nodeOf(values: readonly string[]): DOMElement {
  const node: DOMElement = {
    nodeName: 'ink-text',
    attributes: {},
    childNodes: [],
    parentNode: undefined,
    style: {},
  };
  const child = (nodeValue: string): TextNode => ({
    nodeName: '#text',
    nodeValue,
    parentNode: node,
    style: {},
  });
  node.childNodes.push(...values.map(child));
  return node;
}

const codes = [1, 2, 7, 22, 27, 31, 33, 36, 39, 0, 4, 9, 24, 48, 49];
const code = fc.oneof(
  fc.constantFrom(...codes).map((one) => `\u001b[${one}m`),
  fc.constantFrom('\u001b[m', '\u001b[1;31m', '\u001b[38;5;120m', '\u001b[48;2;1;2;3m', '\u001b[4:3m'),
);
const plainText = fc.constantFrom('a', ' ', 'web-1', '  ', '│ ', '╭──', '▼ 3 more', '…', '·', '⣿⡇', '0s', '█▁', '→');
const wideText = fc.constantFrom('ä', '日本', '👩‍👩‍👧', '🇩🇪', 'e\u0301', '\u0301', '\u200b', '한', '각', '⚠️', '\ud800');
const odd = fc.constantFrom(
  '\t',
  '\r\n',
  '\r',
  '\u001b',
  '\u001b[',
  '\u009b1m',
  '\u0007',
  '\u001b]8;;x\u0007',
  '\u0000',
);
const lineOf = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.array(fc.oneof(...parts), { maxLength: 12 }).map((pieces) => pieces.join(''));
/** A row as rtwatch paints it, closed; one that is not; and what a terminal should never get. */
const anyLine = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(code, lineOf(plainText)).map(([start, text]) => `${start}${text}\u001b[0m`) },
  { weight: 3, arbitrary: lineOf(plainText, code) },
  { weight: 2, arbitrary: lineOf(plainText, wideText, code) },
  { weight: 1, arbitrary: lineOf(plainText, wideText, code, odd) },
);
const anyText = fc.array(anyLine, { maxLength: 5 }).map((lines) => lines.join('\n'));
const anyFrame = fc.record({
  width: fc.integer({ min: 0, max: 30 }),
  height: fc.integer({ min: 0, max: 7 }),
  writes: fc.array(
    fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -2, max: 9 }) }),
      fc.integer({ min: -1, max: 7 }),
      anyText,
      fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constantFrom('1', '36') }),
    ),
    { maxLength: 3 },
  ),
});

describe('random text', () => {
  test('is drawn as Ink draws it', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        expect(draw(Output, frame)).toEqual(draw(InkOutput, frame));
      }),
      { numRuns: 3000 },
    );
  });

  test('is squashed as Ink squashes it, also when it changes', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyText, { minLength: 1, maxLength: 2 }), { maxLength: 3 }), (frames) => {
        const node = nodeOf([]);
        for (const values of frames) {
          node.childNodes.splice(0, 9, ...nodeOf(values).childNodes);
          expect(squashTextNodes(node)).toBe(inkSquash(node));
          expect(squashTextNodes(node)).toBe(inkSquash(node));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('is measured as Ink measures it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(widestLine(text)).toBe(inkWidestLine(text));
        expect(measureText(text)).toEqual(inkMeasureText(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('a row is updated as Ink updates it', () => {
    const columns = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(undefined), fc.constant(Number.NaN));
    const pair = fc.oneof(
      fc.tuple(anyLine, anyLine),
      // With a beginning in common, as rows mostly have.
      fc.tuple(anyLine, anyLine, anyLine).map(([start, a, b]) => [start + a, start + b] as const),
    );
    fc.assert(
      fc.property(pair, columns, ([previous, next], width) => {
        expect(lineUpdate(previous, next, width)).toBe(inkLineUpdate(previous, next, width));
      }),
      { numRuns: 4000 },
    );
  });
});

describe('all snapshots', () => {
  const root = path.join(import.meta.dirname, '../../../snapshots/terminal');
  const tones = ['', '2', '1', '31', '36', '33', '7'];
  let frames: readonly (readonly string[])[] = [];

  /** Painted anew, since a snapshot is without styles: pieces of a row in one tone after another. */
  const painted = (line: string, seed: number): string =>
    line.replaceAll(/[^ ]+/g, (word) => {
      const tone = tones[(word.length + seed) % tones.length];
      return tone === '' ? word : `\u001b[${tone}m${word}\u001b[0m`;
    });

  beforeAll(() => {
    const files = fs.readdirSync(root, { recursive: true, encoding: 'utf8' });
    const texts = files
      .filter((file) => /\.(?:txt|snap)$/.test(file))
      .map((file) => fs.readFileSync(path.join(root, file), 'utf8'));
    frames = texts.map((text) => text.split('\n').map(painted));
  });

  test('are drawn, squashed and measured as by Ink', () => {
    expect(frames.length).toBeGreaterThan(100);
    for (const lines of frames) {
      const text = lines.join('\n');
      const frame: Frame = { width: 120, height: lines.length, writes: [[0, 0, text, '']] };
      expect(draw(Output, frame)).toEqual(draw(InkOutput, frame));
      expect(squashTextNodes(nodeOf([text]))).toBe(inkSquash(nodeOf([text])));
      expect(measureText(text)).toEqual(inkMeasureText(text));
    }
  });

  test('are updated, one from the other, as by Ink', () => {
    for (const [index, lines] of frames.entries()) {
      for (const [row, line] of lines.entries()) {
        const before = frames[index - 1]?.[row] ?? '';
        expect(lineUpdate(before, line, 120)).toBe(inkLineUpdate(before, line, 120));
      }
    }
  });
});
