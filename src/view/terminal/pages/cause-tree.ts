import { formatCount } from '../../../base/counts.ts';
import type { Diagnosis } from '../../../rules/engine/diagnosis.ts';
import { type Line, linkSpan, span } from '../parts/line.ts';
import { wrapSpans } from '../parts/wrap-spans.ts';
import type { Theme } from '../theme/theme.ts';

/** Causes shown, and effects shown; the rest is counted. */
const maxEach = 12;
/** Deeper levels are not indented further. */
const maxDepth = 8;

/**
 * The causes of a finding, the finding, and its consequences, as a tree. Empty for a finding without either.
 */
export function causeLines(findings: readonly Diagnosis[], finding: Diagnosis, theme: Theme, width: number): Line[] {
  const place = findings.findIndex(({ key }) => key === finding.key);
  if (place < 0) return [];
  const above = aboveOf(findings, place);
  const inWay = new Set(above.map(({ key }) => key));
  const also = findings.filter(({ key }) => finding.causes.includes(key) && !inWay.has(key));
  const below = belowOf(findings, place);
  const inTree = new Set(below.map(({ key }) => key));
  const elsewhere = findings.filter(({ key, causes }) => causes.includes(finding.key) && !inTree.has(key));
  if (above.length + also.length + below.length + elsewhere.length === 0) return [];
  const depth = finding.depth;
  return [
    ...also.slice(0, maxEach).flatMap((cause) => branch(cause, 0, theme, width)),
    ...more(also.length, 0),
    ...above.flatMap((cause) => branch(cause, cause.depth, theme, width)),
    ...branch({ ...finding, title: `${finding.title} (this finding)` }, depth, theme, width, true),
    ...[...below, ...elsewhere.map((effect) => ({ ...effect, depth: depth + 1 }))]
      .slice(0, maxEach)
      .flatMap((effect) => branch(effect, effect.depth, theme, width)),
    ...more(below.length + elsewhere.length, depth + 1),
  ];
}

/** From the root of its tree down to its parent. */
function aboveOf(findings: readonly Diagnosis[], place: number): Diagnosis[] {
  const above: Diagnosis[] = [];
  let depth = findings[place]?.depth ?? 0;
  for (const finding of findings.slice(0, place).toReversed()) {
    if (finding.depth >= depth) continue;
    above.unshift(finding);
    depth = finding.depth;
  }
  return above;
}

function belowOf(findings: readonly Diagnosis[], place: number): Diagnosis[] {
  const depth = findings[place]?.depth ?? 0;
  const end = findings.findIndex((finding, index) => index > place && finding.depth <= depth);
  return findings.slice(place + 1, end < 0 ? undefined : end);
}

function branch(
  { title, key }: Pick<Diagnosis, 'title' | 'key'>,
  depth: number,
  theme: Theme,
  width: number,
  isThis = false,
): Line[] {
  const indent = 2 + 2 * Math.min(depth, maxDepth);
  const mark = depth === 0 ? '' : `${theme.glyphs.branch} `;
  const text = isThis ? span(title, 'strong') : linkSpan(title, { to: 'finding', key });
  return wrapSpans([text], width - mark.length - indent).map((line, index) => [
    span(' '.repeat(indent)),
    span(index === 0 ? mark : ' '.repeat(mark.length), 'dim'),
    ...line,
  ]);
}

function more(count: number, depth: number): Line[] {
  const left = count - maxEach;
  return left > 0 ? [[span(`${' '.repeat(2 + 2 * Math.min(depth, maxDepth))}${formatCount(left)} more`, 'dim')]] : [];
}
