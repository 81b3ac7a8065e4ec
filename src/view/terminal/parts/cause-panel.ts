import { formatSeconds } from '../../../base/durations.ts';
import { formatMoment } from '../../../base/moments.ts';
import type { Model } from '../../../model/model.ts';
import { type Diagnosis, lastedSeconds } from '../../../rules/engine/diagnosis.ts';
import type { Remedy } from '../../../rules/engine/rule.ts';
import { clean } from '../../text.ts';
import { paragraph } from '../pages/fields.ts';
import { subjectSpans } from '../pages/subjects.ts';
import type { Theme } from '../theme/theme.ts';
import { type Tone, toneOf } from '../theme/tones.ts';
import { frameOf, frameSides } from './frame.ts';
import { type Line, lineWidth, type Span, span } from './line.ts';
import { wrapSpans } from './wrap-spans.ts';

/** Columns of a label. */
const labelWidth = 11;
/** Below this width a command has no room beside the labels. */
const roomyWidth = 60;
/** Text in fewer columns than this is unreadable. */
const leastText = 12;
/** Things of each kind that are named. */
const maxEach = 3;

/** Columns for the count of hidden lines. */
const countWidth = 14;

/** Lines that belong together. */
interface Part {
  readonly lines: readonly Line[];
  /** Without room for all, lower ones are shown first; the order on the screen stays. */
  readonly rank: number;
}

interface CauseInput {
  readonly model: Model;
  readonly finding: Diagnosis;
  readonly theme: Theme;
  /** With its title; without where the list beside it has it whole. */
  readonly titled: boolean;
}

/**
 * A finding opened beside the list: the sentence, what it is about, what to do, why it is known, what it is not, since when. The
 * first command is the last thing to give way.
 */
export function causeParts({ model, finding, theme, titled }: CauseInput, width: number): Part[] {
  const { title, summary, subjects, evidence, ruledOut, remedies } = finding;
  const was = wasText(finding, model, theme);
  const first = Math.max(
    0,
    remedies.findIndex(({ command }) => command !== null),
  );
  const about = subjectSpans(model, subjects, maxEach);
  return [
    { lines: was === null ? [] : paragraph(was, width, 'good'), rank: 1 },
    { lines: titled ? paragraph(title, width, 'strong') : [], rank: 1 },
    { lines: paragraph(summary, width), rank: 3 },
    { lines: aboutLines(about, width, theme), rank: 4 },
    ...remedies.flatMap((remedy, index) =>
      remedyParts(remedy, index === 0 ? (was === null ? 'do' : 'was to do') : '', index === first, width),
    ),
    {
      lines: evidence.flatMap((one, index) => evidenceLines(one, index === 0 ? 'why' : '', width)),
      rank: 6,
    },
    {
      lines: ruledOut.flatMap(({ id, because }, index) =>
        labelled(index === 0 ? 'ruled out' : '', `${id}: ${because}`, width),
      ),
      rank: 7,
    },
    { lines: historyLines(finding, model, theme, width), rank: 8 },
  ];
}

/** Before the sentences of a finding that is over, which are in the present tense: that they are of before, and until when they held. */
export function wasText({ lifecycle }: Diagnosis, { at }: Model, { zone }: Theme): string | null {
  if (lifecycle === undefined || lifecycle.state !== 'resolved' || lifecycle.goneAt === null) return null;
  const until = formatMoment(lifecycle.goneAt, at, zone);
  return `Until ${until}, for ${formatSeconds(lastedSeconds(lifecycle))}, it was so:`;
}

/** Rows of the parts without which the way out is not understood, and of all. */
export function causeHeights(parts: readonly Part[]): { readonly least: number; readonly all: number } {
  const sum = (some: readonly Part[]): number => some.reduce((rows, { lines }) => rows + lines.length, 0);
  return { least: sum(parts.filter(({ rank }) => rank <= 4)), all: sum(parts) };
}

/** The parts in that many rows; of a part that is cut, the first lines are shown. */
function fitParts(parts: readonly Part[], room: number): { readonly lines: Line[]; readonly hidden: number } {
  const shown = parts.map(() => 0);
  let left = Math.max(0, room);
  const order = parts.map((_, index) => index).sort((a, b) => (parts[a]?.rank ?? 0) - (parts[b]?.rank ?? 0));
  for (const index of order) {
    shown[index] = Math.min(left, parts[index]?.lines.length ?? 0);
    left -= shown[index] ?? 0;
  }
  const hidden = parts.reduce((sum, { lines }, index) => sum + lines.length - (shown[index] ?? 0), 0);
  const lines = parts.flatMap((part, index) => cut(part.lines, shown[index] ?? 0));
  return { lines, hidden };
}

/** The first lines; the last of them says that there is more. */
function cut(lines: readonly Line[], count: number): readonly Line[] {
  const last = lines[count - 1];
  return count === 0 || count >= lines.length || last === undefined
    ? lines.slice(0, count)
    : [...lines.slice(0, count - 1), [...last, span('…', 'dim')]];
}

export interface CausePanelInput extends CauseInput {
  readonly width: number;
  readonly height: number;
  readonly bare: boolean;
  /** Below the findings, without a title of its own. */
  readonly joined: boolean;
}

export function causePanelRows({ width, height, bare, joined, ...input }: CausePanelInput): Line[] {
  const { finding, theme } = input;
  const parts = causeParts(input, causeWidth(width));
  const { lines, hidden } = fitParts(parts, height - (joined ? 0 : bare ? 1 : 2));
  // Without a title, by a frame of which the title is cut away.
  const rows = frameOf({
    title: 'Cause',
    summary: [standing(finding, input.model)],
    lines: lines.map((line) => ({ line: bare ? [span(' '), ...line] : line })),
    height: joined ? height + 1 : height,
    // The count of what is hidden never covers a command.
    hidden: bare && isCommand(lines.at(-1) ?? []) && lineWidth(lines.at(-1) ?? []) + countWidth > width ? 0 : hidden,
    width,
    bare,
    theme,
  });
  return joined ? rows.slice(1) : rows;
}

/** How bad and how sure, while it is found; otherwise that its sentences are of before: a fault that has just cleared must not look like one. */
function standing(finding: Diagnosis, { at }: Model): Span {
  const { severity, confidence, lifecycle } = finding;
  if (lifecycle === undefined || lifecycle.state === 'found')
    return span(`${severity}, ${confidence}`, toneOf(finding));
  if (lifecycle.state === 'resolved') return span('resolved', 'dim');
  return span(lifecycle.state === 'unjudged' ? 'unknown now' : clearingText(lifecycle.goneAt ?? at, at), 'dim');
}

/** `clearing (4.9s)`: not found for so long, and not yet called resolved. */
export function clearingText(goneAt: number, at: number): string {
  return `clearing (${formatSeconds(Math.max(0, at - goneAt) / 1000)})`;
}

const isCommand = (line: Line): boolean => line.some(({ tone }) => tone === 'key');

/** Columns of the text of a panel. */
export const causeWidth = (width: number): number => Math.max(leastText, width - frameSides);

/** The sentence with its risk, and below it the command alone, whole, so that it can be copied. */
function remedyParts({ text, command, risk }: Remedy, label: string, isFirst: boolean, width: number): Part[] {
  const tone: Tone = risk === 'high' ? 'warning' : 'plain';
  return [
    { lines: labelled(label, withRisk({ text, command, risk }), width, tone), rank: isFirst ? 2 : 5 },
    ...(command === null ? [] : [{ lines: commandLines(command, width), rank: isFirst ? 0 : 5 }]),
  ];
}

/** Below the sentence; on a narrow screen with all of the width. */
function commandLines(command: string, width: number): Line[] {
  return width < roomyWidth ? paragraph(command, width, 'key', 2) : labelled('', command, width, 'key');
}

/** The sentence, and how risky the command is. Advice without a command has nothing to warn of. */
export function withRisk({ text, command, risk }: Remedy): string {
  return command === null && risk === 'none' ? text : `${text} ${riskWords[risk]}`;
}

const riskWords: Readonly<Record<Remedy['risk'], string>> = {
  none: '(no risk)',
  low: '(low risk)',
  high: '(high risk)',
};

function evidenceLines({ text, source }: Diagnosis['evidence'][number], label: string, width: number): Line[] {
  const lines = labelled(label, text, width);
  const last = lines.at(-1) ?? [];
  const from = span(clean(`  ${source}`), 'dim');
  // The source follows the text where it has room.
  return lineWidth([...last, from]) <= width
    ? [...lines.slice(0, -1), [...last, from]]
    : [...lines, ...labelled('', source, width, 'dim')];
}

/** As many whole things on a line as fit. */
function aboutLines(things: Line, width: number, { glyphs }: Theme): Line[] {
  const separator = span(` ${glyphs.dot} `);
  const room = Math.max(leastText, width - labelWidth);
  const lines: Span[][] = [];
  for (const thing of things) {
    const last = lines.at(-1);
    if (last === undefined || lineWidth([...last, separator, thing]) > room) lines.push([thing]);
    else last.push(separator, thing);
  }
  return lines.flatMap((line, index) => labelledSpans(index === 0 ? 'about' : '', line, width));
}

function historyLines({ since, lifecycle }: Diagnosis, { at }: Model, { zone }: Theme, width: number): Line[] {
  const began = lifecycle?.openedAt ?? since;
  const gone = lifecycle?.goneAt ?? null;
  const texts = [
    ...(since === null ? [] : [formatMoment(since, at, zone)]),
    ...(since === null && began !== null ? [`first found ${formatMoment(began, at, zone)}`] : []),
    ...(lifecycle?.state === 'settling' && gone !== null ? [`not found since ${formatMoment(gone, at, zone)}`] : []),
    ...(lifecycle?.state === 'resolved' && gone !== null ? [`resolved ${formatMoment(gone, at, zone)}`] : []),
  ];
  return texts.length === 0 ? [] : labelled('since', texts.join(', '), width);
}

function labelled(label: string, text: string, width: number, tone: Tone = 'plain'): Line[] {
  return labelledSpans(label, [span(text, tone)], width);
}

function labelledSpans(label: string, text: Line, width: number): Line[] {
  return wrapSpans(text, width - labelWidth).map((line, index) => [
    span((index === 0 ? label : '').padEnd(labelWidth), 'title'),
    ...line,
  ]);
}
