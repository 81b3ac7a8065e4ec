import { expect, test } from 'vitest';
import { chooseTheme } from '../../src/cli/theme.ts';

const utf8 = { LANG: 'C.UTF-8' };

test('there is colour unless the option, NO_COLOR or a dumb terminal says no', () => {
  expect(chooseTheme({ color: true }, utf8).color).toBe(true);
  expect(chooseTheme({ color: false }, utf8).color).toBe(false);
  expect(chooseTheme({ color: true }, { ...utf8, NO_COLOR: '1' }).color).toBe(false);
  expect(chooseTheme({ color: true }, { ...utf8, NO_COLOR: '' }).color).toBe(true);
  expect(chooseTheme({ color: true }, { ...utf8, TERM: 'dumb' }).color).toBe(false);
});

test('there is ASCII when it is asked for, and when the locale has nothing else', () => {
  expect(chooseTheme({ color: true }, utf8).ascii).toBe(false);
  expect(chooseTheme({ color: true, ascii: true }, utf8).ascii).toBe(true);
  expect(chooseTheme({ color: true }, { LANG: 'C' }).ascii).toBe(true);
  expect(chooseTheme({ color: true }, { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }).ascii).toBe(true);
  expect(chooseTheme({ color: true }, { LANG: 'de_DE.utf8' }).ascii).toBe(false);
  expect(chooseTheme({ color: true }, {}).ascii).toBe(true);
});
