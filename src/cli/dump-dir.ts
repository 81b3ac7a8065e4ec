import os from 'node:os';
import path from 'node:path';

/** Where dumps and bundles go: the state directory of the XDG base directory specification. */
export function defaultDumpDir(env: NodeJS.ProcessEnv): string {
  return path.join(env['XDG_STATE_HOME'] || path.join(os.homedir(), '.local/state'), 'rtwatch');
}
