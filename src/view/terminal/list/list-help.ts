import { wrapText } from '../../text.ts';
import { type Line, span } from '../parts/line.ts';
import { listKeys } from './list-keys.ts';

/** Columns of the keys; a line with more keys takes more. */
const keysWidth = 20;

/** The help page, made from the table of keys. */
export function listHelpLines(width: number): Line[] {
  const groups = [...Map.groupBy(listKeys, ({ help }) => help)];
  const keys = groups.flatMap(([help, bindings]) =>
    entryLines(bindings.map(({ shown }) => shown).join(' '), help, width),
  );
  const mouse = entryLines('click', 'select a row, a pane; sort by a heading; twice: open', width);
  return [...keys, ...mouse, ...entryLines('wheel', 'move in the pane', width)];
}

function entryLines(keys: string, help: string, width: number): Line[] {
  const label = `${keys.padEnd(keysWidth - 1)} `;
  return wrapText(help, Math.max(12, width - label.length)).map((text, index) => [
    span(index === 0 ? label : ' '.repeat(label.length), 'key'),
    span(text),
  ]);
}
