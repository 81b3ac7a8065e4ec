import { formatTimes } from '../../../base/counts.ts';
import { formatMoment } from '../../../base/moments.ts';
import type { ContainerModel } from '../../../model/containers/container.ts';
import type { Model } from '../../../model/model.ts';
import { hideSecrets } from '../../secrets.ts';
import { clean, wrapText } from '../../text.ts';
import { keyHint, type Line, span } from '../parts/line.ts';
import type { Theme } from '../theme/theme.ts';
import { field, paragraph } from './fields.ts';
import { criSummaryLines, isCriInspect } from './inspect-cri.ts';
import { listedLines, summaryLines } from './inspect-summary.ts';
import { taskLines } from './task-tree.ts';

/** The engine's answer to an inspect. */
export type InspectAnswer =
  | { readonly status: 'pending' }
  | { readonly status: 'ok'; readonly json: string }
  | { readonly status: 'failed'; readonly detail: string };

/** The reader's choices on an inspect page. */
export interface InspectPage {
  readonly containerId: string;
  readonly answer: InspectAnswer;
  /** Secrets are shown. */
  readonly revealed: boolean;
}

/** The summary of a container, then the engine's whole answer. Secrets are hidden until `e` reveals them. */
export function inspectLines(model: Model, page: InspectPage, theme: Theme, width: number): Line[] {
  const { containerId, answer, revealed } = page;
  const container = model.containers?.list.find(({ id }) => id === containerId) ?? null;
  const around = [...evidenceLines(container, model, theme, width), ...taskLines(model, containerId, theme, width)];
  if (answer.status !== 'ok') {
    const why =
      answer.status === 'pending'
        ? [[span('asking the engine …', 'dim')]]
        : paragraph(`inspect: ${answer.detail}`, width, 'warning');
    return [...listedLines(container, containerId, model, theme, width), ...why, ...around];
  }
  const parsed = parse(answer.json);
  if (parsed === undefined) {
    const why = paragraph('inspect: the engine’s answer is not JSON', width, 'warning');
    return [...listedLines(container, containerId, model, theme, width), ...why, ...around];
  }
  const shown = revealed ? parsed : hideSecrets(parsed);
  const summary = isCriInspect(parsed) ? criSummaryLines : summaryLines;
  return [...summary(shown, container, model, theme, width), ...around, ...jsonLines(shown, revealed, width)];
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/** Why the container counts as stuck, since when, and the source of each; also indications that prove nothing yet. */
function evidenceLines(container: ContainerModel | null, { at }: Model, { zone }: Theme, width: number): Line[] {
  if (container === null || container.evidence.length === 0) return [];
  const { evidence, blocker, attempts, attemptedBy } = container;
  const lines = [
    ...evidence.flatMap(({ text, source, since, strength }, index) => [
      ...field(index === 0 ? 'stuck because' : '', text, width, strength === 'proof' ? 'critical' : 'warning'),
      ...field('', since === null ? source : `${source}, since ${formatMoment(since, at, zone)}`, width, 'dim'),
    ]),
    ...(blocker === null ? [] : field('blocked by', blockerText(blocker), width, 'critical')),
    ...(attempts === 0 ? [] : field('stop requests', attemptsText(attempts, attemptedBy), width)),
  ];
  return [[], ...lines];
}

function blockerText({ pid, comm, wchan, waitsText }: NonNullable<ContainerModel['blocker']>): string {
  const waits = [wchan, waitsText].filter((text) => text !== null && text !== '').join(', ');
  return `${comm} ${pid}${waits === '' ? '' : `: ${waits}`}`;
}

function attemptsText(attempts: number, by: ContainerModel['attemptedBy']): string {
  return `${formatTimes(attempts)}${by === null ? '' : `, ${by}`}`;
}

/** A longer answer is cut: each frame lays out the whole page. */
const maxJsonLines = 3000;

function jsonLines(shown: unknown, revealed: boolean, width: number): Line[] {
  const all = JSON.stringify(shown, null, 2).split('\n');
  const left = all.length - maxJsonLines;
  const hint = revealed
    ? 'e hide secrets'
    : 'e reveal hidden values: environment variables, and what looks like a secret';
  return [
    [],
    ...paragraph(hint, width, 'dim').map((line) => line.map(({ text }) => keyHint(text))),
    ...all.slice(0, maxJsonLines).flatMap((line) => jsonLine(clean(line), width)),
    ...(left > 0 ? [[span(`${left} more lines: rtwatch inspect shows them`, 'dim')]] : []),
  ];
}

/** A whole line of JSON; what does not fit continues below, two columns further in. */
function jsonLine(line: string, width: number): Line[] {
  const indent = line.length - line.trimStart().length;
  if (indent + 14 > width) return [[span(line)]];
  const [first = '', ...rest] = wrapText(line.trimStart(), Math.max(12, width - indent - 2));
  return [
    [span(`${' '.repeat(indent)}${first}`)],
    ...rest.map((piece): Line => [span(`${' '.repeat(indent + 2)}${piece}`)]),
  ];
}
