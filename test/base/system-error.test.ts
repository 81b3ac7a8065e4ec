import { expect, test } from 'vitest';
import { codeOf } from '../../src/base/system-error.ts';

test.each([
  [Object.assign(new Error('x'), { code: 'ENOENT', errno: -2 }), 'ENOENT'],
  [Object.assign(new Error('UNKNOWN: unknown error, write'), { code: 'UNKNOWN', errno: -122 }), 'EDQUOT'],
  [Object.assign(new Error('x'), { code: 'Unknown system error -122', errno: -122 }), 'EDQUOT'],
  [Object.assign(new Error('x'), { code: 'UNKNOWN', errno: -523 }), 'UNKNOWN'],
  [new Error('x'), null],
  ['x', null],
])('%o has the code %s', (error, code) => {
  expect(codeOf(error)).toBe(code);
});
