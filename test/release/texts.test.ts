import { expect, test } from 'vitest';
import { executable } from './release.ts';
import { runCommand } from './root.ts';

const ask = (...words: string[]): string => runCommand([executable(), ...words], { COLUMNS: '500' }).stdout;

/** The first words of the lines of a part of a help text. */
function entries(help: string, part: string, shape: RegExp): string[] {
  const [, after = ''] = help.split(`\n${part}:\n`);
  const [lines = ''] = after.split('\n\n');
  return lines.split('\n').flatMap((line) => shape.exec(line)?.[1] ?? []);
}

test('the manual page and the completions of all shells have every command and option of --help', () => {
  const commands = entries(ask('--help'), 'Commands', /^ {2}([a-z-]+)/).filter((name) => name !== 'help');
  expect(commands).toEqual(expect.arrayContaining(['check', 'record', 'doctor', 'man', 'licenses']));
  const man = ask('man').replaceAll('\\-', '-');
  const completions = ['bash', 'zsh', 'fish'].map((shell) => ask('completion', shell));
  for (const command of commands) {
    expect(man).toContain(`.SS rtwatch ${command}`);
    const help = ask(command, '--help');
    const options = ['Options', 'Common options'].flatMap((part) => entries(help, part, /^ {2}(?:-\w, )?--([a-z-]+)/));
    for (const option of options.filter((name) => name !== 'help')) {
      expect(man).toContain(`.B --${option}`);
      for (const text of completions)
        expect(text, `${command} --${option}`).toMatch(new RegExp(`(?:--|-l )${option}\\b`));
    }
  }
});
