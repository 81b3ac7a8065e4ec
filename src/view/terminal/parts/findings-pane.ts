import { plural } from '../../../base/counts.ts';
import type { Diagnosis } from '../../../rules/engine/diagnosis.ts';
import { allFindings, type Verdicts } from '../../../rules/engine/run.ts';
import { findingTrees } from '../../finding-trees.ts';
import { clean, fitText } from '../../text.ts';
import { filteredFindings } from '../state/filtered-findings.ts';
import type { ViewState } from '../state/state.ts';
import type { Theme } from '../theme/theme.ts';
import { filterLine } from './filter-line.ts';
import { findingsLines, severityWidth, titleRows, wholeFindingsLines } from './findings-lines.ts';
import { type FrameInput, type FrameLine, frameOf, frameRows, sidesOf } from './frame.ts';
import { type Line, span } from './line.ts';

export interface FindingsPaneInput {
  readonly verdicts: Verdicts;
  readonly state: ViewState;
  /** Now, by the node's clock. */
  readonly at: number;
  /** A fault of rtwatch itself or of its data source. */
  readonly trouble: string | null;
  readonly width: number;
  readonly height: number;
  readonly bare: boolean;
  readonly theme: Theme;
  /** The finding that is shown is opened beside the list or below it. */
  readonly opened: boolean;
}

/** The findings, worst first. Of one row: their title, with what there is to say when nothing is found. */
export function findingsPaneRows(input: FindingsPaneInput): Line[] {
  return input.height <= 0 ? [] : frameOf(findingsFrame(input));
}

/** The same before it is drawn. */
export function findingsFrame(input: FindingsPaneInput): FrameInput {
  return drawn(input).frame;
}

function drawn(input: FindingsPaneInput): { readonly frame: FrameInput; readonly isTitleWhole: boolean } {
  const { state, at, trouble, width, height, bare, theme, opened } = input;
  const { verdicts, trouble: badFilter } = filteredFindings(input.verdicts, state);
  const inner = width - sidesOf(bare);
  const focused = state.findingsPane.focused === true;
  const above = linesAbove(input.verdicts, verdicts, trouble);
  const room = Math.max(1, height - frameRows(bare) - above.length);
  const shown = shownIn(verdicts, state)?.key ?? null;
  const all = allFindings(verdicts).length;
  const { lines, named, isTitleWhole } = findingsLines({
    // Folded, until the reader goes through them.
    chosen: isBrowsed(state) ? shown : null,
    verdicts,
    shown,
    focused,
    opened,
    at,
    width: inner,
    room,
    theme,
  });
  const frame: FrameInput = {
    title: 'Findings',
    summary: [
      ...filterPart(input, all, badFilter),
      ...(height === 1 && trouble === null && input.verdicts.findings.length === 0
        ? calm(verdicts)
        : summaryOf(input.verdicts)),
    ],
    lines: [...above, ...lines],
    hidden: all - named,
    width,
    height,
    bare,
    theme,
    focused: focused && state.page === null,
  };
  return { frame, isTitleWhole };
}

/** The finding that is opened beside the list: the selected one, by itself the first. Null when nothing is found. */
export function shownFinding(verdicts: Verdicts, state: ViewState): Diagnosis | null {
  return shownIn(filteredFindings(verdicts, state).verdicts, state);
}

/** Among those that the filter leaves. */
function shownIn(verdicts: Verdicts, { findingsPane: { chosen } }: ViewState): Diagnosis | null {
  const all = allFindings(verdicts);
  return all.find(({ key }) => key === chosen) ?? verdicts.findings[0] ?? null;
}

/** Lines that the pane would fill, on a low screen with what is wrong only; 0 when its title says all. */
export function findingsWant(whole: Verdicts, state: ViewState, trouble: string | null, isLow: boolean): number {
  const { verdicts } = filteredFindings(whole, state);
  const isMinor = ({ severity, lifecycle }: Diagnosis): boolean =>
    severity === 'info' || lifecycle?.state === 'resolved';
  const all = allFindings(verdicts);
  const minor = isLow ? 0 : all.filter(isMinor).length;
  const listed = isBrowsed(state) ? all.filter((finding) => !isMinor(finding)).length : treeLines(verdicts);
  return linesAbove(whole, verdicts, trouble).length + Math.max(listed + minor, Math.min(1, verdicts.findings.length));
}

/** The reader went through the findings: then none is folded. */
function isBrowsed({ findingsPane: { focused, chosen } }: ViewState): boolean {
  return focused === true && chosen !== null;
}

/** A line for each cause, and for each consequence that is not only counted there. */
function treeLines({ findings }: Verdicts): number {
  const trees = findingTrees(findings.filter(({ severity }) => severity !== 'info'));
  return trees.reduce((sum, { effects, isFolded }) => sum + 1 + (isFolded ? 0 : effects.length), 0);
}

/** Whether the pane has the whole title of the finding that is shown. */
export function showsWholeTitle(input: FindingsPaneInput): boolean {
  return drawn(input).isTitleWhole;
}

/** Rows that the whole title of the finding that is shown takes; 0 without one. */
export function shownTitleRows(input: Omit<FindingsPaneInput, 'height'>): number {
  const { verdicts, state, at, width, bare, theme } = input;
  const finding = shownFinding(verdicts, state);
  return finding === null ? 0 : titleRows(finding, { verdicts, at, theme, width: width - sidesOf(bare) });
}

/** Lines that the pane would fill with every title whole. */
export function wholeFindings(input: Omit<FindingsPaneInput, 'height' | 'opened'>): number {
  const { state, at, trouble, width, bare, theme } = input;
  const { verdicts } = filteredFindings(input.verdicts, state);
  const shown = shownIn(verdicts, state)?.key ?? null;
  const lines = wholeFindingsLines({
    verdicts,
    shown,
    at,
    theme,
    focused: false,
    chosen: isBrowsed(state) ? shown : null,
    width: width - sidesOf(bare),
  });
  return linesAbove(input.verdicts, verdicts, trouble).length + lines;
}

function linesAbove(whole: Verdicts, kept: Verdicts, trouble: string | null): FrameLine[] {
  const { findings, resolved = [] } = whole;
  const isHidden = allFindings(whole).length > 0 && allFindings(kept).length === 0;
  return [
    ...(trouble === null ? [] : [{ line: [span(fitText('rtwatch', severityWidth), 'warning'), span(clean(trouble))] }]),
    ...(findings.length > 0 || resolved.length === 0 || trouble !== null
      ? []
      : [{ line: [span('nothing found now', 'good')] }]),
    ...(isHidden ? [{ line: [span('no finding matches the filter', 'dim')] }] : []),
  ];
}

/** `/web · 1 of 7 · `: a filter that is kept must not look like a node that is well. */
function filterPart({ verdicts, state }: FindingsPaneInput, shown: number, trouble: string | null): Line {
  const { filter, focused } = state.findingsPane;
  const isTyping = state.typing && state.time === null && state.page === null && focused === true;
  const line = filterLine(filter, trouble, isTyping);
  if (line.length === 0) return [];
  return [...line, span(' · ', 'dim'), span(`${shown} of ${allFindings(verdicts).length}`, 'dim'), span(' · ', 'dim')];
}

function calm({ unknown }: Verdicts): Line {
  return unknown.length === 0
    ? [span('nothing found', 'good')]
    : [
        span('nothing found so far; ', 'dim'),
        span(`${unknown.length} ${plural(unknown.length, 'check is', 'checks are')} waiting for data`, 'dim'),
      ];
}

/** `2 critical · 1 warning`; of a node without either what else is listed: a title must not look like one that counts nothing. */
function summaryOf({ findings, resolved = [] }: Verdicts): Line {
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  const critical = count('critical');
  const warning = count('warning');
  if (critical + warning === 0) {
    const info = count('info');
    const parts = [
      ...(info > 0 ? [`${info} info`] : []),
      ...(resolved.length > 0 ? [`${resolved.length} resolved`] : []),
    ];
    return parts.length === 0 ? [] : [span(parts.join(' · '), 'dim')];
  }
  return [
    ...(critical > 0 ? [span(`${critical} critical`, 'critical')] : []),
    ...(critical > 0 && warning > 0 ? [span(' · ', 'dim')] : []),
    ...(warning > 0 ? [span(`${warning} ${plural(warning, 'warning', 'warnings')}`, 'warning')] : []),
  ];
}
