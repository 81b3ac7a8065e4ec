import { expect, onTestFinished, test } from 'vitest';
import { samplerCommand, selfCommand } from '../../../src/cli/process/self.ts';

test('what a key starts has V8’s helper threads, which the screen and its sampler do without, and a young generation as V8 has it', () => {
  const { execArgv } = process;
  onTestFinished(() => {
    process.execArgv = execArgv;
  });
  process.execArgv = ['--single-threaded', '--min-semi-space-size=3', '--no-warnings'];
  expect(selfCommand('--expose-gc').slice(1, -1)).toEqual(['--no-warnings', '--expose-gc']);
  expect(samplerCommand()).toEqual(expect.arrayContaining(['--single-threaded', '--no-turbofan']));
});
