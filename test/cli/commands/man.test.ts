import { Command, Option } from 'commander';
import { expect, test } from 'vitest';
import { manPage } from '../../../src/cli/commands/man.ts';
import { withThemeOptions } from '../../../src/cli/options/options.ts';
import { exitCodes } from '../../../src/cli/process/exit-codes.ts';

const program = new Command('rtwatch').description('Diagnose.');
program
  .command('check [file]')
  .description('check the node')
  .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
  .addOption(new Option('--raw', 'internal').hideHelp())
  .option('--dir <dir>', '.hidden’s \\ place');
program.command('internal', { hidden: true });

test('every visible command and option is an entry, with choices and default', () => {
  const lines = manPage(program).split('\n');
  expect(lines).toContain('.SS rtwatch check [options] [file]');
  expect(lines).toContain('.B \\-\\-format <format>');
  expect(lines).toContain('How to print (choices: text, json; default: text).');
  expect(lines.join('\n')).not.toMatch(/raw|internal/);
});

test('characters that have a meaning in man(7) are escaped', () => {
  expect(manPage(program)).toContain('\n\\&.hidden\\(cqs \\e place.\n');
});

test('a command’s own options come before the common ones, and every exit code is named', () => {
  const one = new Command('rtwatch');
  withThemeOptions(one.command('replay')).option('--at <time>', 'begin there');
  const text = manPage(one);
  expect(text.indexOf('\\-\\-at')).toBeLessThan(text.indexOf('\\-\\-utc'));
  for (const code of Object.values(exitCodes)) expect(text).toMatch(new RegExp(`^\\.B (?:\\d, )?${code}\\b`, 'm'));
});
