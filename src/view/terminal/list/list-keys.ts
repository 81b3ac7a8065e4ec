interface Row {
  /** As the app names them. */
  readonly keys: readonly string[];
  readonly command: string;
  /** The keys as shown; empty where the neighbour already shows them. */
  readonly shown: string;
  /** Neighbours with the same text share a line of the help page. */
  readonly help: string;
  /** The word in the footer; without it only the help page lists the key. */
  readonly short?: string;
}

const opens = 'open the node (a finding: its nodes); all that is known of the row; go back, clear the filter';
const filters = 'filter: words or /regex/; sort, then the letter of a heading; reverse';
const paces = 'pause or resume; ask less or more often; local time, UTC';
const moves = 'move; select the other pane';
const leaves = 'copy the name (OSC 52); draw the screen anew; help; quit';

/** The keys of a list of nodes, where they do what they do on the screen of one node. */
const table = [
  { keys: ['return'], command: 'open', shown: 'Enter', help: opens, short: 'open' },
  { keys: ['i'], command: 'details', shown: 'i', help: opens, short: 'details' },
  { keys: ['escape'], command: 'back', shown: 'Esc', help: opens },
  { keys: ['/', 'f3', 'f4'], command: 'filter', shown: '/', help: filters, short: 'filter' },
  { keys: ['s', 'f6'], command: 'sort', shown: 's', help: filters, short: 'sort' },
  { keys: ['S'], command: 'reverse', shown: 'S', help: filters },
  { keys: [' '], command: 'pause', shown: 'space', help: paces, short: 'pause' },
  { keys: ['+', '='], command: 'slower', shown: '+', help: paces },
  { keys: ['-'], command: 'faster', shown: '-', help: paces },
  { keys: ['u'], command: 'zone', shown: 'u', help: paces },
  { keys: ['tab', 'shift+tab'], command: 'focus-next', shown: 'Tab', help: moves, short: 'pane' },
  { keys: ['upArrow', 'k'], command: 'up', shown: '↑ k', help: moves },
  { keys: ['downArrow', 'j'], command: 'down', shown: '↓ j', help: moves },
  { keys: ['pageUp', 'ctrl+b'], command: 'page-up', shown: 'PgUp', help: moves },
  { keys: ['pageDown', 'ctrl+f'], command: 'page-down', shown: 'PgDn', help: moves },
  { keys: ['home', 'g'], command: 'first', shown: 'Home g', help: moves },
  { keys: ['end', 'G'], command: 'last', shown: 'End G', help: moves },
  { keys: ['y'], command: 'copy', shown: 'y', help: leaves },
  { keys: ['ctrl+l'], command: 'redraw', shown: '^L', help: leaves },
  { keys: ['?', 'f1'], command: 'help', shown: '?', help: leaves, short: 'help' },
  { keys: ['q', 'ctrl+c', 'f10'], command: 'quit', shown: 'q', help: leaves, short: 'quit' },
] as const satisfies readonly Row[];

export type ListCommand = (typeof table)[number]['command'];

interface ListKey extends Row {
  readonly command: ListCommand;
}

/** In the order of the footer and of the help page. */
export const listKeys: readonly ListKey[] = table;

const byKey = new Map(table.flatMap((row) => row.keys.map((key): [string, ListCommand] => [key, row.command])));

/** The command of a key; null for a key without one. */
export function listCommandOf(key: string): ListCommand | null {
  return byKey.get(key) ?? null;
}
