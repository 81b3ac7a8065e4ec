import { keyBindings } from '../keys.ts';
import { type Line, span } from '../parts/line.tsx';

/** The help page, from the table of keys. */
export function helpLines(): Line[] {
  return [
    ...keyBindings.map(({ shown, does }): Line => [span(shown.padEnd(8), 'key'), span(does)]),
    [],
    [
      span(
        'D  a task in uninterruptible sleep: the kernel waits for a disk, a filesystem or a lock, and no signal ends it',
        'dim',
      ),
    ],
    [span('Z  a zombie: it has ended, and its parent has not asked how', 'dim')],
    [span('≥  since rtwatch looks; without it, since the task last ran', 'dim')],
    [span('rtwatch changes nothing on the node: a dump is read from the daemon and written to a file of yours', 'dim')],
  ];
}
