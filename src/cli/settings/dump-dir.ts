import path from 'node:path';
import { xdgFolder } from './xdg-folder.ts';

/** Where dumps and bundles go: the state directory of the XDG base directory specification. */
export function defaultDumpDir(env: NodeJS.ProcessEnv): string {
  return path.join(xdgFolder(env['XDG_STATE_HOME'], '.local/state'), 'rtwatch');
}
