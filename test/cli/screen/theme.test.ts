import { describe, expect, test } from 'vitest';
import { chooseTheme, wantsGround } from '../../../src/cli/screen/theme.ts';

const utf8 = { LANG: 'C.UTF-8' };

test('there is colour unless the option, NO_COLOR or a dumb terminal says no', () => {
  expect(chooseTheme({ color: true }, utf8).palette).toBe('16');
  expect(chooseTheme({ color: false }, utf8).palette).toBe('none');
  expect(chooseTheme({ color: true }, { ...utf8, NO_COLOR: '1' }).palette).toBe('none');
  expect(chooseTheme({ color: true }, { ...utf8, NO_COLOR: '' }).palette).toBe('16');
  expect(chooseTheme({ color: true }, { ...utf8, TERM: 'dumb' }).palette).toBe('none');
});

test('there is ASCII when it is asked for, and when the locale has nothing else', () => {
  expect(chooseTheme({ color: true }, utf8).ascii).toBe(false);
  expect(chooseTheme({ color: true, ascii: true }, utf8).ascii).toBe(true);
  expect(chooseTheme({ color: true }, { LANG: 'C' }).ascii).toBe(true);
  expect(chooseTheme({ color: true }, { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }).ascii).toBe(true);
  expect(chooseTheme({ color: true }, { LANG: 'de_DE.utf8' }).ascii).toBe(false);
  expect(chooseTheme({ color: true }, {}).ascii).toBe(true);
});

describe('the colours', () => {
  const many = { ...utf8, TERM: 'xterm-256color' };
  const paletteOf = (...given: Parameters<typeof chooseTheme>) => chooseTheme(...given).palette;

  test('are those of the background where it is known and the terminal has them, otherwise the terminal’s own', () => {
    expect(paletteOf({ color: true }, many)).toBe('16');
    expect(paletteOf({ color: true }, many, 'light')).toBe('light');
    expect(paletteOf({ color: true }, { ...many, COLORFGBG: '0;15' })).toBe('light');
    expect(paletteOf({ color: true }, { ...many, COLORFGBG: '15;0' })).toBe('dark');
    expect(paletteOf({ color: true }, { ...utf8, TERM: 'linux' }, 'light')).toBe('16');
  });

  test('are those that are asked for, but for NO_COLOR', () => {
    expect(paletteOf({ color: true, theme: 'colour-blind' }, { ...many, COLORFGBG: '0;15' })).toBe('colour-blind');
    expect(paletteOf({ color: true, theme: 'light' }, { ...many, NO_COLOR: '1' })).toBe('none');
    expect(paletteOf({ color: false, theme: 'light' }, many)).toBe('none');
  });

  test('are asked of the terminal only where the answer decides', () => {
    expect(wantsGround({ color: true }, many)).toBe(true);
    expect(wantsGround({ color: true, theme: 'auto' }, many)).toBe(true);
    expect(wantsGround({ color: true, theme: 'dark' }, many)).toBe(false);
    expect(wantsGround({ color: true }, { ...many, COLORFGBG: '15;0' })).toBe(false);
    expect(wantsGround({ color: true }, { ...many, NO_COLOR: '1' })).toBe(false);
    expect(wantsGround({ color: true }, { ...many, TERM: 'dumb' })).toBe(false);
    expect(wantsGround({ color: true }, { ...utf8, TERM: 'linux' })).toBe(false);
  });
});
