import { utc } from '../../base/zone.ts';
import type { Theme } from '../../view/terminal/theme/theme.ts';
import { themeOf } from '../../view/terminal/theme/theme.ts';
import type { Palette } from '../../view/terminal/theme/tones.ts';
import type { ThemeOptions } from '../options/options.ts';
import { chooseZone } from '../options/zone.ts';
import { type Ground, groundOfEnv } from './ground.ts';

/**
 * Colors and characters, by the options and the environment (https://no-color.org, locale(7)).
 *
 * @param ground of the terminal, if it was asked; otherwise by COLORFGBG
 */
export function chooseTheme(options: ThemeOptions, env: NodeJS.ProcessEnv, ground: Ground | null = null): Theme {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return themeOf({
    color: hasColor(options, env),
    palette: paletteFor(options, env, ground ?? groundOfEnv(env)),
    ascii: options.ascii ?? !/utf-?8/i.test(locale),
    zone: chooseZone(options, env),
    otherZone: options.utc ? chooseZone({}, env) : utc,
  });
}

/** Whether the ground of the terminal decides on the colours, and the environment does not say which it is. */
export function wantsGround(options: ThemeOptions, env: NodeJS.ProcessEnv): boolean {
  const isOpen = (options.theme ?? 'auto') === 'auto' && groundOfEnv(env) === null;
  return isOpen && hasColor(options, env) && hasManyColors(env);
}

function hasColor({ color }: ThemeOptions, env: NodeJS.ProcessEnv): boolean {
  return color && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

function paletteFor({ theme = 'auto' }: ThemeOptions, env: NodeJS.ProcessEnv, ground: Ground | null): Palette {
  if (theme !== 'auto') return theme;
  return ground !== null && hasManyColors(env) ? ground : '16';
}

/** The terminals that have 256 colours say so in one of these. */
function hasManyColors(env: NodeJS.ProcessEnv): boolean {
  return /256color|direct|kitty|ghostty|alacritty|foot/.test(env['TERM'] ?? '') || (env['COLORTERM'] ?? '') !== '';
}
