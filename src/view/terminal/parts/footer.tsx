import { formatBytes } from '../../../base/bytes.ts';
import { formatPercent } from '../../../base/percent.ts';
import type { TimelineView } from '../../../timeline/timeline-view.ts';
import { clean, wrapText } from '../../text.ts';
import type { Connection } from '../connection.ts';
import { type KeyBinding, keyBindings } from '../keys.ts';
import { filterOf, type ViewState } from '../state.ts';
import { fitLine, type Line, lineWidth, type Span, span, spread } from './line.tsx';

/** More lines than this no message takes. */
const maxMessageLines = 4;

/** The keys, or what there is to say instead, and what watching costs. A message gets the lines it needs: it may end in a path. */
export function footerLines(
  state: ViewState,
  { selfCost }: Connection,
  columns: number,
  timeline: TimelineView | null = null,
): Line[] {
  if (state.message !== null) {
    const tone = state.message.tone === 'plain' ? 'strong' : state.message.tone;
    return wrapText(clean(state.message.text), columns - 2)
      .slice(0, maxMessageLines)
      .map((text) => fitLine([span(' '), span(text, tone)], columns));
  }
  const cost: Line =
    selfCost === null
      ? []
      : [span(` self ${formatPercent(selfCost.cpuPercent)} ${formatBytes(selfCost.rssBytes)} `, 'dim')];
  const left = state.typing ? filterLine(state) : hintLine(state, timeline, columns - lineWidth(cost) - 1);
  return [spread([span(' '), ...left], cost, columns)];
}

function filterLine(state: ViewState): Line {
  if (state.time !== null) {
    return [
      span('go to: ', 'dim'),
      span(`${clean(state.time)}_`, 'strong'),
      span('  12:00:05 · -5m · 50%  Enter go · Esc stay', 'dim'),
    ];
  }
  return [
    span(state.search === null ? 'filter: ' : 'search: ', 'dim'),
    span(`${clean(filterOf(state))}_`, 'strong'),
    span('  Enter keep · Esc drop', 'dim'),
  ];
}

/** Whole hints only: half a word helps nobody. Help and quit come last in the table and are never left out. */
function hintLine(state: ViewState, timeline: TimelineView | null, width: number): Line {
  const hints = bindingsOf(state, timeline).flatMap((binding): Line[] => {
    const word = wordOf(binding, state, timeline);
    return word === null ? [] : [[span(binding.shown.split(' ')[0] ?? '', 'key'), span(` ${word}`)]];
  });
  const separator = span(' · ', 'dim');
  const last = hints.splice(-2);
  const joined = (): Span[] =>
    [...hints, ...last].flatMap((hint, index) => (index === 0 ? hint : [separator, ...hint]));
  while (hints.length > 0 && lineWidth(joined()) > width) hints.pop();
  return joined();
}

/** While a page is searched, going through the matches comes first; in the past over the panes, what moves in time. */
function bindingsOf({ search, overlay }: ViewState, timeline: TimelineView | null): readonly KeyBinding[] {
  const isFirst = ({ command, inPast }: KeyBinding): boolean => {
    if (search !== null) return command === 'next-match' || command === 'previous-match';
    return timeline !== null && overlay === null && inPast !== undefined;
  };
  return [...keyBindings.filter(isFirst), ...keyBindings.filter((binding) => !isFirst(binding))];
}

/** What a key is called where the person is; null when it does nothing there, or there is no word for it. */
function wordOf(binding: KeyBinding, { overlay, search }: ViewState, timeline: TimelineView | null): string | null {
  const { command, short, inPage, inPast, pages, only } = binding;
  const isReplay = timeline?.kind === 'replay';
  if (only === (isReplay ? 'live' : 'replay')) return null;
  if (isReplay && command === 'pause' && overlay === null) return timeline.status === 'playing' ? 'pause' : 'play';
  if (timeline !== null && overlay === null && inPast !== undefined) return inPast;
  if (search !== null && command === 'next-match') return 'next';
  if (search !== null && command === 'previous-match') return 'previous';
  // The list of goroutine groups is filtered as a pane is.
  const isList = overlay?.kind === 'goroutines' && !overlay.opened;
  if (overlay === null || (isList && command === 'filter')) return short ?? null;
  return pages === undefined || pages.includes(overlay.kind) ? (inPage ?? null) : null;
}
