import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const source = path.join(import.meta.dirname, '../../../src/app/ink/line-memo.ts');
/** Frames of a megabyte, of which each has one line that no other has. Prints what is in memory afterwards. */
const script = `
import { LineMemo } from ${JSON.stringify(source)};
const memo = new LineMemo((line) => line);
for (let frame = 0; frame < 50; frame++) {
  const text = ['a row that only frame ' + frame + ' has', 'x'.repeat(2 ** 20)].join('\\n');
  memo.of(text.split('\\n')[0]);
}
gc();
console.log(process.memoryUsage().heapUsed);
`;

test('what is kept of a line is without the frame that it was cut from', () => {
  const flags = ['--expose-gc', '--input-type=module', '--eval', script];
  expect(Number(execFileSync(process.execPath, flags, { encoding: 'utf8' }))).toBeLessThan(25 * 2 ** 20);
});
