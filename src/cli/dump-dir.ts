import os from 'node:os';
import path from 'node:path';

/** Where dumps and bundles go. XDG base directories: state is what a program keeps that is neither settings nor cache. */
export function defaultDumpDir(env: NodeJS.ProcessEnv): string {
  return path.join(env['XDG_STATE_HOME'] || path.join(os.homedir(), '.local/state'), 'rtwatch');
}
