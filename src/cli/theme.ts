import type { Look } from '../view/terminal/theme.ts';
import { lookOf } from '../view/terminal/theme.ts';
import type { ThemeOptions } from './options.ts';
import { chooseZone } from './zone.ts';

/** Colors and characters, by the options and the environment (https://no-color.org, locale(7)). */
export function chooseTheme(options: ThemeOptions, env: NodeJS.ProcessEnv): Look {
  const noColor = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return lookOf({
    color: options.color && !noColor,
    ascii: options.ascii ?? !/utf-?8/i.test(locale),
    zone: chooseZone(options, env),
  });
}
