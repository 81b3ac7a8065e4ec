import { keyBindings } from '../keys.ts';
import { type Line, span } from '../parts/line.ts';

/** Columns of the keys; a line with more keys takes more. */
const keysWidth = 12;

/** The help page, made from the table of keys. It fits on a terminal of 80 by 24. */
export function helpLines(): Line[] {
  return [
    ...[...Map.groupBy(keyBindings, ({ help }) => help)].map(([help, bindings]): Line => {
      const keys = bindings.flatMap(({ shown }) => (shown === '' ? [] : [shown])).join(' ');
      return [span(`${keys.padEnd(keysWidth - 1)} `, 'key'), span(help)];
    }),
    [span('D  uninterruptible sleep: blocked in the kernel on disk, filesystem or lock', 'dim')],
    [span('Z  zombie: exited, not reaped by its parent', 'dim')],
    [span('≥  at least: counted since rtwatch first saw it, not since the task last ran', 'dim')],
    [span('rtwatch changes nothing on the node; dumps are files of yours; D asks first', 'dim')],
  ];
}
