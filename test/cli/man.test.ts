import { Command, Option } from 'commander';
import { expect, test } from 'vitest';
import { manPage } from '../../src/cli/man.ts';

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
