type Shapes = readonly (readonly [name: string, shape: RegExp])[];

/** Shapes of numbers that `src/base` never writes; what stands in a text is one of them only by another hand. */
export const foreign: Shapes = [
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

/** Where a text has one of the shapes, each in words. */
export function strange(file: string, text: string, shapes: Shapes): string[] {
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
