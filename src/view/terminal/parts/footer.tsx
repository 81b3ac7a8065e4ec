import { formatBytes, formatPercent } from '../../format.ts';
import { clean, wrapText } from '../../text.ts';
import type { Connection } from '../connection.ts';
import { keyBindings } from '../keys.ts';
import { filterOf, type ViewState } from '../state.ts';
import { fitLine, type Line, lineWidth, type Span, span, spread } from './line.tsx';

/** More lines than this no message takes. */
const maxMessageLines = 4;

/** The keys, or what there is to say instead, and what watching costs. A message gets the lines it needs: it may end in a path. */
export function footerLines(state: ViewState, { selfCost }: Connection, columns: number): Line[] {
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
  const left = state.typing ? filterLine(state) : hintLine(columns - lineWidth(cost) - 1);
  return [spread([span(' '), ...left], cost, columns)];
}

function filterLine(state: ViewState): Line {
  return [
    span('filter: ', 'dim'),
    span(`${clean(filterOf(state))}_`, 'strong'),
    span('  Enter keep · Esc drop', 'dim'),
  ];
}

/** Whole hints only: half a word helps nobody. Help and quit come last in the table and are never left out. */
function hintLine(width: number): Line {
  const hints = keyBindings.flatMap(({ shown, short }): Line[] =>
    short === undefined ? [] : [[span(shown.split(' ')[0] ?? '', 'key'), span(` ${short}`)]],
  );
  const separator = span(' · ', 'dim');
  const last = hints.splice(-2);
  const joined = (): Span[] =>
    [...hints, ...last].flatMap((hint, index) => (index === 0 ? hint : [separator, ...hint]));
  while (hints.length > 0 && lineWidth(joined()) > width) hints.pop();
  return joined();
}
