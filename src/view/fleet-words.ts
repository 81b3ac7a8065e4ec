import { countOf, formatCount } from '../base/counts.ts';
import { formatMs, formatSeconds } from '../base/durations.ts';
import type { Fleet, FleetSnapshot } from '../fleet/fleet.ts';
import type { FindingGroup } from '../fleet/groups.ts';
import { hostOf } from '../fleet/node-command.ts';
import { type FleetNode, type NodeFinding, versionText } from '../fleet/nodes.ts';
import { clean } from './text.ts';

/** The node as a person names it: the label `instance` without its port. */
export function nodeName({ instance }: Pick<FleetNode, 'instance'>): string {
  return clean(hostOf(instance));
}

/** Why a node is not seen; null for one that is. */
export function blindText({ blind, blindMessage = '', ageSeconds }: FleetNode): string | null {
  switch (blind) {
    case null:
      return null;
    case 'down':
      return 'not seen: the scrape fails';
    case 'sampler':
      return 'not seen: its sampler does not answer';
    case 'not-ready':
      return ['not ready', ...(blindMessage === '' ? [] : [clean(blindMessage)])].join(': ');
    case 'stale':
      return `not seen: newest sample ${formatSeconds(ageSeconds)} old`;
  }
}

/** `stalled-disk, leaked-mount ×3` */
function findingsText(findings: readonly NodeFinding[]): string {
  return findings.map(findingText).join(', ');
}

function findingText({ id, count, message }: NodeFinding): string {
  return (
    clean(id) + (count > 1 ? ` ×${formatCount(count)}` : '') + (message === undefined ? '' : `: ${clean(message)}`)
  );
}

/** What a row says of the node: why it is not seen, then its findings. */
export function nodeText(node: FleetNode): string {
  return [blindText(node), findingsText(node.findings)].filter((part) => part !== null && part !== '').join(', ');
}

/** `dockerd 19.03.15, kernel 3.10.0` */
export function versionsText({ versions }: FleetNode): string {
  return versions.map((one) => clean(versionText(one))).join(', ');
}

/** `on 41 of 5,000 nodes, all on dockerd 19.03.15`; for one node its name. */
export function groupText({ nodes, first, common }: FindingGroup, total: number | null): string {
  if (nodes.length === 1) return `on ${nodeName(first)}`;
  const of = total === null ? '' : ` of ${formatCount(total)}`;
  return [`on ${formatCount(nodes.length)}${of} nodes`, ...(common === '' ? [] : [clean(common)])].join(', ');
}

/** How long a moment in Unix seconds is over; empty if unknown. */
export function sinceText(since: number | null, at: number): string {
  return since === null ? '' : formatSeconds(Math.max(0, at / 1000 - since));
}

/** One number of the fleet with its word, for a line that sums it up. */
interface FleetCount {
  readonly text: string;
  readonly tone: 'plain' | 'critical' | 'warning' | 'good';
}

/** `5,000 nodes`, `12 critical`, `41 warning`, `3 not seen`, `4,944 healthy` */
export function countsOf({ total, critical, warning, notSeen, healthy, unjudged }: Fleet): FleetCount[] {
  const counted = (count: number, word: string, tone: FleetCount['tone']): FleetCount[] =>
    count === 0 ? [] : [{ text: `${formatCount(count)} ${word}`, tone }];
  return [
    { text: total === null ? 'number of nodes unknown' : countOf(total, 'node'), tone: 'plain' },
    ...counted(critical, 'critical', 'critical'),
    ...counted(warning, 'warning', 'warning'),
    ...counted(notSeen, 'not seen', 'critical'),
    ...(healthy === null ? [] : counted(healthy, 'without findings', 'good')),
    ...counted(unjudged ?? 0, 'with rules that cannot be judged', 'plain'),
  ];
}

/** What could not be asked, how old is what is shown in its place, and what may be incomplete. One line for each reason. */
export function troubleTexts({ system, questions, at }: FleetSnapshot): string[] {
  const failed = questions.filter(({ trouble }) => trouble !== null);
  const warned = questions.filter(({ trouble, warning }) => trouble === null && warning !== null);
  const warnings = [...Map.groupBy(warned, ({ warning }) => warning)].map(([warning, group]) =>
    clean(`${system}: ${group.map(({ name }) => name).join(', ')}: ${warning}`),
  );
  const troubles = [...Map.groupBy(failed, ({ trouble, answeredAt }) => `${answeredAt} ${trouble}`).values()].map(
    (group) => {
      const names = group.map(({ name }) => name).join(', ');
      const [first] = group;
      const age =
        first == null || first.answeredAt === null ? 'no answer yet' : `shown: ${formatMs(at - first.answeredAt)} old`;
      return clean(`${system}: ${names}: ${first?.trouble ?? ''} (${age})`);
    },
  );
  return [...troubles, ...warnings];
}
