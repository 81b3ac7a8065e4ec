import { formatBytes } from '../../../base/bytes.ts';
import { formatPercent } from '../../../base/percent.ts';
import type { TimelineView } from '../../../timeline/timeline-view.ts';
import { clean, wrapText } from '../../text.ts';
import type { Connection } from '../connection.ts';
import { type KeyBinding, keyBindings, sideArrows } from '../keys.ts';
import { filterOf, type ViewState } from '../state/state.ts';
import type { Glyphs } from '../theme/glyphs.ts';
import { fitLine, type Line, lineWidth, span, spread } from './line.ts';

/** The most lines of a message. */
const maxMessageLines = 4;

/** What the footer is made from. */
export interface FooterInput {
  readonly state: ViewState;
  readonly connection: Connection;
  readonly columns: number;
  readonly timeline: TimelineView | null;
  /** What is selected, or the open page, is about a container. */
  readonly hasContainer: boolean;
  /** The open page has a link that Enter follows. */
  readonly hasLink: boolean;
  readonly glyphs: Glyphs;
}

/** The keys, or what is being typed, and rtwatch's own cost. */
export function footerLine(input: FooterInput): Line {
  const { state, connection, columns } = input;
  const cost = costLine(connection.selfCost);
  const left = state.typing
    ? typingLine(input)
    : state.sorting
      ? sortLine()
      : joined(hintsOf(input, columns - lineWidth(cost) - 1));
  return spread([span(' '), ...left], cost, columns);
}

/** The key of the hint that is drawn at that column, from 0; null beside the hints. */
export function hintAt(input: FooterInput, column: number): string | null {
  const room = input.columns - lineWidth(costLine(input.connection.selfCost)) - 1;
  let left = 1;
  for (const { key, line } of hintsOf(input, room)) {
    if (column < left) return null;
    left += lineWidth(line);
    if (column < left) return key;
    left += lineWidth([separator]);
  }
  return null;
}

function costLine(selfCost: Connection['selfCost']): Line {
  return selfCost === null
    ? []
    : [span(` self ${formatPercent(selfCost.cpuPercent)} ${formatBytes(selfCost.rssBytes)} `, 'dim')];
}

/** A message may take several lines: it may end in a path. */
export function messageLines({ message }: ViewState, columns: number): Line[] {
  if (message === null) return [];
  const tone = message.tone === 'plain' ? 'strong' : message.tone;
  return wrapText(clean(message.text), columns - 2)
    .slice(0, maxMessageLines)
    .map((text) => fitLine([span(' '), span(text, tone)], columns));
}

function typingLine({ state, glyphs }: Pick<FooterInput, 'state' | 'glyphs'>): Line {
  if (state.time !== null) {
    return [
      span('go to: ', 'dim'),
      span(`${clean(state.time)}_`, 'strong'),
      span('  12:00:05 · -5m · 50%  Enter go · Esc cancel', 'dim'),
    ];
  }
  if (state.page?.kind === 'palette') return [span(`Enter run · ${glyphs.upDown} choose · Esc close`, 'dim')];
  return [
    span(state.search === null ? 'filter: ' : 'search: ', 'dim'),
    span(`${clean(filterOf(state))}_`, 'strong'),
    span(
      state.search === null ? '  !word state:D /regex/ · Enter apply · Esc clear' : '  Enter apply · Esc clear',
      'dim',
    ),
  ];
}

function sortLine(): Line {
  return [
    span('sort by: ', 'dim'),
    span('the underlined letter of a heading, again to reverse'),
    span('  s next column · Esc done', 'dim'),
  ];
}

interface Hint {
  readonly key: string;
  readonly line: Line;
}

const separator = span(' · ', 'dim');

/** Whole hints only. Help and quit come last in the table and are never omitted. */
function hintsOf(input: FooterInput, width: number): Hint[] {
  const { state, timeline, glyphs } = input;
  const hints = bindingsOf(state, timeline).flatMap((binding): Hint[] => {
    const word = wordOf(binding, input);
    const [key = ''] = binding.keys;
    const [shown = ''] = binding.shown.split(' ');
    return word === null
      ? []
      : [{ key, line: [span(shown === sideArrows ? glyphs.leftRight : shown, 'key'), span(` ${word}`)] }];
  });
  const last = hints.splice(-2);
  let taken = lineWidth(joined([...hints, ...last]));
  while (hints.length > 0 && taken > width) taken -= lineWidth([separator, ...(hints.pop()?.line ?? [])]);
  return [...hints, ...last];
}

function joined(hints: readonly Hint[]): Line {
  return hints.flatMap(({ line }, index) => (index === 0 ? line : [separator, ...line]));
}

/** During a search the match keys come first; in the past, over the panes, the time keys. */
function bindingsOf({ search, page }: ViewState, timeline: TimelineView | null): readonly KeyBinding[] {
  const isFirst = ({ command, inPast }: KeyBinding): boolean => {
    if (search !== null) return command === 'next-match' || command === 'previous-match';
    return timeline !== null && page === null && inPast !== undefined;
  };
  return [...keyBindings.filter(isFirst), ...keyBindings.filter((binding) => !isFirst(binding))];
}

/** The word for a key in the current context; null if it does nothing there, or has no word. */
function wordOf(binding: KeyBinding, input: FooterInput): string | null {
  const { timeline, hasContainer, hasLink } = input;
  const { page, search } = input.state;
  const { command, short, inPage, inPast, pages, only } = binding;
  const isReplay = timeline?.kind === 'replay';
  if (only === (isReplay ? 'live' : 'replay') || (command === 'inspect' && !hasContainer)) return null;
  if (command === 'open' && page?.kind === 'details' && !hasLink) return null;
  if (isReplay && command === 'pause' && page === null) return timeline.status === 'playing' ? 'pause' : 'play';
  if (timeline !== null && page === null && inPast !== undefined) return inPast;
  if (search !== null && command === 'next-match') return 'next';
  if (search !== null && command === 'previous-match') return 'previous';
  // The list of goroutine groups has a filter, as panes do.
  const isList = page?.kind === 'goroutines' && !page.opened;
  if (page === null || (isList && command === 'filter')) return short ?? null;
  return pages === undefined || pages.includes(page.kind) ? (inPage ?? null) : null;
}
