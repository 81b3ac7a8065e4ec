import { keyBindings } from '../keys.ts';
import { type Line, span } from '../parts/line.tsx';

/** Columns of the keys; a row of many keys takes what it needs. */
const keysWidth = 12;

/** The help page, from the table of keys: it fits on a terminal of 80 by 24. */
export function helpLines(): Line[] {
  return [
    ...[...Map.groupBy(keyBindings, ({ help }) => help)].map(([help, bindings]): Line => {
      const keys = bindings.flatMap(({ shown }) => (shown === '' ? [] : [shown])).join(' ');
      return [span(`${keys.padEnd(keysWidth - 1)} `, 'key'), span(help)];
    }),
    [],
    [span('D  uninterruptible sleep: waits in the kernel for a disk, filesystem or lock', 'dim')],
    [span('Z  a zombie: it has ended, and its parent has not asked how', 'dim')],
    [span('≥  since rtwatch looks; without it, since the task last ran', 'dim')],
    [span('nothing on the node is changed; a dump goes to a file of yours; D asks first', 'dim')],
  ];
}
