import { formatSeconds } from '../../base/durations.ts';
import { formatDayTime, formatTime } from '../../base/moments.ts';
import type { Zone } from '../../base/zone.ts';
import { blindSpots } from '../../model/blind-spots.ts';
import type { Model } from '../../model/model.ts';
import type { Diagnosis } from '../../rules/engine/diagnosis.ts';
import type { Remedy } from '../../rules/engine/rule.ts';
import type { Verdicts } from '../../rules/engine/run.ts';
import { withoutRepeatedRemedies } from '../finding-trees.ts';
import { clean } from '../text.ts';
import { statusLine } from './status-line.ts';

/** The findings as Markdown, for a ticket or a chat: what was found, what to do, and the evidence. */
export function reportMarkdown(model: Model, verdicts: Verdicts, zone: Zone): string {
  const { host, at } = model;
  const node = host === null ? [] : [host.hostname, `Linux ${host.kernel}`];
  const blocks = [
    `# ${literal(statusLine(model, verdicts))}`,
    [...node, formatDayTime(at, zone)].map(literal).join(' · '),
    ...withoutRepeatedRemedies(verdicts.findings).flatMap((finding) => findingBlocks(finding, at, zone)),
    unknownBlock(model, verdicts),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function findingBlocks(finding: Diagnosis, now: number, zone: Zone): string[] {
  const { depth, severity, title, since, until = now, summary, evidence, remedies } = finding;
  const heading = '#'.repeat(Math.min(6, depth + 2));
  return [
    `${heading} ${severity.toUpperCase()}: ${literal(title)}`,
    since === null
      ? ''
      : `for ${formatSeconds(Math.max(0, until - since) / 1000)}, since ${literal(formatTime(since, now, zone))}`,
    literal(summary),
    ...remedies.map(remedyBlock),
    evidence.map(({ source, text }) => `- ${literal(text)} (${literal(source)})`).join('\n'),
  ];
}

function remedyBlock({ text, command }: Remedy): string {
  if (command === null) return `**Do:** ${literal(text)}`;
  const lines = command.split('\n').map(clean);
  // A fence longer than any in the command: a name must not end it.
  const longest = Math.max(2, ...(command.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`**Do:** ${literal(text)}`, '', `${fence}sh`, ...lines, fence].join('\n');
}

function unknownBlock(model: Model, { unknown }: Verdicts): string {
  const reasons = [
    ...blindSpots(model).map(({ because }) => because),
    ...unknown.map(({ id, because }) => `${id} (${because})`),
  ];
  return reasons.length === 0 ? '' : ['## Unknown', '', ...reasons.map((reason) => `- ${literal(reason)}`)].join('\n');
}

/** A text that Markdown shows as it is: names come from the node and may hold its marks, or HTML. */
function literal(text: string): string {
  return clean(text).replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');
}
