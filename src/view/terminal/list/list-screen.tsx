import { Box } from 'ink';
import type { ReactNode } from 'react';
import { clean, wrapText } from '../../text.ts';
import { frameOf } from '../parts/frame.ts';
import { fitLine, type Line, lineWidth, paintLine, span } from '../parts/line.ts';
import { Painted } from '../parts/painted.tsx';
import { tooSmallLines } from '../parts/too-small.ts';
import { listKeys } from './list-keys.ts';
import { type ListScreenProps, listBlocks } from './list-layout.ts';
import { type ListState, paneStateOf } from './list-state.ts';

/** The most lines of a message. */
const mostMessage = 4;

/** A list of nodes: a function of what is known and of the reader's choices. */
export function ListScreen(props: ListScreenProps): ReactNode {
  const { size, theme } = props;
  const text = (tooSmallLines(size) ?? listLines(props)).map((line) => paintLine(line, theme)).join('\n');
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Painted text={text} />
    </Box>
  );
}

function listLines(props: ListScreenProps): Line[] {
  const { size, header, state } = props;
  const { columns, rows } = size;
  const filled = [
    ...header.map((line) => fitLine(line, columns)),
    ...listBlocks(props).flatMap(({ frame }) => frameOf(frame)),
  ].slice(0, rows - 1);
  const blank = Array.from({ length: Math.max(0, rows - 1 - filled.length) }, (): Line => [span(' ')]);
  const above = [...filled, ...blank];
  const message = messageLines(state, columns);
  // A message covers the last rows, and nothing else moves.
  return [...above.slice(0, Math.max(1, above.length - message.length)), ...message, footerLine(state, columns)];
}

function messageLines({ message }: ListState, columns: number): Line[] {
  if (message === null) return [];
  return wrapText(clean(message.text), columns - 2)
    .slice(0, mostMessage)
    .map((text) => fitLine([span(' '), span(text, message.tone === 'plain' ? 'strong' : message.tone)], columns));
}

function footerLine(state: ListState, columns: number): Line {
  if (state.typing) {
    const { filter } = paneStateOf(state, state.focus);
    const hint = span('  words, or /regex/ · Enter apply · Esc clear', 'dim');
    return fitLine([span(' filter: ', 'dim'), span(`${clean(filter)}_`, 'strong'), hint], columns);
  }
  if (state.sorting) {
    const text = 'the underlined letter of a heading, again to reverse';
    return fitLine([span(' sort by: ', 'dim'), span(text), span('  s next column · Esc done', 'dim')], columns);
  }
  return fitLine([span(' '), ...hintsOf(state, columns - 1)], columns);
}

/** Whole hints only; help and quit are never omitted. */
function hintsOf({ page }: ListState, columns: number): Line {
  const isThere = (command: string): boolean => page === null || command === 'help' || command === 'quit';
  const hints = listKeys.flatMap(({ shown, short, command }): Line[] =>
    short === undefined || !isThere(command) ? [] : [[span(shown.split(' ')[0] ?? '', 'key'), span(` ${short}`)]],
  );
  const back: Line[] = page === null ? [] : [[span('Esc', 'key'), span(' back')]];
  const last = hints.splice(-2);
  const joined = (some: readonly Line[]): Line =>
    some.flatMap((hint, index) => (index === 0 ? hint : [span(' · ', 'dim'), ...hint]));
  while (hints.length > 0 && lineWidth(joined([...back, ...hints, ...last])) > columns) hints.pop();
  return joined([...back, ...hints, ...last]);
}
