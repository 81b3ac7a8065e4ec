import { formatTimes } from '../../../base/counts.ts';
import { formatSeconds } from '../../../base/durations.ts';
import { formatMoment } from '../../../base/moments.ts';
import type { Model } from '../../../model/model.ts';
import type { Diagnosis } from '../../../rules/engine/diagnosis.ts';
import { lastedSeconds } from '../../../rules/engine/diagnosis.ts';
import type { Finding, Remedy } from '../../../rules/engine/rule.ts';
import { toldFindings, type Unknown, type Verdicts } from '../../../rules/engine/run.ts';
import { type Line, span } from '../parts/line.tsx';
import type { Look } from '../theme.ts';
import type { Tone } from '../tones.ts';
import { causeLines } from './cause-tree.ts';
import { chainLines } from './chain.ts';
import { field, paragraph } from './fields.ts';

/** What the person chose on the page of a finding. */
export interface FindingPage {
  /** See `rules/engine/finding-identity.ts`. */
  readonly key: string;
  /** Which of its commands `y` copies: any whole number, counted round. */
  readonly chosenCommand: number;
}

/** A finding from its sentence to its references, in the order in which one asks: what, since when, why, what now. */
export function findingLines(
  { model, verdicts, look, width }: { model: Model; verdicts: Verdicts; look: Look; width: number },
  page: FindingPage,
): Line[] {
  const finding = findingOf(verdicts, page.key);
  if (finding === null)
    return paragraph('it is not found any more: what it was about has changed or ended', width, 'dim');
  return [
    ...paragraph(finding.title, width, 'strong'),
    ...paragraph(finding.summary, width),
    [],
    ...field('severity', `${finding.severity}, ${finding.confidence}`, width, toneOf(finding)),
    ...field('since', finding.since === null ? 'not known' : formatMoment(finding.since, model.at, look.zone), width),
    ...lifecycleLines(finding, model, look, width),
    ...section('cause and effect', causeLines(verdicts.findings, finding, look, width)),
    ...section('what hangs on what', chainLines(model, finding.subjects, look, width)),
    ...section(
      'evidence',
      finding.evidence.flatMap(({ source, text, at }) => [
        ...paragraph(text, width, 'plain', 2),
        ...paragraph(
          at === undefined ? source : `${source}, ${formatMoment(at, model.at, look.zone)}`,
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
    ...section('what to do', remedyLines(finding, page.chosenCommand, look, width)),
    ...section(
      'not told',
      verdicts.unknown.filter(({ matters }) => matters).flatMap((unknown) => unknownLines(unknown, width)),
    ),
    ...section(
      'read more',
      finding.references.flatMap((reference) => paragraph(reference, width, 'plain', 2)),
    ),
  ];
}

/** The finding of that key, also one that is over. */
export function findingOf(verdicts: Verdicts, key: string): Diagnosis | null {
  return toldFindings(verdicts).find((finding) => finding.key === key) ?? null;
}

/** The command that is chosen among those of the finding; null when it has none. */
export function chosenCommandOf({ remedies }: Finding, chosenCommand: number): string | null {
  const commands = commandsOf(remedies);
  return commands[indexOf(chosenCommand, commands.length)] ?? null;
}

const commandsOf = (remedies: readonly Remedy[]): string[] =>
  remedies.flatMap(({ command }) => (command === null ? [] : [command]));

const indexOf = (chosen: number, count: number): number => (count === 0 ? 0 : ((chosen % count) + count) % count);

/** What became of it since it was first found. */
function lifecycleLines({ lifecycle, since }: Diagnosis, { at }: Model, { zone }: Look, width: number): Line[] {
  if (lifecycle === undefined) return [];
  const { openedAt, state, goneAt, changes, returns } = lifecycle;
  const gone = goneAt === null ? '' : formatMoment(goneAt, at, zone);
  return [
    ...(since !== null && since <= openedAt ? [] : field('first found', formatMoment(openedAt, at, zone), width)),
    ...changes.flatMap((change) =>
      field('changed', `from ${change.from} to ${change.to}, ${formatMoment(change.at, at, zone)}`, width),
    ),
    ...(returns === 0 ? [] : field('came back', formatTimes(returns), width, 'warning')),
    ...(state === 'settling' ? field('now', `not found since ${gone}; it may come back`, width) : []),
    ...(state === 'unjudged' ? field('now', 'cannot be judged: see what was not told', width, 'warning') : []),
    ...(state === 'resolved'
      ? field('resolved', `${gone}, lasted ${formatSeconds(lastedSeconds(lifecycle))}`, width, 'good')
      : []),
  ];
}

function unknownLines({ id, because, remedy }: Unknown, width: number): Line[] {
  return [
    ...paragraph(`${id}: ${because}`, width, 'warning', 2),
    ...(remedy === undefined ? [] : paragraph(`to know it: ${remedy}`, width, 'plain', 4)),
  ];
}

/** Each remedy: the sentence with its risk, then the command alone on its line, to be read and copied whole. */
function remedyLines({ remedies }: Finding, chosenCommand: number, look: Look, width: number): Line[] {
  const count = commandsOf(remedies).length;
  const chosen = indexOf(chosenCommand, count);
  let index = 0;
  const lines = remedies.flatMap(({ text, command, risk }): Line[] => {
    const isChosen = command !== null && index++ === chosen;
    return [
      ...paragraph(`${text} ${riskWords[risk]}`, width, risk === 'high' ? 'warning' : 'plain', 2),
      ...(command === null ? [] : commandLines(command, isChosen ? look.glyphs.pointer : ' ', width)),
    ];
  });
  const hint = count > 1 ? 'Tab chooses a command · y copies it' : 'y copies the command';
  return count === 0 ? lines : [...lines, [span(`  ${hint}`, 'dim')]];
}

function commandLines(command: string, mark: string, width: number): Line[] {
  return paragraph(command, width, 'key', 4).map((line, index) =>
    index === 0 ? [span(`  ${mark} `, 'title'), ...line.slice(1)] : line,
  );
}

const riskWords: Readonly<Record<Remedy['risk'], string>> = {
  none: '(no risk)',
  low: '(low risk)',
  high: '(high risk)',
};

function section(title: string, lines: readonly Line[]): Line[] {
  return lines.length === 0 ? [] : [[], [span(title, 'title')], ...lines];
}

function toneOf({ severity }: Finding): Tone {
  return severity === 'info' ? 'plain' : severity;
}
