import { expect, test } from 'vitest';
import { chooseLook } from '../../src/cli/look.ts';

const utf8 = { LANG: 'C.UTF-8' };

test('there is colour unless the option, NO_COLOR or a dumb terminal says no', () => {
  expect(chooseLook({ color: true }, utf8).color).toBe(true);
  expect(chooseLook({ color: false }, utf8).color).toBe(false);
  expect(chooseLook({ color: true }, { ...utf8, NO_COLOR: '1' }).color).toBe(false);
  expect(chooseLook({ color: true }, { ...utf8, NO_COLOR: '' }).color).toBe(true);
  expect(chooseLook({ color: true }, { ...utf8, TERM: 'dumb' }).color).toBe(false);
});

test('there is ASCII when it is asked for, and when the locale has nothing else', () => {
  expect(chooseLook({ color: true }, utf8).ascii).toBe(false);
  expect(chooseLook({ color: true, ascii: true }, utf8).ascii).toBe(true);
  expect(chooseLook({ color: true }, { LANG: 'C' }).ascii).toBe(true);
  expect(chooseLook({ color: true }, { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }).ascii).toBe(true);
  expect(chooseLook({ color: true }, { LANG: 'de_DE.utf8' }).ascii).toBe(false);
  expect(chooseLook({ color: true }, {}).ascii).toBe(true);
});
