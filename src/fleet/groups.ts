import { compare } from '../base/compare.ts';
import { sum } from '../base/counts.ts';
import { compareSince, type FleetNode, ranks, type Severity, versionText } from './nodes.ts';

/** The same finding on one or more nodes. */
export interface FindingGroup {
  readonly key: string;
  readonly id: string;
  readonly severity: Severity;
  /** Keys of the nodes. */
  readonly nodes: readonly string[];
  /** The first node, for a group of one. */
  readonly first: FleetNode;
  /** The oldest, in Unix seconds; null if unknown. */
  readonly since: number | null;
  /** What its nodes have in common and others have not: `all on dockerd 19.03.15`; empty for nothing. */
  readonly common: string;
}

/** How many of all nodes have a version, by its text. */
type VersionCounts = ReadonlyMap<string, number>;

/** One group for each rule and severity, the most severe and most frequent first. */
export function groupsOf(nodes: readonly FleetNode[], counts: VersionCounts): FindingGroup[] {
  const members = new Map<string, { id: string; severity: Severity; nodes: FleetNode[]; since: number | null }>();
  for (const node of nodes) {
    for (const { id, severity, since } of node.findings) {
      const key = `${severity} ${id}`;
      const group = members.get(key) ?? { id, severity, nodes: [], since: null };
      members.set(key, group);
      group.nodes.push(node);
      if (compareSince(since, group.since) < 0) group.since = since;
    }
  }
  return [...members]
    .flatMap(([key, group]): FindingGroup[] => {
      const [first] = group.nodes;
      if (first === undefined) return [];
      const common = commonOf(group.nodes, counts);
      return [{ key, ...group, nodes: group.nodes.map((node) => node.key), first, common }];
    })
    .toSorted(
      (a, b) => ranks[a.severity] - ranks[b.severity] || b.nodes.length - a.nodes.length || compare(a.id, b.id),
    );
}

/** The most versions of one thing that are named. */
const mostNamed = 2;

/** A version says something if all nodes of the group have it, and most nodes of the fleet do not. */
function commonOf(nodes: readonly FleetNode[], counts: VersionCounts): string {
  if (nodes.length < 2) return '';
  const parts = [...versionsOf(nodes)].flatMap(([what, found]): string[] => {
    const having = sum(found.values());
    if (having < nodes.length || found.size > mostNamed) return [];
    const named = [...found.keys()].map((version) => versionText({ what, version }));
    const everywhere = [...counts].filter(([text]) => text.startsWith(`${what} `)).map(([, count]) => count);
    const alike = sum(named.map((text) => counts.get(text) ?? 0));
    return alike === 0 || alike * 2 > sum(everywhere) ? [] : [`all on ${named.join(' or ')}`];
  });
  return parts.join(', ');
}

function versionsOf(nodes: readonly FleetNode[]): Map<string, Map<string, number>> {
  const all = new Map<string, Map<string, number>>();
  for (const { versions } of nodes) {
    for (const { what, version } of versions) {
      const found = all.get(what) ?? new Map<string, number>();
      all.set(what, found);
      found.set(version, (found.get(version) ?? 0) + 1);
    }
  }
  return all;
}
