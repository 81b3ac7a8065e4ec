import { utc } from '../base/zone.ts';
import type { Theme } from '../view/terminal/theme.ts';
import { themeOf } from '../view/terminal/theme.ts';
import type { ThemeOptions } from './options.ts';
import { chooseZone } from './zone.ts';

/** Colors and characters, by the options and the environment (https://no-color.org, locale(7)). */
export function chooseTheme(options: ThemeOptions, env: NodeJS.ProcessEnv): Theme {
  const noColor = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return themeOf({
    color: options.color && !noColor,
    ascii: options.ascii ?? !/utf-?8/i.test(locale),
    zone: chooseZone(options, env),
    otherZone: options.utc ? chooseZone({}, env) : utc,
  });
}
