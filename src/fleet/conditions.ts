import { textOf } from '../base/json-object.ts';
import type { Fleet } from './fleet.ts';
import { groupsOf } from './groups.ts';
import {
  compareSince,
  type FleetNode,
  type NodeFinding,
  ranks,
  type Version,
  versionText,
  worstFirst,
} from './nodes.ts';

/** The condition that node-problem-detector sets with `rtwatch check --npd`. */
export const ownCondition = 'ContainerNodeUnhealthy';
/** node-problem-detector repeats each condition every five minutes; one that is older says nothing about now, in seconds. */
const staleAfterSeconds = 900;

/** What is known of one node of a cluster, healthy or not. */
export interface ClusterNode {
  /** Null for one with nothing wrong. */
  readonly node: FleetNode | null;
  readonly versions: readonly Version[];
  /** Whether rtwatch has judged it. */
  readonly isJudged: boolean;
}

/** The items and the token of the next page in a NodeList (Kubernetes API, core/v1). */
export function parseNodeList(body: string, at: number): { nodes: ClusterNode[]; next: string | null } {
  const list: unknown = JSON.parse(body);
  const items = field(list, 'items');
  if (!Array.isArray(items)) throw new Error('the answer is no list of nodes');
  const next = textOf(field(field(list, 'metadata'), 'continue'));
  return { nodes: items.flatMap((item) => clusterNode(item, at) ?? []), next: next === '' ? null : next };
}

/** The nodes in which something is wrong, worst first, and what all come to. */
export function clusterFleet(all: readonly ClusterNode[]): Fleet {
  const nodes = all.flatMap(({ node }) => node ?? []).toSorted(worstFirst);
  const counts = new Map<string, number>();
  for (const { versions } of all) {
    for (const version of versions) counts.set(versionText(version), (counts.get(versionText(version)) ?? 0) + 1);
  }
  const of = (worst: FleetNode['worst']): number => nodes.filter((node) => node.worst === worst).length;
  return {
    total: all.length,
    critical: of('critical'),
    warning: of('warning'),
    notSeen: of('blind'),
    healthy: all.length - nodes.length,
    unjudged: all.filter(({ isJudged }) => !isJudged).length,
    nodes,
    groups: groupsOf(nodes, counts),
    trends: new Map(),
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly since: number | null;
  readonly heartbeat: number | null;
  readonly message: string;
}

function clusterNode(item: unknown, at: number): ClusterNode | null {
  const instance = textOf(field(field(item, 'metadata'), 'name'));
  if (instance === '') return null;
  const status = field(item, 'status');
  const listed = field(status, 'conditions');
  const conditions = Array.isArray(listed) ? listed.map(conditionOf) : [];
  const versions = versionsOf(field(status, 'nodeInfo'));
  const own = conditions.find(({ type }) => type === ownCondition);
  const ageSeconds = own?.heartbeat == null ? null : Math.max(0, at / 1000 - own.heartbeat);
  const isStale = ageSeconds !== null && ageSeconds > staleAfterSeconds;
  const ready = conditions.find(({ type }) => type === 'Ready');
  const isReady = ready?.status === 'True';
  const findings = findingsOf(conditions);
  const isJudged = own !== undefined && own.status !== 'Unknown' && !isStale;
  const [first] = findings;
  const blind = !isReady ? 'not-ready' : isStale ? 'stale' : null;
  const worst = first?.severity === 'critical' ? 'critical' : blind === null ? first?.severity : 'blind';
  if (worst === undefined) return { node: null, versions, isJudged };
  const since = first?.severity === worst ? first.since : isReady ? (own?.heartbeat ?? null) : (ready?.since ?? null);
  const node: FleetNode = {
    key: JSON.stringify([instance]),
    instance,
    cluster: null,
    worst,
    blind,
    since,
    findings,
    versions,
    ...(blind === 'not-ready' && ready !== undefined ? { blindMessage: ready.message } : {}),
    ageSeconds: blind === 'stale' ? ageSeconds : null,
  };
  return { node, versions, isJudged };
}

/**
 * A condition that is True is a problem, by the convention of Kubernetes. Of one that is named `…Ready` it is False: those of the node
 * monitoring agent of Amazon EKS (`KernelReady`, `StorageReady`) are True on every healthy node. `Ready` itself says that a node is not seen.
 */
function findingsOf(conditions: readonly Condition[]): NodeFinding[] {
  return conditions
    .filter(({ type, status }) => type !== 'Ready' && status === (type.endsWith('Ready') ? 'False' : 'True'))
    .map(({ type, since, message }): NodeFinding => {
      const severity = type === ownCondition ? 'critical' : 'warning';
      return { id: type, severity, count: 1, since, ...(message === '' ? {} : { message }) };
    })
    .toSorted((a, b) => ranks[a.severity] - ranks[b.severity] || compareSince(a.since, b.since));
}

function conditionOf(value: unknown): Condition {
  const of = (name: string): string => textOf(field(value, name));
  return {
    type: of('type'),
    status: of('status'),
    message: of('message'),
    since: secondsOf(of('lastTransitionTime')),
    heartbeat: secondsOf(of('lastHeartbeatTime')),
  };
}

function versionsOf(info: unknown): Version[] {
  const [what = '', version = ''] = textOf(field(info, 'containerRuntimeVersion')).split('://');
  const kernel = textOf(field(info, 'kernelVersion'));
  return [
    ...(what === '' || version === '' ? [] : [{ what, version }]),
    ...(kernel === '' ? [] : [{ what: 'kernel', version: kernel }]),
  ];
}

function secondsOf(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms / 1000;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : null;
}
