import { keyBindings } from '../keys.ts';
import { type Line, span } from '../parts/line.tsx';

/** The help page, from the table of keys. */
export function helpLines(): Line[] {
  return [
    ...[...Map.groupBy(keyBindings, ({ does }) => does)].map(
      ([does, bindings]): Line => [
        span(
          bindings
            .map(({ shown }) => shown)
            .join(' ')
            .padEnd(12),
          'key',
        ),
        span(does),
      ],
    ),
    [],
    [
      span(
        'D  a task in uninterruptible sleep: the kernel waits for a disk, a filesystem or a lock, and no signal ends it',
        'dim',
      ),
    ],
    [span('Z  a zombie: it has ended, and its parent has not asked how', 'dim')],
    [span('≥  since rtwatch looks; without it, since the task last ran', 'dim')],
    [span('nothing on the node is changed; a dump goes to a file of yours; D asks first', 'dim')],
  ];
}
