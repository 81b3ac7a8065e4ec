import type { FleetSnapshot } from '../../fleet/fleet.ts';
import { countsOf, groupText, nodeName, nodeText, sinceText, troubleTexts } from '../fleet-words.ts';
import { clean, fitText, widthOf } from '../text.ts';

/** The fleet as plain text: the sum, what is wrong with knowing it, findings, and the nodes, worst first. */
export function fleetText(snapshot: FleetSnapshot): string {
  const { fleet, at } = snapshot;
  const trouble = troubleTexts(snapshot);
  if (fleet === null) return `${[...trouble, 'no node is known'].join('\n')}\n`;
  const sum = countsOf(fleet).map(({ text }) => text);
  const groups = fleet.groups.map((group) => [
    group.severity,
    sinceText(group.since, at),
    `${clean(group.id)} ${groupText(group, fleet.total)}`,
  ]);
  const nodes = fleet.nodes.map((node) => [
    nodeName(node),
    node.worst === 'blind' ? 'not seen' : node.worst,
    sinceText(node.since, at),
    nodeText(node),
  ]);
  const tables = [
    ...(groups.length === 0 ? [] : [table(['SEVERITY', 'OLDEST', 'FINDING'], groups)]),
    ...(nodes.length === 0 ? [] : [table(['NODE', 'WORST', 'SINCE', 'FINDINGS'], nodes)]),
  ];
  return `${[[sum.join(' · '), ...trouble], ...tables].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Columns as wide as their widest cell. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = titles.map((title, index) => Math.max(title.length, ...rows.map((row) => widthOf(row[index] ?? ''))));
  return [titles, ...rows].map((row) =>
    row
      .map((cell, index) => fitText(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
