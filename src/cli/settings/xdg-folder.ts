import path from 'node:path';
import { homeFolder } from '../../collect/home.ts';

/**
 * A base directory of the XDG specification: what its variable says, or its default below the home. A relative path in the variable
 * is ignored, as the specification asks: it would mean another folder in each place that rtwatch is started from.
 *
 * @param below the default, as `.config`
 */
export function xdgFolder(given: string | undefined, below: string): string {
  return given !== undefined && path.isAbsolute(given) ? given : path.join(homeFolder(), below);
}
