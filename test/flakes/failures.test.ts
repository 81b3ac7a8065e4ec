import path from 'node:path';
import { expect, test } from 'vitest';
import { failuresIn, tableOf } from './failures.ts';

const file = (name: string) => path.join(process.cwd(), name);
const report = (failing: boolean): string =>
  JSON.stringify({
    numTotalTests: 3,
    testResults: [
      {
        name: file('test/a.test.ts'),
        status: failing ? 'failed' : 'passed',
        assertionResults: [
          { fullName: 'works', status: 'passed', failureMessages: [] },
          { fullName: 'waits', status: failing ? 'failed' : 'passed', failureMessages: failing ? ['late\nat x'] : [] },
        ],
      },
      { name: file('test/b.test.ts'), status: 'failed', message: 'no such module\nat y', assertionResults: [] },
    ],
  });

test('a test that failed is counted with its reason, and so is a file that could not be loaded', () => {
  expect(failuresIn(report(true))).toEqual({
    tests: 3,
    failed: [
      { test: 'test/a.test.ts: waits', because: 'late' },
      { test: 'test/b.test.ts', because: 'no such module' },
    ],
  });
});

test('the most frequent comes first', () => {
  expect(tableOf([failuresIn(report(true)), failuresIn(report(false))])).toBe(
    '2/2  test/b.test.ts\n      no such module\n1/2  test/a.test.ts: waits\n      late\n',
  );
  expect(tableOf([])).toBe('no test failed in 0 runs\n');
});
