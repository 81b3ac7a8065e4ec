import { expect, onTestFinished, test } from 'vitest';
import { samplerCommand, selfCommand } from '../../src/cli/self.ts';

test('what a key starts has V8’s helper threads, which the screen and its sampler do without', () => {
  const { execArgv } = process;
  onTestFinished(() => {
    process.execArgv = execArgv;
  });
  process.execArgv = ['--single-threaded', '--no-warnings'];
  expect(selfCommand('--expose-gc').slice(1, -1)).toEqual(['--no-warnings', '--expose-gc']);
  expect(samplerCommand()).toEqual(expect.arrayContaining(['--single-threaded', '--no-turbofan']));
});
