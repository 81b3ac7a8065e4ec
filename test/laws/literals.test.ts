import { expect, test } from 'vitest';
import { codeOf, files } from './source-files.ts';

test.each(files)('%s writes properties out, and spreads no literal into another', (file) => {
  // The attributes of an element have no shorter form.
  expect(codeOf(file).match(/(?<!\{)\.\.\.\{.*/g) ?? []).toEqual([]);
});
