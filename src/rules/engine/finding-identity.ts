import type { Diagnosis } from './diagnosis.ts';
import type { Finding, Subjects } from './rule.ts';

/**
 * The identity of each finding, from one poll to the next: its rule and its subject. Its words change (counts, durations),
 * and so do the pids that it also names. Of several containers the first name in sort order counts: the engine's order
 * varies. Two findings about the same subject are distinguished by their first pids.
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

/**
 * What identifies a finding of these rules, where that is less than all that it names: the busiest device changes while the pressure
 * is the same, and so do the containers and the devices that one cause holds up, and those with the largest logs. Whose lock it is,
 * is known later than that it is held.
 */
const identities: ReadonlyMap<string, readonly ('mounts' | 'devices' | 'daemons')[]> = new Map([
  ['io-pressure', []],
  ['filesystem-full', ['mounts', 'devices']],
  ['frozen-filesystem', ['mounts']],
  ['dead-network-storage', ['devices']],
  ['stalled-disk', ['devices']],
  ['container-status-lock', ['daemons']],
]);

function keyOf({ id, subjects }: Finding): string {
  const identity = identities.get(id);
  if (identity !== undefined) return [id, ...identity.flatMap((kind) => least(subjects[kind]) ?? [])].join(' ');
  const { containers, mounts, devices, daemons, pids } = subjects;
  const about = [containers, mounts, devices, daemons].map(least).filter((subject) => subject !== null);
  return [id, ...(about.length === 0 ? pids.slice(0, 1) : about)].join(' ');
}

function least(names: readonly string[]): string | null {
  return names.reduce<string | null>((first, name) => (first === null || name < first ? name : first), null);
}

/** A finding of this moment and what is remembered of it; one of the two may be missing. */
interface Match<Known> {
  readonly found: Diagnosis | null;
  readonly known: Known | null;
}

/** What is remembered of a finding, as far as it says which one it is. */
interface KnownFinding {
  readonly key: string;
  readonly finding: Finding;
}

/**
 * What is found now, each with what is known of it, and what is not found any more, where it stood before: a line of the screen
 * that only settles must not jump.
 */
export function matchFindings<Known extends KnownFinding>(
  { open, resolved }: { readonly open: readonly Known[]; readonly resolved: readonly Known[] },
  findings: readonly Diagnosis[],
): Match<Known>[] {
  const byKey = new Map([...resolved, ...open].map((known) => [known.key, known]));
  const foundKeys = new Set(findings.map(({ key }) => key));
  const missing = open.filter(({ key }) => !foundKeys.has(key));
  const matches: Match<Known>[] = findings.map((found) => ({
    found,
    known: byKey.get(found.key) ?? takeOver(found, missing),
  }));
  const places = new Map(matches.map(({ known }, index) => [known?.key, index]));
  const placesBefore = new Map(open.map(({ key }, index) => [key, index]));
  const after = Map.groupBy(missing, ({ key }) => {
    for (let place = (placesBefore.get(key) ?? 0) - 1; place >= 0; place--) {
      const found = places.get(open[place]?.key);
      if (found !== undefined) return found;
    }
    return -1;
  });
  const missed = (place: number): Match<Known>[] => (after.get(place) ?? []).map((known) => ({ found: null, known }));
  return [...missed(-1), ...matches.flatMap((one, place) => [one, ...missed(place)])];
}

/**
 * What a finding is about grows and shrinks (one container more of those whose mounts a job holds), and its key may change with
 * it: it is the same finding when it shares something with one of its rule that is not found under its own key, and the same as
 * the one with which it shares most. That one leaves the list.
 */
function takeOver<Known extends KnownFinding>(found: Finding, missing: Known[]): Known | null {
  let best = -1;
  let most = 0;
  for (const [index, { finding }] of missing.entries()) {
    const shared = finding.id === found.id ? sharedOf(finding.subjects, found.subjects) : 0;
    if (shared > most) [best, most] = [index, shared];
  }
  return best < 0 ? null : (missing.splice(best, 1)[0] ?? null);
}

const kinds = ['containers', 'pids', 'mounts', 'devices'] as const satisfies readonly (keyof Subjects)[];

/** How many things both are about. */
function sharedOf(a: Subjects, b: Subjects): number {
  return kinds.reduce((sum, kind) => {
    const names: ReadonlySet<string | number> = new Set<string | number>(a[kind]);
    return sum + b[kind].filter((name) => names.has(name)).length;
  }, 0);
}
