import { type ChainLink, chainLinks } from './chain-links.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Finding, Severity } from './rule.ts';

/** A finding with the name it is known by. */
export type Keyed = Finding & Pick<Diagnosis, 'key' | 'lifecycle'>;

/**
 * Determines which finding explains which, and orders them: the trees with the worst findings first, and in each tree the
 * cause before its consequences. A consequence of several causes is shown below the one with the longest chain to it.
 * Informational findings come last. Findings of equal weight keep their order. A cause is as severe as the worst of its
 * consequences.
 */
export function chain(found: readonly Keyed[], links: readonly ChainLink[] = chainLinks): Diagnosis[] {
  const edges = withoutCycles(edgesOf(found, links));
  const consequences = consequencesOf(edges);
  const findings = found.map((finding, index) => raised(finding, consequences[index] ?? new Set(), found));
  const parents = parentsOf(findings, edges);
  const ordered: Diagnosis[] = [];
  const children = Map.groupBy(findings.keys(), (index) => parents[index] ?? -1);
  const worst = worstOf(findings, children);
  const order = (siblings: readonly number[]): number[] =>
    siblings.toSorted((a, b) => rankAt(worst, a) - rankAt(worst, b) || rank(findings[a]) - rank(findings[b]) || a - b);
  const place = (siblings: readonly number[], depth: number): void => {
    for (const index of order(siblings)) {
      const finding = findings[index];
      if (finding === undefined) continue;
      const causes = (edges[index] ?? []).filter(({ beside }) => !beside);
      ordered.push({
        ...finding,
        causes: causes.flatMap(({ to }) => findings[to]?.key ?? []),
        consequences: [...(consequences[index] ?? [])].flatMap((effect) => findings[effect]?.key ?? []),
        depth,
      });
      place(children.get(index) ?? [], depth + 1);
    }
  };
  place(children.get(-1) ?? [], 0);
  const places = new Map(ordered.map(({ key }, place) => [key, place]));
  const byPlace = (a: string, b: string): number => (places.get(a) ?? 0) - (places.get(b) ?? 0);
  return ordered.map((finding) => ({ ...finding, consequences: finding.consequences.toSorted(byPlace) }));
}

/** Of each finding, by place: all that follow from it. What only stands beside it does not. */
function consequencesOf(edges: readonly (readonly Edge[])[]): ReadonlySet<number>[] {
  const all = edges.map(() => new Set<number>());
  const above = (index: number, effect: number): void => {
    for (const { to, beside } of edges[index] ?? []) {
      const mine = all[to];
      if (beside || mine === undefined || mine.has(effect)) continue;
      mine.add(effect);
      above(to, effect);
    }
  };
  for (const index of edges.keys()) above(index, index);
  return all;
}

/** What only informs is not the cause of an alarm, and stays what it is. */
function raised(finding: Keyed, effects: ReadonlySet<number>, findings: readonly Keyed[]): Keyed {
  if (finding.severity === 'info') return finding;
  const worst = [...effects].reduce(
    (best, index) => (rank(findings[index]) < rank(best) ? (findings[index] ?? best) : best),
    finding,
  );
  return worst.severity === finding.severity ? finding : { ...finding, severity: worst.severity };
}

const ranks: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, info: 2 };

/** From the worst, 0, to the mildest. */
function rank(finding: Finding | undefined): number {
  return finding === undefined ? ranks.info : ranks[finding.severity];
}

function rankAt(worst: readonly number[], index: number): number {
  return worst[index] ?? ranks.info;
}

/** From a finding to one that it follows from, or stands beside. */
interface Edge {
  readonly to: number;
  readonly beside: boolean;
}

/** Of each finding, by place: its causes in the order of the list. */
function edgesOf(findings: readonly Keyed[], links: readonly ChainLink[]): Edge[][] {
  const places = Map.groupBy(findings.keys(), (index) => findings[index]?.id ?? '');
  const edges = findings.map(() => new Map<number, boolean>());
  for (const link of links) {
    // Of hundreds of links few have both ends, and this is asked twice a second: the others make nothing.
    const effects = places.get(link.effect);
    const causes = effects && places.get(link.cause);
    if (effects === undefined || causes === undefined) continue;
    const namesAt = new Map(causes.map((cause) => [cause, namesOf(findings[cause], link)]));
    const byName = Map.groupBy(
      causes.flatMap((cause) => (namesAt.get(cause) ?? []).map((name) => ({ name, cause }))),
      ({ name }) => name,
    );
    for (const effect of effects) {
      const names = namesOf(findings[effect], link);
      const isUnnamed = link.orUnnamed === true && names.length === 0;
      const joined = names.flatMap((name) => (byName.get(name) ?? []).map(({ cause }) => cause));
      const unnamed = causes.filter(
        (cause) => isUnnamed || (link.orUnnamed === true && namesAt.get(cause)?.length === 0),
      );
      const mine = edges[effect];
      for (const cause of [...joined, ...unnamed]) {
        if (cause === effect || rulesOut(findings[effect], link.cause)) continue;
        if (mine?.get(cause) !== false) mine?.set(cause, link.beside === true);
      }
    }
  }
  return edges.map((mine) => [...mine].map(([to, beside]) => ({ to, beside })).sort((a, b) => a.to - b.to));
}

/** A finding knows better than the table what it does not follow from. */
function rulesOut(finding: Keyed | undefined, cause: string): boolean {
  return finding?.ruledOut.some(({ id }) => id === cause) === true;
}

/** Its subjects, as far as this link needs them. */
function namesOf(finding: Keyed | undefined, { join }: ChainLink): string[] {
  if (finding === undefined) return [];
  return join.flatMap((kind) => {
    if (kind === 'node') return ['node'];
    // A mount names its device by path, a disk by name.
    const bare = (name: string): string => (kind === 'devices' ? name.replace(/^\/dev\//, '') : name);
    return finding.subjects[kind].map((name) => `${kind} ${bare(String(name))}`);
  });
}

/** Drops the edges that would make a finding follow from itself: a table with a fault must not hang the screen. */
function withoutCycles(edges: readonly (readonly Edge[])[]): (readonly Edge[])[] {
  const kept: (readonly Edge[])[] = edges.map(() => []);
  const states = new Map<number, 'open' | 'done'>();
  const visit = (index: number): void => {
    states.set(index, 'open');
    kept[index] = (edges[index] ?? []).filter(({ to }) => {
      if (states.get(to) === undefined) visit(to);
      return states.get(to) === 'done';
    });
    states.set(index, 'done');
  };
  for (const index of edges.keys()) if (states.get(index) === undefined) visit(index);
  return kept;
}

/** The parent of each finding; null for a root. */
function parentsOf(findings: readonly Keyed[], edges: readonly (readonly Edge[])[]): (number | null)[] {
  const lengths = new Map<number, number>();
  const lengthOf = (index: number): number => {
    const known = lengths.get(index);
    if (known !== undefined) return known;
    const length = Math.max(0, ...(edges[index] ?? []).map(({ to }) => lengthOf(to) + 1));
    lengths.set(index, length);
    return length;
  };
  return findings.map(({ severity }, index) => {
    if (severity === 'info') return null;
    const above = (edges[index] ?? []).filter(({ to }) => findings[to]?.severity !== 'info');
    return above.reduce<number | null>(
      (best, { to }) =>
        best === null || lengthOf(to) > lengthOf(best) || (lengthOf(to) === lengthOf(best) && isWorse(to, best))
          ? to
          : best,
      null,
    );
  });
  function isWorse(a: number, b: number): boolean {
    return rank(findings[a]) < rank(findings[b]);
  }
}

/** Of each finding, by place: the rank of the worst in its tree. */
function worstOf(findings: readonly Keyed[], children: ReadonlyMap<number, readonly number[]>): number[] {
  const worst: number[] = findings.map((finding) => rank(finding));
  const visit = (index: number): number => {
    for (const child of children.get(index) ?? []) worst[index] = Math.min(rankAt(worst, index), visit(child));
    return rankAt(worst, index);
  };
  for (const root of children.get(-1) ?? []) visit(root);
  return worst;
}
