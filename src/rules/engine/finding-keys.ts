import type { Finding } from './rule.ts';

/**
 * The identity of each finding, from one look to the next: its rule and what it is about. Its words change (counts,
 * durations), and so do the pids that it names besides. Of several containers the name that sorts first counts: the engine
 * lists them in an order of its own. Two about the same are told apart by their first pids.
 */
export function findingKeys(findings: readonly Finding[]): string[] {
  const plain = findings.map(keyOf);
  const counts = tally(plain);
  const withPids = plain.map((key, index) => {
    const [pid] = findings[index]?.subjects.pids ?? [];
    return (counts.get(key) ?? 0) > 1 && pid !== undefined ? `${key} ${pid}` : key;
  });
  const seen = new Map<string, number>();
  return withPids.map((key) => {
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? key : `${key} no. ${times}`;
  });
}

function tally(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function keyOf({ id, subjects }: Finding): string {
  const { containers, mounts, devices, daemons, pids } = subjects;
  const about = [containers, mounts, devices, daemons].map(least).filter((subject) => subject !== null);
  return [id, ...(about.length === 0 ? pids.slice(0, 1) : about)].join(' ');
}

function least(names: readonly string[]): string | null {
  return names.reduce<string | null>((first, name) => (first === null || name < first ? name : first), null);
}
