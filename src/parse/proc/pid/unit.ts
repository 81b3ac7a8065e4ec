/**
 * The systemd unit a process is in, from `/proc/PID/cgroup` (cgroups(7)): the innermost service or scope of its path, e.g.
 * `chrony.service` or `session-3.scope`.
 *
 * @returns the unit; null when it is in none, in a container (a unit inside is the container's own affair), or on a zombie
 */
export function parsePidUnit(text: string): string | null {
  const path = pathOf(text);
  // `docker-<id>.scope`, `/kubepods/…/<id>`, but also the monitors `crio-conmon-<id>.scope`.
  if (path === null || /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/.test(path)) return null;
  return path.split('/').findLast((part) => /^[^/]+\.(?:service|scope)$/.test(part)) ?? null;
}

/** Where systemd manages the process: its own hierarchy on version 1, the unified one on version 2. */
function pathOf(text: string): string | null {
  let unified: string | null = null;
  for (const line of text.split('\n')) {
    const own = /^\d+:name=systemd:(\/.*)$/.exec(line)?.[1];
    if (own !== undefined) return withoutMark(own);
    if (line.startsWith('0::/')) unified = withoutMark(line.slice(3));
  }
  return unified;
}

/** A removed control group is marked so, since Linux 4.16. */
const withoutMark = (path: string): string => path.replace(/ \(deleted\)$/, '');
