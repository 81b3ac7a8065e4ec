/** What a key asks for. The reducer (`state.ts`) answers those about the view, the shell (`app/`) the rest. */
export type Command =
  | 'focus-1'
  | 'focus-2'
  | 'focus-3'
  | 'focus-4'
  | 'focus-5'
  | 'focus-next'
  | 'focus-previous'
  | 'zoom'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'open'
  | 'back'
  | 'filter'
  | 'sort'
  | 'reverse'
  | 'pause'
  | 'dump'
  | 'signal-dump'
  | 'goroutines'
  | 'heap'
  | 'inspect'
  | 'reveal'
  | 'slower'
  | 'faster'
  | 'help'
  | 'quit';

export interface KeyBinding {
  /** As Ink names them: a character, or `return`, `escape`, `upArrow`, `ctrl+c`. */
  readonly keys: readonly string[];
  readonly command: Command;
  /** How the keys are written for people. */
  readonly shown: string;
  /** Neighbours that do the same share a line of the help page. */
  readonly does: string;
  /** A word for the footer; without it the key is only on the help page. */
  readonly short?: string;
}

/** Every key. The footer and the help page are made from this table: what matters most comes first, and quit last. */
export const keyBindings: readonly KeyBinding[] = [
  { keys: ['return'], command: 'open', shown: 'Enter', does: 'open the chosen row', short: 'open' },
  {
    keys: ['g'],
    command: 'goroutines',
    shown: 'g',
    does: 'explain the goroutines of dockerd or containerd',
    short: 'stacks',
  },
  { keys: ['h'], command: 'heap', shown: 'h', does: 'tell the heap of dockerd or containerd by function' },
  {
    keys: ['d'],
    command: 'dump',
    shown: 'd',
    does: 'dump the goroutines of dockerd or containerd to a file',
    short: 'dump',
  },
  {
    keys: ['D'],
    command: 'signal-dump',
    shown: 'D',
    does: 'ask for a dump by signal (SIGUSR1), where there are no debug pages',
  },
  { keys: ['i'], command: 'inspect', shown: 'i', does: 'inspect the container', short: 'inspect' },
  { keys: ['e'], command: 'reveal', shown: 'e', does: 'in the inspect view: show the values of environment variables' },
  { keys: ['/'], command: 'filter', shown: '/', does: 'filter the rows of the pane', short: 'filter' },
  { keys: ['s'], command: 'sort', shown: 's', does: 'sort by the next column', short: 'sort' },
  { keys: ['S'], command: 'reverse', shown: 'S', does: 'reverse the order' },
  { keys: ['z'], command: 'zoom', shown: 'z', does: 'zoom the pane to the whole screen, and back', short: 'zoom' },
  { keys: [' '], command: 'pause', shown: 'space', does: 'hold the screen still, and go on', short: 'pause' },
  { keys: ['+', '='], command: 'slower', shown: '+', does: 'look less or more often' },
  { keys: ['-'], command: 'faster', shown: '-', does: 'look less or more often' },
  { keys: ['tab'], command: 'focus-next', shown: 'Tab', does: 'focus the next or the previous pane', short: 'pane' },
  { keys: ['shift+tab'], command: 'focus-previous', shown: 'S-Tab', does: 'focus the next or the previous pane' },
  { keys: ['1'], command: 'focus-1', shown: '1', does: 'focus daemons, containers, processes, mounts, disks' },
  { keys: ['2'], command: 'focus-2', shown: '2', does: 'focus daemons, containers, processes, mounts, disks' },
  { keys: ['3'], command: 'focus-3', shown: '3', does: 'focus daemons, containers, processes, mounts, disks' },
  { keys: ['4'], command: 'focus-4', shown: '4', does: 'focus daemons, containers, processes, mounts, disks' },
  { keys: ['5'], command: 'focus-5', shown: '5', does: 'focus daemons, containers, processes, mounts, disks' },
  { keys: ['upArrow', 'k'], command: 'up', shown: '↑ k', does: 'move up and down' },
  { keys: ['downArrow', 'j'], command: 'down', shown: '↓ j', does: 'move up and down' },
  { keys: ['pageUp'], command: 'page-up', shown: 'PgUp', does: 'move by a page' },
  { keys: ['pageDown'], command: 'page-down', shown: 'PgDn', does: 'move by a page' },
  { keys: ['home'], command: 'first', shown: 'Home', does: 'go to the first or the last row' },
  { keys: ['end', 'G'], command: 'last', shown: 'End G', does: 'go to the first or the last row' },
  { keys: ['escape'], command: 'back', shown: 'Esc', does: 'go back, or drop the filter' },
  { keys: ['?'], command: 'help', shown: '?', does: 'this page', short: 'help' },
  { keys: ['q', 'ctrl+c'], command: 'quit', shown: 'q', does: 'quit', short: 'quit' },
];

const byKey = new Map(keyBindings.flatMap(({ keys, command }) => keys.map((key) => [key, command])));

export function commandOf(key: string): Command | null {
  return byKey.get(key) ?? null;
}
