import { spawnSync } from 'node:child_process';
import { Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { completionScript } from '../../../src/cli/commands/completion.ts';

const program = new Command('rtwatch');
program
  .command('check')
  .description("look; print a report (and don't wait)")
  .option('--json', 'print JSON')
  .addOption(new Option('--disable <source>', 'leave a source out: mounts, logs').choices(['mounts', 'logs']))
  .addOption(new Option('--raw', 'for the screen').hideHelp());
program.command('record <file>').description('record Samples');
program.command('write-recording', { hidden: true });

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe('the completion', () => {
  test.each(['bash', 'zsh', 'fish'])('for %s names the commands and options that are not hidden', (shell) => {
    const script = completionScript(shell, program);
    for (const word of ['check', 'record', 'json', 'disable']) expect(script).toContain(word);
    for (const word of ['raw', 'write-recording']) expect(script).not.toContain(word);
  });

  test.each(['bash', 'zsh', 'fish'].filter(has))('is a script that %s can read', (shell) => {
    const { status, stderr } = spawnSync(shell, ['-n'], { input: completionScript(shell, program), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('completes commands, then options, in bash', () => {
    const complete = (...words: string[]): string[] => {
      const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _rtwatch; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const { stdout } = spawnSync('bash', ['-c', `${completionScript('bash', program)}\n${line}`], {
        encoding: 'utf8',
      });
      return stdout.trim().split('\n');
    };
    expect(complete('rtwatch', 'ch')).toEqual(['check']);
    expect(complete('rtwatch', 'check', '--')).toEqual(['--json', '--disable']);
    expect(complete('rtwatch', 'check', 'fi')).toEqual(['']);
  });

  test('is refused for another shell, with those that have one', () => {
    expect(() => completionScript('tcsh', program)).toThrow('Use bash, zsh or fish');
  });
});
