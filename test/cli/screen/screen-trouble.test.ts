import { expect, test } from 'vitest';
import { screenTrouble } from '../../../src/cli/screen/screen-trouble.ts';

const terminal = { isTTY: true };
const all = { stdin: terminal, stdout: terminal, env: { TERM: 'xterm' } };

test('a terminal draws the screen, and the reason why another place does not is named', () => {
  expect(screenTrouble(all)).toBeNull();
  expect(screenTrouble({ ...all, env: {} })).toBeNull();
  expect(screenTrouble({ ...all, stdout: {} })).toBe('stdout is not a terminal');
  expect(screenTrouble({ ...all, stdin: {} })).toContain('stdin is not a terminal');
  expect(screenTrouble({ ...all, env: { TERM: 'dumb' } })).toContain('TERM is dumb');
});

test('samples may come on standard input', () => {
  expect(screenTrouble({ ...all, stdin: {} }, true)).toBeNull();
});
