import type { PromSeries } from './answer.ts';
import { type FindingGroup, groupsOf } from './groups.ts';
import { type FleetNode, nodesOf, versionOf, versionText } from './nodes.ts';
import { type FleetQuestion, markLabels, type QuestionName } from './queries.ts';
import type { NodeTrends } from './trends.ts';

/** What is known of all nodes. */
export interface Fleet {
  /** Nodes that export, or should; null if unknown. */
  readonly total: number | null;
  readonly critical: number;
  readonly warning: number;
  /** Nodes that are not seen, without those that are critical. */
  readonly notSeen: number;
  /** Nodes without a finding; null if the total is unknown. */
  readonly healthy: number | null;
  /** Nodes with rules that cannot be judged; null if unknown. */
  readonly unjudged: number | null;
  /** Worst first; none of the healthy ones. */
  readonly nodes: readonly FleetNode[];
  readonly groups: readonly FindingGroup[];
  /** By the key of the node; only of those that were asked for. */
  readonly trends: ReadonlyMap<string, NodeTrends>;
}

/** How a question was answered last. */
export interface QuestionState {
  readonly name: QuestionName;
  /** When the newest answer came, milliseconds; null if none has. */
  readonly answeredAt: number | null;
  /** Why the last request failed; null if it did not. */
  readonly trouble: string | null;
  /** What the newest answer says of itself: it may be incomplete. Null for nothing. */
  readonly warning: string | null;
}

/** The fleet at a moment, with what is wrong with knowing it. */
export interface FleetSnapshot {
  /** What is asked. */
  readonly system: 'Prometheus' | 'Kubernetes';
  /** Null until the first answers have come. */
  readonly fleet: Fleet | null;
  /** When the newest round ended, milliseconds; 0 before the first. */
  readonly at: number;
  readonly questions: readonly QuestionState[];
  readonly intervalMs: number;
  readonly paused: boolean;
}

/** What is wrong in one word, as `check` says it. A node that is not seen may have anything. */
export type FleetStatus = 'ok' | 'warning' | 'critical' | 'unknown';

/** @param answers the newest of each question; a missing one makes nothing up */
export function fleetOf(
  answers: Partial<Readonly<Record<FleetQuestion, readonly PromSeries[]>>>,
  trends: Fleet['trends'],
): Fleet {
  const { findings = [], 'not seen': blind = [], counts, versions = [] } = answers;
  const nodes = nodesOf({ findings, blind, versions });
  const counted = (name: string): number | null =>
    counts?.find(({ labels }) => labels[markLabels.count] === name)?.points.at(-1)?.[1] ?? null;
  // Without any series `count` gives no answer, which is none and not unknown.
  const total = counts === undefined ? null : Math.max(counted('nodes') ?? 0, nodes.length);
  return {
    total,
    critical: nodes.filter(({ worst }) => worst === 'critical').length,
    warning: nodes.filter(({ worst }) => worst === 'warning').length,
    notSeen: nodes.filter(({ worst }) => worst === 'blind').length,
    healthy: total === null ? null : total - nodes.length,
    unjudged: counts === undefined ? null : (counted('unjudged') ?? 0),
    nodes,
    groups: groupsOf(nodes, versionCounts(counts ?? [])),
    trends,
  };
}

/**
 * The status of the last answers: unknown while one of those that decide is missing or failed, no node is known, or one of them is not judged
 * as a whole.
 */
export function statusOf({ fleet, questions }: Pick<FleetSnapshot, 'fleet' | 'questions'>): FleetStatus {
  if (fleet === null) return 'unknown';
  if (fleet.critical > 0) return 'critical';
  if (fleet.nodes.some(({ findings }) => findings.length > 0)) return 'warning';
  const isOpen = questions.some(
    ({ name, trouble, warning }) => name !== 'trends' && name !== 'versions' && (trouble ?? warning) !== null,
  );
  const isPartial = fleet.nodes.length > 0 || (fleet.unjudged ?? 0) > 0;
  return isOpen || isPartial || (fleet.total ?? 0) === 0 ? 'unknown' : 'ok';
}

function versionCounts(counts: readonly PromSeries[]): Map<string, number> {
  return new Map(
    counts.flatMap(({ labels, points }): [string, number][] => {
      const version = versionOf(labels);
      return version === null ? [] : [[versionText(version), points.at(-1)?.[1] ?? 0]];
    }),
  );
}
