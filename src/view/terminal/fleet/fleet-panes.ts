import { formatCount } from '../../../base/counts.ts';
import { formatMoment } from '../../../base/moments.ts';
import { formatPercent } from '../../../base/percent.ts';
import type { Fleet, FleetSnapshot } from '../../../fleet/fleet.ts';
import type { FindingGroup } from '../../../fleet/groups.ts';
import { type FleetNode, ranks } from '../../../fleet/nodes.ts';
import { newestOf } from '../../../fleet/trends.ts';
import { blindText, groupText, nodeName, nodeText, sinceText, versionsText } from '../../fleet-words.ts';
import { clean } from '../../text.ts';
import { type ListPane, listPane } from '../list/list-pane.ts';
import { type Line, span } from '../parts/line.ts';
import { sparkline } from '../parts/sparkline.ts';
import type { Column } from '../parts/table.ts';
import type { Theme } from '../theme/theme.ts';
import type { Tone } from '../theme/tones.ts';

/** The ids of the panes. */
export const fleetPaneIds = { groups: 'findings', nodes: 'nodes' } as const;

/** Where what `Enter` runs is shown: the command for a node. */
type OpenCommand = (node: FleetNode) => string;

/** The two lists of the fleet: findings, then nodes. */
export function fleetPanes(
  { system, fleet, at, questions }: FleetSnapshot,
  theme: Theme,
  openCommand: OpenCommand,
): ListPane[] {
  const isWaiting = fleet === null;
  const isFailing = questions.some(({ trouble }) => trouble !== null);
  const waiting: Line = [span(isFailing ? 'nothing is known yet' : 'waiting for the first answer', 'dim')];
  const calm: Line = [span('no finding on any node', 'good')];
  const nowhere = system === 'Prometheus' ? 'Prometheus has no node with rtwatch export' : 'the cluster has no node';
  const none: Line = (fleet?.total ?? 0) === 0 ? [span(nowhere, 'warning')] : calm;
  const shared = { theme, empty: isWaiting ? waiting : none };
  const { groups = [], nodes = [], total = null } = fleet ?? {};
  return [
    listPane<FindingGroup>({
      ...shared,
      id: fleetPaneIds.groups,
      title: 'Findings',
      columns: groupColumns(total, at),
      rows: groups,
      key: ({ key }) => key,
      name: ({ id }) => clean(id),
      summary: [],
      details: (group) => groupDetails(group, total, at, theme),
    }),
    listPane<FleetNode>({
      ...shared,
      id: fleetPaneIds.nodes,
      title: 'Nodes',
      columns: nodeColumns(fleet, at),
      rows: nodes,
      key: ({ key }) => key,
      name: nodeName,
      summary: fleet === null ? [] : [span(`${formatCount(nodes.length)} of ${formatCount(total)}`)],
      details: (node) => nodeDetails(node, fleet, at, theme, openCommand),
    }),
  ];
}

const toneOf = (severity: FleetNode['worst']): Tone => (severity === 'warning' ? 'warning' : 'critical');

function groupColumns(total: number | null, at: number): Column<FindingGroup>[] {
  return [
    {
      id: 'severity',
      title: 'SEVERITY',
      width: 8,
      text: ({ severity }) => severity,
      tone: ({ severity }) => toneOf(severity),
      by: ({ severity }) => ranks[severity],
    },
    {
      id: 'nodes',
      title: 'NODES',
      width: 7,
      align: 'right',
      text: ({ nodes }) => formatCount(nodes.length),
      by: ({ nodes }) => -nodes.length,
    },
    {
      id: 'oldest',
      title: 'OLDEST',
      width: 8,
      align: 'right',
      text: ({ since }) => sinceText(since, at),
      by: ({ since }) => since ?? Number.MAX_VALUE,
    },
    { id: 'finding', title: 'FINDING', width: 'flex', text: ({ id }) => clean(id), by: ({ id }) => id },
    { id: 'where', title: 'WHERE', width: 'flex', text: (group) => groupText(group, total) },
  ];
}

const trendWidth = 12;

function nodeColumns(fleet: Fleet | null, at: number): Column<FleetNode>[] {
  const trendsOf = ({ key }: FleetNode) => fleet?.trends.get(key);
  return [
    {
      id: 'node',
      title: 'NODE',
      width: 'flex',
      cut: 'middle',
      enough: 24,
      text: nodeName,
      by: ({ instance }) => instance,
    },
    {
      id: 'cluster',
      title: 'CLUSTER',
      width: 14,
      shrinks: true,
      ifAny: true,
      drop: 3,
      spare: 3,
      text: ({ cluster }) => clean(cluster ?? ''),
      by: ({ cluster }) => cluster ?? '',
    },
    {
      id: 'worst',
      title: 'WORST',
      width: 8,
      text: ({ worst }) => (worst === 'blind' ? 'not seen' : worst),
      tone: ({ worst }) => toneOf(worst),
      by: ({ worst }) => ranks[worst],
    },
    {
      id: 'since',
      title: 'SINCE',
      width: 8,
      align: 'right',
      text: ({ since }) => sinceText(since, at),
      by: ({ since }) => since ?? Number.MAX_VALUE,
    },
    {
      id: 'findings',
      title: 'FINDINGS',
      width: 'flex',
      enough: 44,
      text: nodeText,
      by: ({ findings }) => -findings.length,
    },
    {
      id: 'goroutines',
      title: 'GOROUTINES',
      width: 10,
      align: 'right',
      drop: 2,
      spare: 2,
      ifAny: true,
      text: (node) => countText(newestOf(trendsOf(node)?.goroutines)),
      by: (node) => -(newestOf(trendsOf(node)?.goroutines) ?? -1),
    },
    {
      id: 'goroutine-trend',
      title: 'LAST HOUR',
      width: trendWidth,
      drop: 4,
      spare: 4,
      ifAny: true,
      text: (node, width, { glyphs }) => trendText(trendsOf(node)?.goroutines, width, glyphs.levels, { least: 1 }),
    },
    {
      id: 'io',
      title: 'I/O PSI',
      width: 7,
      align: 'right',
      drop: 1,
      spare: 1,
      ifAny: true,
      text: (node) => ratioText(newestOf(trendsOf(node)?.ioPressure)),
      by: (node) => -(newestOf(trendsOf(node)?.ioPressure) ?? -1),
    },
    {
      id: 'io-trend',
      title: 'LAST HOUR',
      width: trendWidth,
      drop: 5,
      spare: 5,
      ifAny: true,
      text: (node, width, { glyphs }) => trendText(trendsOf(node)?.ioPressure, width, glyphs.levels, { to: 1 }),
    },
  ];
}

const countText = (value: number | null): string => (value === null ? '' : formatCount(value));
const ratioText = (value: number | null): string => (value === null ? '' : formatPercent(value * 100));

function trendText(
  series: readonly (number | null)[] | undefined,
  width: number,
  levels: string,
  scale: Parameters<typeof sparkline>[3],
): string {
  return series === undefined || series.every((value) => value === null) ? '' : sparkline(series, width, levels, scale);
}

function groupDetails(group: FindingGroup, total: number | null, at: number, { zone }: Theme): Line[] {
  const { id, severity, since } = group;
  return [
    [span(severity, toneOf(severity)), span(` ${clean(id)} ${groupText(group, total)}`)],
    ...(since === null ? [] : [[span('oldest: ', 'dim'), span(formatMoment(since * 1000, at, zone))]]),
    [span('Enter shows its nodes.', 'dim')],
  ];
}

function nodeDetails(
  node: FleetNode,
  fleet: Fleet | null,
  at: number,
  { zone, glyphs }: Theme,
  openCommand: OpenCommand,
): Line[] {
  const blind = blindText(node);
  const trends = fleet?.trends.get(node.key);
  const versions = versionsText(node);
  const charts: readonly (readonly [string, string])[] = [
    ['goroutines', trendText(trends?.goroutines, 30, glyphs.levels, { least: 1 })],
    ['I/O pressure', trendText(trends?.ioPressure, 30, glyphs.levels, { to: 1 })],
  ];
  const shown = charts.filter(([, chart]) => chart !== '');
  return [
    ...(blind === null ? [] : [[span(blind, 'critical')]]),
    ...node.findings.map(({ id, severity, count, since, message }): Line => {
      const times = count > 1 ? ` ×${formatCount(count)}` : '';
      const moment = since === null ? '' : `  since ${formatMoment(since * 1000, at, zone)}`;
      return [
        span(severity.padEnd(9), toneOf(severity)),
        span(`${clean(id)}${times}`),
        span(moment, 'dim'),
        span(message === undefined ? '' : `  ${message}`),
      ];
    }),
    ...(versions === '' ? [] : [[span(versions)]]),
    ...(shown.length === 0
      ? []
      : [shown.flatMap(([name, chart]): Line => [span(`${name} `, 'dim'), span(`${chart}   `)])]),
    [span('Enter: ', 'dim'), span(openCommand(node))],
    ...(node.cluster === null ? [] : [[span('cluster: ', 'dim'), span(node.cluster)]]),
    [span('instance: ', 'dim'), span(node.instance)],
  ];
}
