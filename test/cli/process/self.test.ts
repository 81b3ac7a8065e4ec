import { expect, onTestFinished, test } from 'vitest';
import { samplerCommand, selfCommand } from '../../../src/cli/process/self.ts';

/** The runtime flags of a command of this program. */
const flagsOf = (command: readonly string[]): readonly string[] => command.slice(1, -1);

function startedWith(...flags: readonly string[]): void {
  const { execArgv } = process;
  onTestFinished(() => {
    process.execArgv = execArgv;
  });
  process.execArgv = [...flags];
}

test('what a key starts has V8’s helper threads, which the screen and its sampler do without, and a young generation as V8 has it', () => {
  startedWith('--single-threaded', '--min-semi-space-size=3');
  expect(flagsOf(selfCommand('--expose-gc'))).toEqual(['--expose-gc']);
  expect(samplerCommand()).toEqual(expect.arrayContaining(['--single-threaded', '--no-turbofan']));
});

test('a child of the exporter stays as small as the exporter', () => {
  startedWith('--single-threaded', '--max-semi-space-size=1', '--no-turbofan');
  expect(flagsOf(selfCommand())).toEqual(['--max-semi-space-size=1', '--no-turbofan']);
});

test('a debugger or profiler of the screen is none of its children’s', () => {
  startedWith('--inspect=9229', '--cpu-prof', '--single-threaded');
  expect(flagsOf(selfCommand())).toEqual([]);
  expect(flagsOf(samplerCommand())).toEqual(['--max-semi-space-size=1', '--single-threaded', '--no-turbofan']);
});
