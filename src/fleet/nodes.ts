import { compare } from '../base/compare.ts';
import type { Labels, PromSeries } from './answer.ts';
import { markLabels } from './queries.ts';

export type Severity = 'critical' | 'warning';
/** Why nothing is known of a node: its scrape fails, its sampler does not answer, its newest Sample is old, or its kubelet is not ready. */
type Blindness = 'down' | 'sampler' | 'stale' | 'not-ready';

export interface NodeFinding {
  /** Of the rule. */
  readonly id: string;
  readonly severity: Severity;
  /** Findings of this rule and severity. */
  readonly count: number;
  /** The oldest, in Unix seconds; null if unknown. */
  readonly since: number | null;
  /** What the node says of it, if it says more than the rule. */
  readonly message?: string;
}

/** The version of a daemon, or of the kernel. */
export interface Version {
  readonly what: string;
  readonly version: string;
}

/** A node on which something is wrong, or that is not seen. */
export interface FleetNode {
  /** Of `instance` and `cluster`. */
  readonly key: string;
  /** The label `instance`, as it came. */
  readonly instance: string;
  /** The label `cluster`; null without one. */
  readonly cluster: string | null;
  readonly worst: 'blind' | Severity;
  /** Null for a node that is seen. */
  readonly blind: Blindness | null;
  /** What the kubelet, or its absence, says of it. */
  readonly blindMessage?: string;
  /** Of its newest Sample, in seconds; null unless it is stale. */
  readonly ageSeconds: number | null;
  /** The most severe and oldest first. */
  readonly findings: readonly NodeFinding[];
  /** The oldest of the worst severity, in Unix seconds; null if unknown. */
  readonly since: number | null;
  readonly versions: readonly Version[];
}

/** The order of what is worst: a node that is not seen may have anything. */
export const ranks: Readonly<Record<FleetNode['worst'], number>> = { critical: 0, blind: 1, warning: 2 };

interface FleetSeries {
  readonly findings: readonly PromSeries[];
  readonly blind: readonly PromSeries[];
  readonly versions: readonly PromSeries[];
}

/** The nodes that have findings or are not seen, worst first. Series without `instance` or with unknown values are skipped. */
export function nodesOf({ findings, blind, versions }: FleetSeries): FleetNode[] {
  const drafts = new Map<string, Draft>();
  for (const { labels, points } of findings) addFinding(draftOf(drafts, labels), labels, points.at(-1)?.[1] ?? null);
  for (const { labels, points } of blind) addBlindness(draftOf(drafts, labels), labels, points.at(-1)?.[1] ?? null);
  for (const { labels } of versions) {
    const known = drafts.get(keyOf(labels));
    const version = versionOf(labels);
    if (known !== undefined && version !== null) known.versions.push(version);
  }
  return [...drafts.values()].flatMap(finished).toSorted(worstFirst);
}

/** The version that a series of `rtwatch_daemon_info` or `rtwatch_node_info` has; null if none. */
export function versionOf(labels: Labels): Version | null {
  const { daemon, version, kernel } = labels;
  if (daemon !== undefined && version !== undefined && version !== '') return { what: daemon, version };
  return kernel === undefined || kernel === '' ? null : { what: 'kernel', version: kernel };
}

/** `dockerd 19.03.15` */
export const versionText = ({ what, version }: Version): string => `${what} ${version}`;

/** The identity of a node, from its labels. */
export function keyOf({ instance = '', cluster }: Labels): string {
  return JSON.stringify(cluster === undefined ? [instance] : [instance, cluster]);
}

interface Draft {
  readonly labels: Labels;
  readonly findings: Map<string, { id: string; severity: Severity; count: number | null; since: number | null }>;
  readonly versions: Version[];
  blind: Blindness | null;
  ageSeconds: number | null;
}

function draftOf(drafts: Map<string, Draft>, labels: Labels): Draft | null {
  if ((labels['instance'] ?? '') === '') return null;
  const key = keyOf(labels);
  const draft = drafts.get(key) ?? { labels, findings: new Map(), versions: [], blind: null, ageSeconds: null };
  drafts.set(key, draft);
  return draft;
}

function addFinding(draft: Draft | null, { __name__, id, severity }: Labels, value: number | null): void {
  if (draft === null || id === undefined || (severity !== 'critical' && severity !== 'warning')) return;
  const key = `${severity} ${id}`;
  const finding = draft.findings.get(key) ?? { id, severity, count: null, since: null };
  draft.findings.set(key, finding);
  if (__name__ === 'rtwatch_finding') finding.count = Math.max(finding.count ?? 0, value ?? 1, 1);
  else if (value !== null) finding.since = Math.min(finding.since ?? value, value);
}

const blindRank: Readonly<Record<Blindness, number>> = { 'not-ready': 0, down: 0, sampler: 1, stale: 2 };

function addBlindness(draft: Draft | null, labels: Labels, value: number | null): void {
  const found = labels[markLabels.blind];
  if (draft === null || (found !== 'down' && found !== 'sampler' && found !== 'stale')) return;
  if (draft.blind === null || blindRank[found] < blindRank[draft.blind]) draft.blind = found;
  if (found === 'stale') draft.ageSeconds = value;
}

function finished({ labels, findings, versions, blind, ageSeconds }: Draft): FleetNode[] {
  // A moment without its finding is of one that has just resolved.
  const own = [...findings.values()]
    .flatMap(({ count, ...finding }): NodeFinding[] => (count === null ? [] : [{ ...finding, count }]))
    .toSorted((a, b) => ranks[a.severity] - ranks[b.severity] || compareSince(a.since, b.since) || compare(a.id, b.id));
  const [first] = own;
  const worst = blind === null ? first?.severity : first?.severity === 'critical' ? 'critical' : 'blind';
  if (worst === undefined) return [];
  const since = own
    .filter(({ severity }) => severity === first?.severity)
    .reduce<number | null>((oldest, one) => (compareSince(one.since, oldest) < 0 ? one.since : oldest), null);
  return [
    {
      key: keyOf(labels),
      instance: labels['instance'] ?? '',
      cluster: labels['cluster'] ?? null,
      findings: own,
      versions: versions.toSorted((a, b) => compare(a.what, b.what)),
      worst,
      blind,
      ageSeconds,
      since,
    },
  ];
}

/** The order of a list of nodes. */
export function worstFirst(a: FleetNode, b: FleetNode): number {
  return ranks[a.worst] - ranks[b.worst] || compareSince(a.since, b.since) || compare(a.instance, b.instance);
}

/** The older first; unknown last. */
export function compareSince(a: number | null, b: number | null): number {
  return (a ?? Number.MAX_VALUE) - (b ?? Number.MAX_VALUE);
}
