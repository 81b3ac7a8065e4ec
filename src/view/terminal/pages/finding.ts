import { formatTimes } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import { formatMoment } from '../../../base/moments.ts';
import type { Model } from '../../../model/model.ts';
import type { Diagnosis } from '../../../rules/engine/diagnosis.ts';
import { lastedSeconds } from '../../../rules/engine/diagnosis.ts';
import type { Finding, Remedy } from '../../../rules/engine/rule.ts';
import { allFindings, type Unknown, type Verdicts } from '../../../rules/engine/run.ts';
import { wasText, withRisk } from '../parts/cause-panel.ts';
import { keyHint, type Line, span, type Target } from '../parts/line.ts';
import { wrapSpans } from '../parts/wrap-spans.ts';
import type { Theme } from '../theme/theme.ts';
import { toneOf } from '../theme/tones.ts';
import { causeLines } from './cause-tree.ts';
import { field, paragraph } from './fields.ts';
import { subjectLines } from './subjects.ts';

/** The reader's choices on a finding page. */
export interface FindingPage {
  /** See `rules/engine/finding-identity.ts`. */
  readonly key: string;
  /** The selected command or link: see `chosenOf`. */
  readonly chosen: number;
}

/** A finding page: what, about what, what to do, why it is known, what it is not, since when. */
export function findingLines(
  { model, verdicts, theme, width }: { model: Model; verdicts: Verdicts; theme: Theme; width: number },
  page: FindingPage,
): Line[] {
  const finding = findingOf(verdicts, page.key);
  if (finding === null) return paragraph('no longer found: its subject has changed or is gone', width, 'dim');
  const isOver = finding.lifecycle?.state === 'resolved';
  const before = wasText(finding, model, theme) ?? beforeText(finding, model.at);
  return [
    ...(before === null ? [] : paragraph(before, width, isOver ? 'good' : 'dim')),
    ...paragraph(finding.title, width, 'strong'),
    ...paragraph(finding.summary, width),
    // Before all that can be long: on a small screen the command is in sight.
    ...section(isOver ? 'what there was to do' : 'what to do', remedyLines(finding, width)),
    ...section('about', subjectLines(model, finding.subjects, width)),
    ...section('cause and effect', causeLines(verdicts.findings, finding, theme, width)),
    ...section(
      'evidence',
      finding.evidence.flatMap(({ source, text, at }) => [
        ...paragraph(text, width, 'plain', 2),
        ...paragraph(
          at === undefined ? source : `${source}, ${formatMoment(at, model.at, theme.zone)}`,
          width,
          'dim',
          4,
        ),
      ]),
    ),
    ...section(
      'ruled out',
      finding.ruledOut.flatMap(({ id, because }) => field(`  ${id}`, because, width)),
    ),
    ...section('history', [
      ...field('  severity', `${finding.severity}, ${finding.confidence}`, width, toneOf(finding)),
      ...historyLines(finding, model, theme, width),
    ]),
    ...section(
      'unknown',
      verdicts.unknown.filter(({ matters }) => matters).flatMap((unknown) => unknownLines(unknown, width)),
    ),
    ...section(
      'references',
      finding.references.flatMap((reference) => paragraph(reference, width, 'plain', 2)),
    ),
  ];
}

/** That the sentences below are of before; null while it is found, and when it is over. */
function beforeText({ lifecycle }: Diagnosis, at: number): string | null {
  switch (lifecycle?.state) {
    case 'settling':
      return `Not found for ${formatSeconds(Math.max(0, at - (lifecycle.goneAt ?? at)) / 1000)}. While it was found:`;
    case 'unjudged':
      return 'Unknown now: what it is judged by is missing. When it was last found:';
    default:
      return null;
  }
}

/** The finding with that key, found or resolved. */
export function findingOf(verdicts: Verdicts, key: string): Diagnosis | null {
  return allFindings(verdicts).find((finding) => finding.key === key) ?? null;
}

/** The first command of the finding; null when it has none. */
export function commandOf({ remedies }: Finding): string | null {
  return commandsOf(remedies)[0] ?? null;
}

const commandsOf = (remedies: readonly Remedy[]): string[] =>
  remedies.flatMap(({ command }) => (command === null ? [] : [command]));

/** A start that is worked out from an age is moved by rounding from poll to poll. */
const roundingMs = 2000;

/** Since when it is so, and what happened to it since it was first found. */
function historyLines(
  { lifecycle, since }: Diagnosis,
  { at }: Pick<Model, 'at'>,
  { zone }: Theme,
  width: number,
): Line[] {
  const sinceLines = field('  since', since === null ? 'unknown' : formatMoment(since, at, zone), width);
  if (lifecycle === undefined) return sinceLines;
  const { openedAt, state, goneAt, changes, returns } = lifecycle;
  const gone = goneAt === null ? '' : formatMoment(goneAt, at, zone);
  return [
    ...sinceLines,
    ...(since !== null && since - openedAt < roundingMs
      ? []
      : field('  first found', formatMoment(openedAt, at, zone), width)),
    ...changes.flatMap((change) =>
      field('  changed', `from ${change.from} to ${change.to}, ${formatMoment(change.at, at, zone)}`, width),
    ),
    ...(returns === 0 ? [] : field('  came back', formatTimes(returns), width, 'warning')),
    ...(state === 'settling' ? field('  now', `clearing: not found since ${gone}; it may come back`, width) : []),
    ...(state === 'unjudged' ? field('  now', 'cannot be judged: see unknown below', width, 'warning') : []),
    ...(state === 'resolved'
      ? field('  resolved', `${gone}, lasted ${formatSeconds(lastedSeconds(lifecycle))}`, width, 'good')
      : []),
  ];
}

function unknownLines({ id, because, remedy }: Unknown, width: number): Line[] {
  return [
    ...paragraph(`${id}: ${because}`, width, 'warning', 2),
    ...(remedy === undefined ? [] : paragraph(`to find out: ${remedy}`, width, 'plain', 4)),
  ];
}

/** Each remedy: the sentence with its risk, then the command alone on its line, so that it can be copied whole. */
function remedyLines({ remedies }: Finding, width: number): Line[] {
  const count = commandsOf(remedies).length;
  const lines = remedies.flatMap(({ text, command, risk }): Line[] => [
    ...paragraph(withRisk({ text, command, risk }), width, risk === 'high' ? 'warning' : 'plain', 2),
    ...(command === null ? [] : commandLines(command, width)),
  ]);
  if (count === 0) return lines;
  return [...lines, [keyHint(count > 1 ? '  Tab select a command · y copy it' : '  y copy the command')]];
}

function commandLines(command: string, width: number): Line[] {
  const target: Target = { to: 'command', text: command };
  return wrapSpans([{ ...span(command, 'key'), target }], width, 4);
}

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [[], [span(title, 'title')], ...lines];
}
