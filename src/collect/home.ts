import os from 'node:os';
import path from 'node:path';

/**
 * The user's home. `HOME=` (empty, as some units and containers have it) or a relative one would make the working folder the home,
 * and settings name commands: then the home of the password file counts, as for docker's own client.
 */
export function homeFolder(): string {
  const home = os.homedir();
  if (path.isAbsolute(home)) return home;
  try {
    return os.userInfo().homedir;
  } catch {
    // No entry for this user.
    return '/';
  }
}
